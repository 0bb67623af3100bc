/// A source whose events are put in the order of step and time, though some come late.
final class SortedSource: EventSource {
  private let source: any EventSource
  /// An event can always be moved before so many others.
  private let reach: Int
  /// What is read and not given: the first `ready` events are in order, and no later one belongs before them.
  private var held: EventStream
  private var ready = 0
  private var given = 0
  private var isAtEnd = false
  private var eventsRead = 0
  private var late = 0
  private var latest = Key.first
  private var lastGiven = Key.first

  private struct Key: Comparable {
    let step: Int32
    let time_ns: Int64

    static let first = Key(step: .min, time_ns: .min)

    static func < (a: Self, b: Self) -> Bool { (a.step, a.time_ns) < (b.step, b.time_ns) }
  }

  /// - Parameter reach: Twice as many events are held, or a piece more.
  init(_ source: any EventSource, reach: Int) {
    (self.source, self.reach, held) = (source, reach, source.header)
  }

  var header: EventStream { source.header }
  var leftOut: [String] { source.leftOut }
  var lost: String { source.lost }
  var asked: [String] { source.asked + (late == 0 ? [] : ["order of \(late.counted("late event"))"]) }

  func next() throws -> EventStream? {
    if given == ready { try fill() }
    guard given < ready else { return nil }
    let range = given..<min(ready, given + EventStream.pieceCount)
    given = range.upperBound
    for index in range { try give(key(index)) }
    return held.piece(range)
  }

  /// Steps go before times, which must not go back either.
  private func give(_ key: Key) throws {
    guard key.time_ns >= lastGiven.time_ns else {
      throw EventStreamError(
        "in the order of steps, time_ns \(key.time_ns) of step \(key.step) comes after \(lastGiven.time_ns) of step "
          + "\(lastGiven.step); times must be in that order, too")
    }
    lastGiven = key
  }

  private func fill() throws {
    let lateBefore = late
    held = held.piece(ready..<held.count)
    while held.count < 2 * reach, !isAtEnd {
      guard let piece = try source.next() else {
        isAtEnd = true
        break
      }
      let start = held.count
      held.append(contentsOf: piece)
      for index in start..<held.count { try take(key(index)) }
    }
    if late > lateBefore { held = held.sorted }
    (given, ready) = (0, isAtEnd ? held.count : held.count - reach)
  }

  private func key(_ index: Int) -> Key { Key(step: held.step[index], time_ns: held.time_ns[index]) }

  private func take(_ key: Key) throws {
    guard key >= lastGiven else {
      throw EventStreamError(
        "event \(eventsRead): step \(key.step), time_ns \(key.time_ns) belongs before more than \(reach) others, "
          + "of which some are written already")
    }
    eventsRead += 1
    if key < latest { late += 1 }
    latest = max(latest, key)
  }
}

extension EventStream {
  /// The events by step and time; those of one time stay in their order.
  fileprivate var sorted: EventStream {
    let (step, time_ns) = (step, time_ns)
    let order = indices.sorted { (step[$0], time_ns[$0], $0) < (step[$1], time_ns[$1], $1) }
    func inOrder<Value>(_ values: [Value]) -> [Value] { order.map { values[$0] } }
    var stream = header
    (stream.step, stream.time_ns) = (inOrder(step), inOrder(time_ns))
    (stream.channel, stream.row, stream.column) = (inOrder(channel), inOrder(row), inOrder(column))
    stream.payload = inOrder(payload)
    return stream
  }
}

extension EventStreamError {
  /// What an error says of events that are not in order.
  static let sortingHelps = "events convert --sort puts late ones in order"
}
