/// What a summary counts of a stream that passes by piece by piece.
struct EventStreamCounts {
  let header: EventStream
  private(set) var events = 0
  private(set) var onEvents = 0
  private(set) var offEvents = 0
  private(set) var firstTime_ns: Int64?
  private(set) var lastTime_ns: Int64?
  private(set) var smallestPayload: Int32?
  private(set) var largestPayload: Int32?
  private(set) var values: PlaceValues
  private var ofChannels: [Int32: Int] = [:]
  private var ofSteps = StepCounts()

  init(_ header: EventStream) {
    self.header = header
    values = PlaceValues(header)
  }

  mutating func add(_ piece: EventStream) {
    guard let first = piece.time_ns.first else { return }
    firstTime_ns = firstTime_ns ?? first
    lastTime_ns = piece.time_ns.last
    events += piece.count
    for payload in piece.payload {
      if payload > 0 { onEvents += 1 } else if payload < 0 { offEvents += 1 }
    }
    smallestPayload = ([smallestPayload, piece.payload.min()].compactMap(\.self)).min()
    largestPayload = ([largestPayload, piece.payload.max()].compactMap(\.self)).max()
    ofSteps.add(piece.step)
    piece.channel.forEachRun { channel, count in ofChannels[channel, default: 0] += count }
    values.add(piece)
  }

  var eventsPerStep: EventStreamSummary.Spread {
    EventStreamSummary.Spread(
      minimum: ofSteps.stepsWithEvents < header.steps ? 0 : ofSteps.smallest,
      mean: Double(events) / Double(header.steps), maximum: ofSteps.largest)
  }

  var busiestChannels: [EventStreamSummary.ChannelCount] {
    let sorted = ofChannels.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return sorted.prefix(5).map { EventStreamSummary.ChannelCount(channel: $0.key, events: $0.value) }
  }
}

/// Events of the steps that have any; steps come in order.
private struct StepCounts {
  private var finished: (count: Int, smallest: Int, largest: Int) = (0, .max, 0)
  private var current: (step: Int32, events: Int)?

  mutating func add(_ steps: [Int32]) {
    steps.forEachRun { step, count in
      if let current, current.step == step {
        self.current = (step, current.events + count)
      } else {
        finished = totals
        current = (step, count)
      }
    }
  }

  private var totals: (count: Int, smallest: Int, largest: Int) {
    guard let current else { return finished }
    return (finished.count + 1, min(finished.smallest, current.events), max(finished.largest, current.events))
  }

  var stepsWithEvents: Int { totals.count }
  var smallest: Int { totals.count == 0 ? 0 : totals.smallest }
  var largest: Int { totals.largest }
}

/// What the events of each place are worth together.
struct PlaceValues {
  private let header: EventStream
  private let coding: Encoder.Coding
  private var byPlace: [Place: Double] = [:]
  /// For shapes that are not large, where it is faster: NaN where no event was.
  private var dense: [Double] = []

  private static let largestDenseCount = 1 << 23

  private struct Place: Hashable {
    let channel: Int32
    let row: Int32
    let column: Int32
  }

  init(_ header: EventStream) {
    self.header = header
    coding = (try? header.valueEncoder().coding) ?? .graded
    let places = Double(header.channels) * Double(header.rows) * Double(header.columns)
    if places <= Double(Self.largestDenseCount) { dense = [Double](repeating: .nan, count: Int(places)) }
  }

  mutating func add(_ piece: EventStream) {
    let unit = header.levelValue(coding)
    for event in piece {
      let value = header.levels(of: event, coding) * unit
      if dense.isEmpty {
        byPlace[Place(channel: event.channel, row: event.row, column: event.column), default: 0] += value
      } else {
        let place = (Int(event.channel) * header.rows + Int(event.row)) * header.columns + Int(event.column)
        dense[place] = dense[place].isNaN ? value : dense[place] + value
      }
    }
  }

  /// Places with events.
  var count: Int { dense.isEmpty ? byPlace.count : dense.reduce(0) { $0 + ($1.isNaN ? 0 : 1) } }
  var smallest: Double? { (dense.isEmpty ? Array(byPlace.values) : dense).filter { !$0.isNaN }.min() }
  var largest: Double? { (dense.isEmpty ? Array(byPlace.values) : dense).filter { !$0.isNaN }.max() }
}

extension [Int32] {
  /// Equal values that follow one another, and how many.
  fileprivate func forEachRun(_ body: (Int32, Int) -> Void) {
    var start = 0
    while start < count {
      let value = self[start]
      var end = start + 1
      while end < count, self[end] == value { end += 1 }
      body(value, end - start)
      start = end
    }
  }
}
