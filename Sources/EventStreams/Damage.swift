import DataFiles
import Foundation

/// What hardware can do to events. Chance is a hash of the seed and the event's source (and step), so that more damage
/// of one kind hits the same events and others.
public enum Damage: Equatable, Sendable {
  /// Each event is lost with this probability.
  case lost(Double)
  /// Each event comes up to so many steps early or late, within the stream.
  case jitter(steps: Int)
  /// Payloads are rounded to so many signed bits of the largest one.
  case quantised(bits: Int)
  /// Each source sends nothing at all with this probability.
  case dead(Double)
}

extension EventStream {
  /// The stream after some damage; without damage (a probability or jitter of 0, as many bits as payloads have) the
  /// same.
  ///
  /// - Throws: `EventStreamError` if the damage is out of range.
  public func damaged(by damage: Damage, seed: UInt64 = 1) throws -> EventStream {
    switch damage {
    case .lost(let probability):
      try Self.check(probability)
      return filtered { SeededGenerator.unit(seed: seed, [Int(step[$0]), source($0)]) >= probability }
    case .dead(let probability):
      try Self.check(probability)
      return filtered { SeededGenerator.unit(seed: seed, [source($0)]) >= probability }
    case .quantised(let bits): return try quantised(bits: bits)
    case .jitter(let reach): return try jittered(reach, seed: seed)
    }
  }

  private static func check(_ probability: Double) throws {
    guard (0...1).contains(probability) else {
      throw EventStreamError("a probability of \(probability) is none; it must be from 0 to 1")
    }
  }

  private func source(_ index: Int) -> Int {
    (Int(channel[index]) * rows + Int(row[index])) * columns + Int(column[index])
  }

  private func filtered(_ keeps: (Int) -> Bool) -> EventStream {
    var stream = header
    for index in indices where keeps(index) { stream.append(self[index]) }
    return stream
  }

  private func quantised(bits: Int) throws -> EventStream {
    guard (2...32).contains(bits) else { throw EventStreamError("\(bits) bits are not from 2 to 32") }
    let largest = payload.reduce(0) { Swift.max($0, abs(Int($1))) }
    var shift = 0
    while rounded(largest, shift) >> shift > (1 << (bits - 1)) - 1 { shift += 1 }
    var stream = header
    for index in indices {
      var event = self[index]
      let value = rounded(abs(Int(event.payload)), shift)
      event.payload = Int32(clamping: event.payload < 0 ? -value : value)
      if event.payload != 0 { stream.append(event) }
    }
    return stream
  }

  private func rounded(_ magnitude: Int, _ shift: Int) -> Int {
    shift == 0 ? magnitude : ((magnitude + (1 << (shift - 1))) >> shift) << shift
  }

  private func jittered(_ reach: Int, seed: UInt64) throws -> EventStream {
    guard (0...Int(Int32.max)).contains(reach) else {
      throw EventStreamError("a jitter of \(reach) steps is none; it must be from 0 to \(Int32.max)")
    }
    let stepTime_ns = try meanStepTime_ns
    let events = try indices.map { try moved($0, reach: reach, stepTime_ns, seed: seed) }
    var stream = header
    // Sorting pairs with their former place keeps the order of equals.
    let order = events.enumerated().sorted {
      ($0.element.step, $0.element.time_ns, $0.offset) < ($1.element.step, $1.element.time_ns, $1.offset)
    }
    for (_, var event) in order {
      // Where steps are not evenly long, an event may have come from a later time into an earlier step.
      event.time_ns = Swift.max(event.time_ns, stream.time_ns.last ?? .min)
      stream.append(event)
    }
    return stream
  }

  /// From the first event to the last one; 0 if they are of one step.
  private var meanStepTime_ns: Int64 {
    get throws {
      guard let first = self.first, let last = self.last, first.step < last.step else { return 0 }
      let (span_ns, overflows) = last.time_ns.subtractingReportingOverflow(first.time_ns)
      guard !overflows else { throw EventStreamError("its times span more than 64 bits of ns") }
      return span_ns / Int64(last.step - first.step)
    }
  }

  /// The event of a place, moved by chance.
  private func moved(_ index: Int, reach: Int, _ stepTime_ns: Int64, seed: UInt64) throws -> Event {
    var event = self[index]
    let chance = SeededGenerator.unit(seed: seed, [Int(event.step), source(index)])
    let shift = Int((chance * Double(2 * reach + 1)).rounded(.down)) - reach
    let moved = Swift.min(Swift.max(Int(event.step) + shift, 0), steps - 1)
    let (shift_ns, isTooFar) = stepTime_ns.multipliedReportingOverflow(by: Int64(moved - Int(event.step)))
    let (time_ns, overflows) = event.time_ns.addingReportingOverflow(shift_ns)
    guard !isTooFar, !overflows else {
      throw EventStreamError("event \(index): jitter moves its time beyond 64 bits of ns")
    }
    (event.step, event.time_ns) = (Int32(moved), time_ns)
    return event
  }
}
