import Foundation
import Synchronization

/// Processes of this program side by side.
///
/// Each is tethered: it is started with the argument `TetheredProcesses.argument` and ends when its standard input
/// does, so that none outlives this process, however this process ends.
struct ProcessPool {
  /// How a process ended.
  enum End: Equatable {
    case succeeded
    /// Its last line on standard error, or what is known of a signal.
    case failed(String)
    /// By somebody who wanted it to end: Ctrl-C, or a polite signal.
    case stopped
  }

  private struct Running {
    let tethered: TetheredProcess
    let errors: FileHandle
  }

  private let limit: Int
  private var running: [String: Running] = [:]
  private let ended = DispatchSemaphore(value: 0)

  /// At most so many at once.
  init(limit: Int) { self.limit = limit }

  var names: [String] { Array(running.keys) }
  var isBusy: Bool { !running.isEmpty }
  var hasRoom: Bool { running.count < limit }

  /// What all of them have in memory now.
  var resident_bytes: Int {
    running.values.reduce(0) { sum, running in
      let status = "/proc/\(running.tethered.process.processIdentifier)/status"
      return sum + (MachineMemory.value("VmRSS:", in: status) ?? 0) << 10
    }
  }

  /// Starts a process under a name that is not taken.
  mutating func start(_ name: String, _ path: String, _ arguments: [String]) throws {
    let tethered = TetheredProcess()
    let process = tethered.process
    let errors = try ScratchFile.make()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = [TetheredProcesses.argument] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    let ended = ended
    process.terminationHandler = { _ in ended.signal() }
    try TetheredProcesses.start(tethered, path)
    running[name] = Running(tethered: tethered, errors: errors)
  }

  /// Waits for one to end.
  ///
  /// - Parameter tick: Called every second meanwhile.
  /// - Returns: its name and how it ended.
  mutating func waitForOne(_ tick: () -> Void = {}) -> (name: String, end: End) {
    while true {
      if let (name, ended) = running.first(where: { !$0.value.tethered.process.isRunning }) {
        running[name] = nil
        TetheredProcesses.forget(ended.tethered)
        return (name, Self.end(ended))
      }
      if ended.wait(timeout: .now() + 1) == .timedOut { tick() }
    }
  }

  private static func end(_ ended: Running) -> End {
    let process = ended.tethered.process
    let status = process.terminationStatus
    if process.terminationReason == .uncaughtSignal {
      guard ![SIGINT, SIGTERM, SIGHUP].contains(status) else { return .stopped }
      return .failed("ended by signal \(status)" + (status == SIGKILL ? " (killed, perhaps for want of memory)" : ""))
    }
    return status == 0 ? .succeeded : .failed(lastLine(of: ended.errors) ?? "ended with status \(status)")
  }

  private static func lastLine(of file: FileHandle) -> String? {
    ScratchFile.text(of: file).split(whereSeparator: \.isNewline).last.map { line in
      String(line.trimmingPrefix("rheobase: error: "))
    }
  }
}

/// A process whose standard input is open as long as it is to run.
package struct TetheredProcess {
  package let process = Process()
  private let tether = Pipe()

  package init() { process.standardInput = tether }

  /// Asks it to end. Unlike a signal, which a program ignores from when it begins to listen until it hears, the end of
  /// its standard input cannot be missed.
  package func letGo() { try? tether.fileHandleForWriting.close() }
}

/// The processes that end with this one.
public enum TetheredProcesses {
  /// The first argument of a process that is to end when its standard input does.
  public static let argument = "--tethered"

  private struct State {
    var processes: [TetheredProcess] = []
    var areEnding = false
  }

  private static let state = Mutex(State())

  /// Calls `body`, on a thread of its own, once the process at the other end of standard input has gone.
  public static func whenParentHasGone(_ body: @escaping @Sendable () -> Void) {
    Thread.detachNewThread {
      var byte: UInt8 = 0
      while true {
        let count = read(STDIN_FILENO, &byte, 1)
        if count == 0 || (count < 0 && errno != EINTR) { break }
      }
      body()
    }
  }

  /// Asks all to end and waits until they have, for ten seconds at the most. From now on none is started.
  public static func endAll() {
    let processes = state.withLock { state in
      state.areEnding = true
      return state.processes
    }
    for tethered in processes { tethered.letGo() }
    for _ in 0..<1000 where processes.contains(where: \.process.isRunning) { usleep(10_000) }
  }

  /// Starts a process; for ever waits if all are ending.
  static func start(_ tethered: TetheredProcess, _ path: String) throws {
    let starts = try state.withLock { state in
      guard !state.areEnding else { return false }
      do {
        try tethered.process.run()
      } catch {
        throw ExperimentError("\(path): cannot be started: \(error.localizedDescription)")
      }
      state.processes.append(tethered)
      return true
    }
    if !starts { waitForEver() }
  }

  /// Forgets a process that has ended; for ever waits if all are ending, so that nobody takes their end for a failure.
  static func forget(_ tethered: TetheredProcess) {
    let areEnding = state.withLock { state in
      state.processes.removeAll { $0.process === tethered.process }
      return state.areEnding
    }
    if areEnding { waitForEver() }
  }

  private static func waitForEver() -> Never {
    while true { sleep(1000) }
  }
}
