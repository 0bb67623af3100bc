import CNeuroChip

/// How the network on chip is timed. The levels differ in time and in waiting, never in function or in energy.
public enum TimingLevel: String, CaseIterable, Sendable {
  /// A packet reserves its path when it is injected and waits where a link is taken; buffers are unbounded.
  case approximate
  /// Each hop is a timed event: finite input buffers, credits and back-pressure, round-robin arbitration.
  case detailed
}

/// How a simulation runs, apart from what it simulates.
public struct SimulationOptions: Equatable, Sendable {
  /// How the network on chip is timed.
  public var timing = TimingLevel.approximate
  /// Threads that compute a step's function, 1 to 256; results do not depend on it.
  public var threads = 1
  /// Whether `Simulation.takePackets` has anything to give.
  public var recordsPackets = false
  /// Path, without the suffix `.vcd`, of a VCD file of the cores' activity.
  public var activityTrace: String?

  /// Approximate timing, one thread, no traces.
  public init(
    timing: TimingLevel = .approximate, threads: Int = 1, recordsPackets: Bool = false, activityTrace: String? = nil
  ) {
    self.timing = timing
    self.threads = threads
    self.recordsPackets = recordsPackets
    self.activityTrace = activityTrace
  }

  func withLowered(_ body: (UnsafePointer<rb_options>) throws -> Void) throws {
    guard let threads = UInt32(exactly: threads) else {
      throw NeuromorphicError("\(threads) threads were asked for; there can be 1 to 256")
    }
    func call(_ trace: UnsafePointer<CChar>?) throws {
      var options = rb_options(
        timing: timing == .approximate ? RB_APPROXIMATE : RB_DETAILED, threads: threads,
        records_packets: recordsPackets, activity_trace: trace)
      try body(&options)
    }
    if let activityTrace { try activityTrace.withCString { try call($0) } } else { try call(nil) }
  }
}
