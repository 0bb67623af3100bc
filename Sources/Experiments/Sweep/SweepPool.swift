import DataFiles
import Foundation

/// Runs points of a sweep on this machine: one process a point, as many at once as there are jobs and memory for. A point of
/// several threads takes as many jobs.
public struct SweepPool {
  /// The sweep.
  public let sweep: Sweep
  /// The path of this program.
  public let executable: String
  /// Threads of all points that run at once; a point that has more than that runs alone.
  public var jobs = max(1, ProcessInfo.processInfo.activeProcessorCount)
  /// What the estimates of all running points may add up to, in bytes; nil for no limit.
  public var memory_bytes: Int? = MachineMemory.available_bytes / 10 * 9
  /// How often a point that failed is tried again.
  public var retries = 0

  /// A pool for a sweep.
  public init(_ sweep: Sweep, executable: String) { (self.sweep, self.executable) = (sweep, executable) }

  /// Runs all points that are missing.
  ///
  /// - Throws: `ExperimentError` if one has changed since it was planned.
  public func run(progress: (SweepProgress) -> Void = { _ in }) throws {
    let missing = sweep.missing
    try sweep.checkUnchanged(Set(missing))
    for id in sweep.done { sweep.forgetFailure(id) }
    try run(missing, progress: progress)
  }

  /// Runs these points, and notes what failed.
  func run(_ ids: [String], progress: (SweepProgress) -> Void = { _ in }) throws {
    try FileManager.default.createDirectory(atPath: "\(sweep.folder)/points", withIntermediateDirectories: true)
    sweep.removeLeftovers(of: Set(ids))
    var state = State(pool: ProcessPool(limit: jobs), waiting: ids[...])
    var report = SweepProgress(total: sweep.points.count, done: sweep.points.count - ids.count)
    while !state.waiting.isEmpty || state.pool.isBusy {
      if state.pool.hasRoom, try startNext(&state, &report) { continue }
      report.running = state.pool.names.count
      progress(report)
      let (id, end) = state.pool.waitForOne()
      state.taken[id] = nil
      switch end {
      case .succeeded:
        sweep.forgetFailure(id)
        report.done += 1
      case .failed(let message): try fail(id, message, &state, &report)
      case .stopped: report.stopped += 1
      }
    }
  }

  private struct State {
    var pool: ProcessPool
    var waiting: ArraySlice<String>
    /// What each running point takes.
    var taken: [String: Need] = [:]
    var failed: [String: Int] = [:]
    /// What has been estimated so far: a point may wait for memory long, and is looked at whenever another ends.
    var needs: [String: Need] = [:]
    var estimate = MemoryEstimate()
  }

  /// What a point takes of the machine: memory as it is estimated.
  private struct Need {
    let memory_bytes, threads: Int
  }

  /// Starts the first waiting point that there are jobs and memory for, or notes that there will never be enough memory.
  ///
  /// - Returns: whether something was done; if not, something is running.
  private func startNext(_ state: inout State, _ report: inout SweepProgress) throws -> Bool {
    let memory = state.taken.values.reduce(0) { $0 + $1.memory_bytes }
    let threads = state.taken.values.reduce(0) { $0 + $1.threads }
    for place in state.waiting.indices {
      let id = state.waiting[place]
      let need = try need(of: id, &state)
      let fits = memory_bytes.map { memory + need.memory_bytes <= $0 } ?? true
      guard !state.pool.isBusy || (fits && threads + need.threads <= jobs) else { continue }
      state.waiting.remove(at: place)
      if sweep.isDone(id) {
        report.done += 1
      } else if fits {
        state.taken[id] = need
        try state.pool.start(
          id, executable, ["run", sweep.runFile(id), "--output", sweep.resultFolder(id)])
      } else {
        try sweep.recordFailure(
          id,
          "it needs about \(ByteCount.text(need.memory_bytes)) of memory; there are \(ByteCount.text(memory_bytes ?? 0)) for all points"
        )
        report.failed += 1
      }
      return true
    }
    return false
  }

  private func need(of id: String, _ state: inout State) throws -> Need {
    if let known = state.needs[id] { return known }
    let run = try RunConfiguration(contentsOf: sweep.runFile(id))
    let need = Need(
      memory_bytes: memory_bytes == nil ? 0 : state.estimate.peak_bytes(of: run), threads: run.threads)
    state.needs[id] = need
    return need
  }

  private func fail(_ id: String, _ message: String, _ state: inout State, _ report: inout SweepProgress) throws {
    try sweep.recordFailure(id, message)
    state.failed[id, default: 0] += 1
    if state.failed[id, default: 0] <= retries {
      state.waiting.append(id)
      sweep.removeLeftovers(of: [id])
    } else {
      report.failed += 1
    }
  }
}

/// How far a sweep is.
public struct SweepProgress: Sendable {
  /// Points of the plan.
  public let total: Int
  /// Points that are done.
  public internal(set) var done: Int
  /// Points that are being run.
  public internal(set) var running = 0
  /// Points that failed for the last time.
  public internal(set) var failed = 0
  /// Points whose process was told to end.
  public internal(set) var stopped = 0

  init(total: Int, done: Int) { (self.total, self.done) = (total, done) }

  /// What a terminal shows of it.
  public var update: ProgressUpdate {
    ProgressUpdate(
      "\(running) running\(failed > 0 ? ", \(failed) failed" : "")", done: Double(done), of: Double(total),
      unit: "points")
  }
}

/// Numbers of bytes as people and options write them.
public enum ByteCount {
  private static let units: [(suffix: String, bytes: Double)] = [
    ("G", 0x1p30), ("M", 0x1p20), ("K", 0x1p10), ("", 1),
  ]

  /// `1.5 GiB`, `300 MiB`.
  public static func text(_ bytes: Int) -> String {
    let count = Double(bytes)
    return count >= 0x1p30 ? String(format: "%.1f GiB", count / 0x1p30) : String(format: "%.0f MiB", count / 0x1p20)
  }

  /// Reads `8G`, `1.5GiB`, `300M` or a number of bytes; nil for anything else.
  public static func parse(_ text: String) -> Int? {
    let upper = text.uppercased().replacing("IB", with: "")
    for (suffix, bytes) in units where upper.hasSuffix(suffix) {
      guard let count = Double(upper.dropLast(suffix.count)), count > 0, count * bytes < 0x1p62 else { return nil }
      return Int(count * bytes)
    }
    return nil
  }
}
