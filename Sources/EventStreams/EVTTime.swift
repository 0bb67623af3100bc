/// Times of the Prophesee formats: high bits come in words of their own, and start again from 0 when they overflow.
struct EVTTime {
  /// How many bits the high words hold, and how many bits are below them.
  let highBits: Int
  let lowBits: Int
  /// Whether high words may go back, for events that come late: each is then the nearest to the one before.
  let mayGoBack: Bool
  /// Microseconds of the last high word; nil before the first.
  private(set) var base_us: Int64?

  /// Wraps that a file written here may need at the most; times end at 2^44 us.
  static let limit_us: Int64 = 1 << 44

  init(highBits: Int, lowBits: Int, mayGoBack: Bool = false) {
    (self.highBits, self.lowBits, self.mayGoBack) = (highBits, lowBits, mayGoBack)
  }

  /// Takes a high word.
  ///
  /// - Throws: `EventStreamError` if it goes back by less than half of the range, which cannot be an overflow, and may
  ///   not, or goes back to before 0.
  @inline(__always)
  mutating func take(high: UInt32) throws {
    let range: Int64 = 1 << Int64(highBits)
    guard let base_us else {
      self.base_us = Int64(high) << Int64(lowBits)
      return
    }
    let last = base_us >> Int64(lowBits)
    var next = last & ~(range - 1) | Int64(high)
    if last - next >= range / 2 {
      next += range
    } else if mayGoBack, next - last > range / 2 {
      next -= range
    }
    guard next >= (mayGoBack ? 0 : last) else { throw goesBack(from: base_us, to: next << Int64(lowBits)) }
    self.base_us = next << Int64(lowBits)
  }

  private func goesBack(from last_us: Int64, to next_us: Int64) -> EventStreamError {
    let hint = mayGoBack ? "" : "; \(EventStreamError.sortingHelps)"
    return EventStreamError("time goes back from \(last_us) to \(next_us) us\(hint)")
  }

  /// The high words to write before an event: the last and the first of each range, as readers see an overflow by them,
  /// then the event's own.
  mutating func highs(upTo time_us: Int64, _ write: (UInt32) -> Void) {
    let range: Int64 = 1 << Int64(highBits)
    let wanted = time_us >> Int64(lowBits)
    var last = base_us.map { $0 >> Int64(lowBits) } ?? -1
    guard last != wanted else { return }
    if last < 0 {
      write(0)
      last = 0
    }
    while last >> Int64(highBits) < wanted >> Int64(highBits) {
      if last & (range - 1) != range - 1 { write(UInt32(range - 1)) }
      write(0)
      last = (last >> Int64(highBits) + 1) << Int64(highBits)
    }
    if last != wanted { write(UInt32(wanted & (range - 1))) }
    base_us = wanted << Int64(lowBits)
  }
}
