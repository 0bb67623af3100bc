import Neuromorphic

/// What the SystemC kernel complained of in this process.
public enum KernelWarnings {
  /// One line, or nil if there was none. The warnings themselves are in the run's record (`warnings` in `stats.json`).
  public static var notice: String? {
    let count = Simulation.warningCount
    guard count > 0 else { return nil }
    return "SystemC warned \(count == 1 ? "once" : "\(count) times"), so the chip model may be wrong; "
      + "the texts are under 'warnings' in stats.json"
  }
}
