import Foundation

/// Whether tests may take long: `make check-all` sets `RHEOBASE_LONG_TESTS`.
public enum LongTests {
  /// Whether the variable is set.
  public static let areOn = ProcessInfo.processInfo.environment["RHEOBASE_LONG_TESTS"] != nil
}
