/// Times of the Prophesee formats: high bits come in words of their own, and start again from 0 when they overflow.
struct EVTTime {
  /// How many bits the high words hold, and how many bits are below them.
  let highBits: Int
  let lowBits: Int
  /// Whether high words may go back, for events that come late.
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
  /// A word that is less than the last one by half of the range or more has overflowed; one that is less by fewer comes
  /// late. One that is greater comes later, however long the pause; only where it would be late from shortly before an
  /// overflow that has just been, by less than a sixteenth of the range, it is late.
  ///
  /// - Throws: if it comes late and may not.
  @inline(__always)
  mutating func take(high: UInt32) throws(GoesBack) {
    let range: Int64 = 1 << Int64(highBits)
    guard let base_us else {
      self.base_us = Int64(high) << Int64(lowBits)
      return
    }
    let last = base_us >> Int64(lowBits)
    var next = last & ~(range - 1) | Int64(high)
    if last - next >= range / 2 {
      next += range
    } else if mayGoBack, last >= range, last - (next - range) < range / 16 {
      next -= range
    }
    guard mayGoBack || next >= last else {
      throw GoesBack(by_us: (last - next) << Int64(lowBits), to_us: next << Int64(lowBits))
    }
    self.base_us = next << Int64(lowBits)
  }

  /// What a user is told where a file's time goes back.
  struct GoesBack: Error {
    let by_us: Int64
    let to_us: Int64

    func error(atByte place: Int) -> EventStreamError {
      EventStreamError(
        "the time goes back by \(by_us) us, to \(to_us) us, at byte \(place); \(EventStreamError.sortingHelps)")
    }
  }

  /// The high words to write before an event: its own, and before it, from 0 on, enough that readers see each overflow
  /// and never a step of more than a quarter of the range, which might be one back. The last and the first word of each
  /// range are among them.
  @inline(__always)
  mutating func highs(upTo time_us: Int64, _ write: (UInt32) -> Void) {
    let range: Int64 = 1 << Int64(highBits)
    let wanted = time_us >> Int64(lowBits)
    var last = base_us.map { $0 >> Int64(lowBits) } ?? -1
    while last < wanted {
      let lastOfRange = last | (range - 1)
      last = last == lastOfRange ? last + 1 : min(wanted, lastOfRange, last + range / 4)
      write(UInt32(last & (range - 1)))
    }
    base_us = wanted << Int64(lowBits)
  }
}
