/// How a sweep is run by Slurm.
public struct SlurmOptions: Equatable, Sendable {
  /// The partition; nil for the cluster's default.
  public var partition: String?
  /// The limit of an array task as Slurm writes it (`30`, `2:00:00`, `1-12`); nil for the partition's default.
  public var time: String?
  /// Memory of an array task, in bytes; nil for the largest estimate of the points.
  public var memory_bytes: Int?
  /// The account that pays; nil for the user's default.
  public var account: String?
  /// Points that an array task does one after the other; nil for so many that there are at most `usualTasks` tasks.
  public var pointsPerTask: Int?
  /// How often points that are missing after an array are submitted again.
  public var retries = 2

  /// Slurm starts a few tasks a second.
  static let usualTasks = 256

  /// The cluster's defaults.
  public init() {}

  /// Checks what a script would hand to Slurm: one that is wrong would be refused late, and one with a space or a line
  /// feed would set other options too.
  ///
  /// - Throws: `ExperimentError` naming the option of the command line.
  public func check() throws(ExperimentError) {
    for (option, name) in [("--partition", partition), ("--account", account)] {
      guard let name, !Self.isName(name) else { continue }
      throw ExperimentError("\(option) \(name): a name is expected, of letters, digits and any of _ - . , + @ / :")
    }
    if let time, !Self.isTime(time) {
      throw ExperimentError(
        "\(time.isEmpty ? "--time" : "--time \(time)"): a time is expected as Slurm writes it: "
          + "MINUTES, MINUTES:SECONDS, HOURS:MINUTES:SECONDS, DAYS-HOURS, DAYS-HOURS:MINUTES or "
          + "DAYS-HOURS:MINUTES:SECONDS")
    }
  }

  private static func isName(_ name: String) -> Bool {
    name.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_\-.,+@\/:]*/) != nil
  }

  private static func isTime(_ time: String) -> Bool {
    guard !["UNLIMITED", "INFINITE"].contains(time.uppercased()) else { return true }
    guard time.wholeMatch(of: /\d{1,8}(:\d{1,8}){0,2}|\d{1,6}-\d{1,8}(:\d{1,8}){0,2}/) != nil else { return false }
    return time.contains { "123456789".contains($0) }
  }

  /// The points of each task.
  func tasks(_ ids: [String]) -> [[String]] {
    let size = pointsPerTask ?? max(1, (ids.count + Self.usualTasks - 1) / Self.usualTasks)
    return stride(from: 0, to: ids.count, by: size).map { Array(ids[$0..<min($0 + size, ids.count)]) }
  }
}
