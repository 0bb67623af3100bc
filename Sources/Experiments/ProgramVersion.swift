import CBuildID

/// The version of this program, which its results carry.
public enum ProgramVersion {
  /// As `rheobase --version` tells it: the release and, behind `+`, the beginning of the identifier that the linker
  /// gave this build, a hash of what it was linked from (`0.1.0+853bb40b`); without one the release alone.
  public static let current = build.isEmpty ? release : "\(release)+\(build)"

  private static let release = "0.1.0"

  private static let build: String = {
    var bytes = [UInt8](repeating: 0, count: 4)
    let count = build_id(&bytes, bytes.count)
    return bytes.prefix(count).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }()
}
