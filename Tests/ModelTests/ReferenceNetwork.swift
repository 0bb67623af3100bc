import EventStreams
import Neuromorphic

/// A network of integers computed the slow and obvious way, from the equations in the model headers: every synapse is
/// looked for, every sum is exact in units of 2^−32, and nothing is known of cores, packets or time.
struct ReferenceNetwork {
  struct Step: Equatable {
    var spikes = 0
    var synapticOperations = 0
    var updatesActive = 0
    var updatesInactive = 0
    var saturations = 0
  }
  struct EmittedSpike: Equatable {
    let step: Int
    let population: Int
    let neuron: Int
    let payload: Double
  }

  private static let unit = -32

  let network: Network
  let stateBits: Int
  let payloadBits: Int
  private(set) var total = Step()
  private(set) var spikes: [EmittedSpike] = []
  private var step = 0
  /// By population: the model's states of each neuron (u and s of `delta`; V of `spiking`).
  private var u: [[Int]], s: [[Int]], v: [[Int]]
  private var compartments: [[Network.Compartment: [Int]]]
  /// Sums that become input in a later step.
  private var arriving: [Int: [[Network.Compartment: [Int]]]] = [:]

  init(_ network: Network, stateBits: Int, payloadBits: Int) {
    self.network = network
    self.stateBits = stateBits
    self.payloadBits = payloadBits
    u = network.populations.map { Array(repeating: 0, count: $0.neuronCount) }
    (s, v) = (u, u)
    compartments = network.populations.map { Self.zeros($0) }
  }

  /// States by name, in real units.
  var states: [[String: [Double]]] {
    network.populations.indices.map { p in
      let unit = Double(sign: .plus, exponent: network.populations[p].scale.stateExponent, significand: 1)
      func real(_ values: [Int]) -> [Double] { values.map { Double($0) * unit } }
      return network.populations[p].model.name == .delta ? ["u": real(u[p]), "s": real(s[p])] : ["V": real(v[p])]
    }
  }

  mutating func run(steps: Int, input: EventStream) {
    for _ in 0..<steps {
      let sums = arriving.removeValue(forKey: step) ?? network.populations.map { Self.zeros($0) }
      for p in network.populations.indices { receive(sums[p], p) }
      let before = spikes.count
      for p in network.populations.indices { update(p) }
      for spike in spikes[before...] {
        let perDendrite = network.populations[spike.population].model.neuronsPerDendrite
        deliver(from: .population(spike.population), spike.neuron / perDendrite, Int(spike.payload))
      }
      for event in input where Int(event.step) == step {
        let place = (Int(event.row) * input.columns + Int(event.column)) * input.channels + Int(event.channel)
        deliver(from: .input, place, Int(event.payload))
      }
      step += 1
    }
  }

  private static func zeros(_ population: Network.Population) -> [Network.Compartment: [Int]] {
    let none = Array(repeating: 0, count: population.shape.count)
    return [.pulse: none, .hold: none, .trace: none]
  }

  // MARK: Dendrites

  private mutating func receive(_ sums: [Network.Compartment: [Int]], _ p: Int) {
    let population = network.populations[p]
    let shift = population.scale.stateExponent - Self.unit
    for (compartment, values) in sums {
      for i in values.indices {
        let state = compartments[p][compartment]![i]
        let kept =
          switch compartment {
          case .pulse: 0
          case .hold: state
          case .trace: state - state >> population.traceDecayShift
          }
        compartments[p][compartment]![i] = saturated(kept + values[i] >> shift, bits: stateBits)
      }
    }
  }

  private mutating func saturated(_ value: Int, bits: Int) -> Int {
    let limit = 1 << (bits - 1)
    let clamped = min(max(value, -limit), limit - 1)
    total.saturations += clamped == value ? 0 : 1
    return clamped
  }

  // MARK: Somas

  private mutating func update(_ p: Int) {
    let population = network.populations[p]
    for n in 0..<population.neuronCount {
      let (isActive, payload) =
        switch population.model {
        case let model as DeltaModel: updateDelta(p, n, model, population.scale)
        case let model as SpikingModel: updateSpiking(p, n, model, population.scale)
        default: (false, 0)
        }
      total.updatesActive += isActive ? 1 : 0
      total.updatesInactive += isActive ? 0 : 1
      guard payload != 0 else { continue }
      total.spikes += 1
      spikes.append(EmittedSpike(step: step, population: p, neuron: n, payload: Double(payload)))
    }
  }

  private func states(_ value: Double, _ scale: NumberScale) -> Int {
    Int((value / Double(sign: .plus, exponent: scale.stateExponent, significand: 1)).rounded())
  }

  private mutating func updateDelta(_ p: Int, _ n: Int, _ model: DeltaModel, _ scale: NumberScale) -> (Bool, Int) {
    let h = compartments[p][.hold]![n], pulse = compartments[p][.pulse]![n]
    u[p][n] = pulse != 0 ? pulse : u[p][n] + (h - u[p][n]) >> model.stepShift
    let activation = u[p][n].signum() * max(abs(u[p][n]) - states(model.lambda, scale), 0)
    let change = activation - s[p][n]
    guard abs(change) >= states(model.sendThreshold, scale) else { return (h != 0 || pulse != 0, 0) }
    let payloadUnit = 1 << (scale.payloadExponent - scale.stateExponent)
    let nearest = Int((Double(change) / Double(payloadUnit) + 0.5).rounded(.down))
    let payload = saturated(nearest, bits: payloadBits)
    s[p][n] += payload * payloadUnit
    return (h != 0 || pulse != 0 || payload != 0, payload)
  }

  private mutating func updateSpiking(_ p: Int, _ n: Int, _ model: SpikingModel, _ scale: NumberScale) -> (Bool, Int) {
    let dendrite = n / model.polarities, polarity = n % model.polarities == 0 ? 1 : -1
    let h = compartments[p][.hold]![dendrite], w = compartments[p][.trace]![dendrite]
    let current = polarity * (h - w) - states(model.lambda, scale)
    v[p][n] = max(0, saturated(v[p][n] + current >> model.stepShift, bits: stateBits))
    let spikes = v[p][n] >= states(model.charge, scale)
    if spikes { v[p][n] -= states(model.charge, scale) }
    return (h != 0 || w != 0 || spikes, spikes ? polarity : 0)
  }

  // MARK: Synapses

  private mutating func deliver(from source: Network.Source, _ place: Int, _ payload: Int) {
    for projection in network.projections where projection.source == source {
      let target = network.populations[projection.target]
      for (dendrite, units) in contributions(projection, from: place, payload) {
        total.synapticOperations += target.model.neuronsPerDendrite
        let due = step + 1 + projection.delay
        arriving[due, default: network.populations.map { Self.zeros($0) }][projection.target][projection.compartment]![
          dendrite] +=
          projection.sign * units
      }
    }
  }

  /// Dendrites and what they get, in units of 2^−32, the sign not applied.
  private func contributions(_ projection: Network.Projection, from place: Int, _ payload: Int) -> [(Int, Int)] {
    let exponent: Int
    let shape: Network.Shape
    switch projection.source {
    case .input: (exponent, shape) = (network.inputExponent, network.inputShape)
    case .population(let p):
      (exponent, shape) = (network.populations[p].scale.payloadExponent, network.populations[p].shape)
    }
    func units(_ weight: Int, _ weightExponent: Int) -> Int {
      (payload * weight) << (exponent + weightExponent - Self.unit)
    }
    let targetShape = network.populations[projection.target].shape
    switch projection.connectivity {
    case .convolution(let index, let sourceStride, let targetStride, let origin):
      let table = network.tables[index]
      let (row, column, channel) = shape.position(place)
      return (0..<targetShape.count).compactMap { dendrite in
        let (r, c, k) = targetShape.position(dendrite)
        let y = sourceStride * row - targetStride * r + origin, x = sourceStride * column - targetStride * c + origin
        guard (0..<table.extent).contains(y), (0..<table.extent).contains(x) else { return nil }
        let entry = ((channel * table.extent + y) * table.extent + x) * table.targetChannels + k
        return (dendrite, units(Int(table.weights.integers[entry]), table.weights.exponent))
      }
    case .pairs(let starts, let targets, let weights):
      return (starts[place]..<starts[place + 1]).map {
        (Int(targets[$0]), units(Int(weights.integers[$0]), weights.exponent))
      }
    case .oneToOne(let weight, let signWeight):
      return [(place, units(Int(weight), 0) + payload.signum() * Int(signWeight) << -Self.unit)]
    }
  }
}

extension Network.Shape {
  func position(_ place: Int) -> (row: Int, column: Int, channel: Int) {
    (place / channels / columns, place / channels % columns, place % channels)
  }
}
