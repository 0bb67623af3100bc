import Foundation

/// The host's time since it was made.
struct Stopwatch {
  private let began = ContinuousClock.now
  private let processorBegan_s = Self.processor_s

  /// Wall-clock time, in seconds.
  var seconds: Double { (ContinuousClock.now - began) / .seconds(1) }

  /// Processor time of all threads of the process, in seconds.
  var processorSeconds: Double { Self.processor_s - processorBegan_s }

  private static var processor_s: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}
