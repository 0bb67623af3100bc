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
    var stream = emptied
    for index in indices where keeps(index) { stream.append(self[index]) }
    return stream
  }

  private func quantised(bits: Int) throws -> EventStream {
    guard (2...32).contains(bits) else { throw EventStreamError("\(bits) bits are not from 2 to 32") }
    let largest = payload.reduce(0) { Swift.max($0, abs(Int($1))) }
    var shift = 0
    while rounded(largest, shift) >> shift > (1 << (bits - 1)) - 1 { shift += 1 }
    var stream = emptied
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
    guard reach >= 0 else { throw EventStreamError("a jitter of \(reach) steps is negative") }
    let stepTime_ns = steps > 1 && !isEmpty ? (time_ns.last ?? 0) / Int64(Swift.max(1, step.last ?? 1)) : 0
    let events = indices.map { index -> Event in
      var event = self[index]
      let chance = SeededGenerator.unit(seed: seed, [Int(event.step), source(index)])
      let shift = Int((chance * Double(2 * reach + 1)).rounded(.down)) - reach
      let moved = Swift.min(Swift.max(Int(event.step) + shift, 0), steps - 1)
      event.time_ns += Int64(moved - Int(event.step)) * stepTime_ns
      event.step = Int32(moved)
      return event
    }
    var stream = emptied
    // Sorting pairs with their former place keeps the order of equals.
    for event in events.enumerated().sorted(by: { ($0.element.step, $0.offset) < ($1.element.step, $1.offset) }) {
      stream.append(event.element)
    }
    return stream
  }

  private var emptied: EventStream {
    EventStream(
      encoder: encoder, channels: channels, rows: rows, columns: columns, steps: steps,
      payloadExponent: payloadExponent)
  }
}
