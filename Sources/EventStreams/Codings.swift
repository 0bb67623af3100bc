import Foundation

/// A pixel or a coefficient: where it is and what it is worth.
struct Site {
  let channel: Int32
  let row: Int32
  let column: Int32
  let value: Float
}

extension EventStream {
  /// One graded event a site at step 0.
  mutating func appendGraded(_ sites: [Site], includingZeros: Bool) throws {
    try checkCount(sites.count)
    reserveCapacity(sites.count)
    for site in sites {
      let payload = Int32(PayloadScale.units(site.value, payloadExponent))
      if payload != 0 || includingZeros { append(site, step: 0, time_ns: 0, payload: payload) }
    }
  }

  /// Events of ±1, as evenly spread over the steps as whole steps allow.
  mutating func appendRate(_ sites: [Site], _ options: EncoderOptions) throws {
    try checkCount(Int(sites.reduce(0.0) { $0 + abs(rateLevels($1.value, payloadExponent, steps)) }))
    let rates = sites.map { scalbn(Double($0.value), -payloadExponent) }
    // n · rate is exact in Double (24 + 24 bits), so this neither drifts nor depends on the order of sums.
    var sent = [Double](repeating: 0, count: sites.count)
    for step in 0..<steps {
      for place in sites.indices where rates[place] != 0 {
        let due = (Double(step + 1) * rates[place]).rounded()
        guard due != sent[place] else { continue }
        append(
          sites[place], step: Int32(step), time_ns: Int64(step) * options.step_ns, payload: Int32(due - sent[place]))
        sent[place] = due
      }
    }
  }

  /// One event of ±1 a site, the larger the magnitude the earlier.
  mutating func appendLatency(_ sites: [Site], _ options: EncoderOptions) throws {
    try checkCount(sites.count)
    let timed = sites.enumerated().compactMap { place, site -> (step: Int, place: Int)? in
      let level = Int(abs(PayloadScale.units(site.value, payloadExponent)))
      return level == 0 ? nil : (steps - level, place)
    }
    for (step, place) in timed.sorted(by: <) {
      let site = sites[place]
      append(site, step: Int32(step), time_ns: Int64(step) * options.step_ns, payload: site.value < 0 ? -1 : 1)
    }
  }

  private mutating func append(_ site: Site, step: Int32, time_ns: Int64, payload: Int32) {
    append(
      Event(
        step: step, time_ns: time_ns, channel: site.channel, row: site.row, column: site.column, payload: payload))
  }

  private func checkCount(_ count: Int) throws {
    guard count <= Self.maximumCount else {
      throw EventStreamError(
        "the encoding would have \(count) events; a stream holds \(Self.maximumCount): use fewer steps or pixels")
    }
  }
}

/// Number of events, with sign, that rate coding spends on a value over all steps.
func rateLevels(_ value: Float, _ exponent: Int, _ steps: Int) -> Double {
  (Double(steps) * scalbn(Double(value), -exponent)).rounded()
}
