import DataFiles

/// Events that come too late to act in a network, as an event of a step is input of the next one. Those of its last step
/// are still sent to the chip, which counts and times them.
struct LateEvents {
  /// Steps that the network takes.
  private let networkSteps: Int
  private var count = 0

  /// None so far.
  init(networkSteps: Int) { self.networkSteps = networkSteps }

  /// Counts an event, if it comes too late.
  ///
  /// - Returns: Whether it does.
  mutating func count(step: Int32) -> Bool {
    guard step >= networkSteps - 1 else { return false }
    count += 1
    return true
  }

  /// What is told of them, in a line; none if there are none.
  var texts: [String] {
    count == 0 ? [] : ["\(count.counted("event")) too late to act in the last of \(networkSteps.counted("step"))"]
  }
}

extension EventStream {
  /// What of the events comes too late for so many steps, in a line; none if nothing does.
  package func tooLate(networkSteps: Int) -> [String] {
    var late = LateEvents(networkSteps: networkSteps)
    for step in step { _ = late.count(step: step) }
    return late.texts
  }
}
