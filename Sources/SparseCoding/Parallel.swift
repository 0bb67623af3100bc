import Dispatch

/// Runs the parts of a range in parallel; each may write only what belongs to its part, so that no result depends on
/// the number of threads.
func inParallel(_ count: Int, parts: Int = 32, _ body: @Sendable (Range<Int>) -> Void) {
  let parts = min(parts, count)
  DispatchQueue.concurrentPerform(iterations: parts) { part in
    body(part * count / parts..<(part + 1) * count / parts)
  }
}
