import DataFiles
import Foundation

/// Runs points of a sweep on this machine: one process a point, as many at once as there are jobs and memory for. A
/// point of several threads takes as many jobs.
public struct SweepPool {
  /// The path of this program.
  public let executable: String
  /// Threads of all points that run at once; a point that has more than that runs alone.
  public var jobs = max(1, ProcessInfo.processInfo.activeProcessorCount)
  /// What the estimates of all running points may add up to, in bytes; nil for no limit.
  public var memory_bytes: Int? = Self.freeNow_bytes
  /// Whether other programs that come to need memory hold points up as long as one of this sweep is running.
  public var mindsOthers = true
  /// What is free while points run, in bytes.
  package var free_bytes: () -> Int = { Self.freeNow_bytes }
  /// How often a point that failed is tried again.
  public var retries = 0

  private let files: SweepFolder

  /// A pool for a sweep.
  public init(_ sweep: Sweep, executable: String) { self.init(sweep.files, executable: executable) }

  init(_ files: SweepFolder, executable: String) { (self.files, self.executable) = (files, executable) }

  /// Runs all points of a sweep that are missing.
  ///
  /// - Parameter event: Told, in a line, how each point ended.
  /// - Returns: how far the sweep is then.
  /// - Throws: `ExperimentError` if one has changed since it was planned, a cluster has jobs of the sweep, or its
  ///   folder has gone.
  public func run(
    missingOf sweep: Sweep, progress: (SweepProgress) -> Void = { _ in }, event: (String) -> Void = { _ in }
  ) throws -> SweepProgress {
    let missing = sweep.missing
    // A machine without a cluster cannot be asked, but its pool keeps out whoever runs points.
    if !missing.isEmpty, let jobs = try? SlurmEngine.queuedJobs(sweep), !jobs.isEmpty {
      throw ExperimentError(
        "\(sweep.folder): Slurm's queue has jobs of this sweep (\(jobs.joined(separator: ", "))); "
          + "wait for them with --engine slurm, or end them with rheobase sweep cancel \(sweep.folder.shellWord)")
    }
    try sweep.checkUnchanged(missing)
    for id in sweep.done { files.forgetFailures(id) }
    let lock = try SweepWorkLock(files, isExclusive: true)
    return try withExtendedLifetime(lock) {
      try run(missing, of: sweep.points.count, lock, progress: progress, event: event)
    }
  }

  /// Runs these points of a number of them, and notes what failed.
  @discardableResult
  func run(
    _ ids: [String], of total: Int, _ lock: SweepWorkLock, progress: (SweepProgress) -> Void = { _ in },
    event: (String) -> Void = { _ in }
  ) throws -> SweepProgress {
    try FileManager.default.createDirectory(atPath: "\(files.path)/points", withIntermediateDirectories: true)
    files.removeLeftovers(of: Set(ids), lock)
    var state = State(lock: lock, pool: ProcessPool(limit: jobs), waiting: ids[...])
    var report = SweepProgress(total: total, done: total - ids.count)
    while !state.waiting.isEmpty || state.pool.isBusy {
      if state.pool.hasRoom, try startNext(&state, &report) { continue }
      report.running = state.pool.names.count
      progress(report)
      // So that the time left is of now, however long a point takes.
      let (id, end) = state.pool.waitForOne { progress(report) }
      state.taken[id] = nil
      try files.checkIsThere()
      switch end {
      case .succeeded:
        files.forgetFailures(id)
        report.done += 1
        event("point \(id) is done")
      case .failed(let message):
        try retry(id, message, &state, &report)
        event("point \(id) failed: \(message)")
      case .stopped: report.stopped += 1
      }
    }
    return report
  }

  private struct State {
    let lock: SweepWorkLock
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

  /// So many waiting points are looked at for one that there is room for.
  private static let lookahead = 200

  /// Starts the first waiting point that there are jobs and memory for, or notes why one will never run.
  ///
  /// - Returns: whether something was done; if not, something is running.
  private func startNext(_ state: inout State, _ report: inout SweepProgress) throws -> Bool {
    let memory = state.taken.values.reduce(0) { $0 + $1.memory_bytes }
    let threads = state.taken.values.reduce(0) { $0 + $1.threads }
    let left = mindsOthers && memory_bytes != nil ? free_bytes() + state.pool.resident_bytes - memory : .max
    for place in state.waiting.indices.prefix(Self.lookahead) {
      let id = state.waiting[place]
      let need = try need(of: id, &state)
      let fits = memory_bytes.map { memory + need.memory_bytes <= $0 } ?? true
      guard !state.pool.isBusy || (fits && need.memory_bytes <= left && threads + need.threads <= jobs) else {
        continue
      }
      // Only those before it move, which are few.
      for former in (state.waiting.startIndex..<place).reversed() { state.waiting.swapAt(former, former + 1) }
      state.waiting.removeFirst()
      state.needs[id] = nil
      if files.isDone(id) {
        report.done += 1
      } else if !fits {
        report.lacking_bytes = max(report.lacking_bytes ?? 0, need.memory_bytes)
        try fail(id, Self.lacks(need, memory_bytes ?? 0), &report)
      } else if let change = change(of: id) {
        try fail(id, change, &report)
      } else {
        state.taken[id] = need
        try state.pool.start(id, executable, ["run", files.runFile(id), "--output", files.resultFolder(id)])
      }
      return true
    }
    return false
  }

  /// Nine tenths of what is free.
  private static var freeNow_bytes: Int { MachineMemory.available_bytes / 10 * 9 }

  private static func lacks(_ need: Need, _ memory_bytes: Int) -> String {
    "it needs about \(ByteCount.text(need.memory_bytes)) of memory; "
      + "there are \(ByteCount.text(memory_bytes)) for all points"
  }

  /// What has changed since the plan: a sweep may take days. Its files are read now.
  private func change(of id: String) -> String? {
    var identity = PointIdentity()
    do {
      try files.checkUnchanged(id, &identity)
      return nil
    } catch {
      return "\(error)"
    }
  }

  private func need(of id: String, _ state: inout State) throws -> Need {
    if let known = state.needs[id] { return known }
    let run = try files.configuration(of: id)
    let need = Need(
      memory_bytes: memory_bytes == nil ? 0 : state.estimate.peak_bytes(of: run), threads: run.threads)
    state.needs[id] = need
    return need
  }

  private func fail(_ id: String, _ message: String, _ report: inout SweepProgress) throws {
    try files.recordFailure(id, message)
    report.failed += 1
  }

  /// Puts a point that failed behind the others, unless it has failed too often.
  private func retry(_ id: String, _ message: String, _ state: inout State, _ report: inout SweepProgress) throws {
    state.failed[id, default: 0] += 1
    guard state.failed[id, default: 0] <= retries else { return try fail(id, message, &report) }
    try files.recordFailure(id, message)
    state.waiting.append(id)
    files.removeLeftovers(of: [id], state.lock)
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
  /// What the largest of the points needs that there is too little memory for, in bytes; nil if there is none.
  public internal(set) var lacking_bytes: Int?

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
    ("T", 0x1p40), ("G", 0x1p30), ("M", 0x1p20), ("K", 0x1p10), ("", 1),
  ]

  /// `1.5 GiB`, `300 MiB`.
  public static func text(_ bytes: Int) -> String {
    let count = Double(bytes)
    return count >= 0x1p30 ? String(format: "%.1f GiB", count / 0x1p30) : String(format: "%.0f MiB", count / 0x1p20)
  }

  /// `300M`, at least so many bytes, as Slurm and `parse` read it.
  public static func option(_ bytes: Int) -> String { "\((bytes + (1 << 20) - 1) >> 20)M" }

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
