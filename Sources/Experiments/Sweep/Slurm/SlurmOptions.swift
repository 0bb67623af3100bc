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

  /// The points of each task.
  func tasks(_ ids: [String]) -> [[String]] {
    let size = pointsPerTask ?? max(1, (ids.count + Self.usualTasks - 1) / Self.usualTasks)
    return stride(from: 0, to: ids.count, by: size).map { Array(ids[$0..<min($0 + size, ids.count)]) }
  }
}
