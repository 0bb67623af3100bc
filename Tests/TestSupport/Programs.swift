import Foundation

/// Programs of the system that some tests need.
public enum Programs {
  /// Whether a program is found by `PATH`.
  public static func areInstalled(_ names: String...) -> Bool {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return names.allSatisfy { name in
      folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }
  }

  /// The path of a program of this package: it stands beside the test bundle.
  public static func built(_ name: String) -> String {
    let bundles = Bundle.allBundles.filter { $0.bundlePath.hasSuffix(".xctest") }.map(\.bundleURL)
    let places = bundles + [URL(fileURLWithPath: CommandLine.arguments[0])]
    let programs = places.map { $0.deletingLastPathComponent().appendingPathComponent(name).path }
    return programs.first { FileManager.default.isExecutableFile(atPath: $0) } ?? name
  }
}
