import EventStreams
import Neuromorphic

/// A slow, obvious chip: the functional contract in plain Swift, without time, cores or packets.
///
/// It takes the same network and the same events as the SystemC model and must give the same spikes, states and counts,
/// bit for bit. It is written from the contract, not from the C++. Integer arithmetic only.
public struct ReferenceChip {
  /// What happened in one timestep.
  public struct Step: Equatable, Sendable {
    /// In the order of populations and neurons.
    public var spikes: [ReferenceSpike] = []
    /// Spikes that reach nobody, by a fault.
    public var lostSpikes = 0
    /// Synaptic operations, counted for each target neuron.
    public var synapticOperations = 0
    /// Neuron updates with input, bias or spike.
    public var updatesActive = 0
    /// Neuron updates without.
    public var updatesInactive = 0
    /// Sums that left their width and were clipped.
    public var saturations = 0
    /// Magnitude of the largest exact sum that became input: how wide an accumulator must be.
    public var largestSum = 0
    /// Magnitudes of all that was added to dendrites.
    public var addedMagnitude = 0

    /// All counts zero.
    public init() {}
  }

  private let network: Network
  private let payloadBits: Int
  private var dendrites: [ReferenceDendrites]
  private var neurons: [any ReferenceNeurons]
  /// By population.
  private let dead: [Set<Int>]
  private var events: [Int: [Event]] = [:]
  /// Places that have sent something other than zero.
  private var hasFired: [Network.Source: Set<Int>] = [:]
  private var step = 0

  /// - Parameters:
  ///   - stateBits: Signed width of states and compartments.
  ///   - payloadBits: Signed width of graded payloads.
  /// - Throws: `NeuromorphicError` for a network in `float` arithmetic.
  public init(_ network: Network, stateBits: Int, payloadBits: Int) throws {
    guard case .integer = network.arithmetic else {
      throw NeuromorphicError("the reference chip computes with integers only; the network is in float arithmetic")
    }
    self.network = network
    self.payloadBits = payloadBits
    dendrites = network.populations.indices.map { ReferenceDendrites(of: $0, in: network, stateBits: stateBits) }
    dead = network.populations.enumerated().map { population, description in
      Set((0..<description.neuronCount).filter { network.faults.isDead(population: population, neuron: $0) })
    }
    neurons = network.populations.map { makeReferenceNeurons($0, stateBits: stateBits, payloadBits: payloadBits) }
  }

  /// Hands over input events; an event of step t becomes input in step t + 1.
  public mutating func inject(_ stream: EventStream) {
    for event in stream { events[Int(event.step), default: []].append(event) }
  }

  /// One timestep of the contract: dendrites swap, neurons update in index order, spikes and input events are
  /// delivered.
  public mutating func advance() -> Step {
    var result = Step()
    for population in neurons.indices {
      result.largestSum = max(result.largestSum, dendrites[population].largestSum(at: step))
      result.saturations += dendrites[population].swap(step: step)
      var emitted: [Emission] = []
      let active = neurons[population].update(dendrites[population], &emitted, &result.saturations)
      for neuron in dead[population] { neurons[population].reset(neuron) }
      emitted.removeAll { dead[population].contains($0.neuron) }
      result.updatesActive += active
      result.updatesInactive += network.populations[population].neuronCount - active
      result.spikes += emitted.map { ReferenceSpike(population: population, neuron: $0.neuron, payload: $0.payload) }
    }
    for spike in result.spikes {
      if network.faults.isLost(step: step, population: spike.population, neuron: spike.neuron) {
        result.lostSpikes += 1
        continue
      }
      let perDendrite = network.populations[spike.population].model.neuronsPerDendrite
      deliver(
        from: .population(spike.population), place: spike.neuron / perDendrite, payload: spike.payload, &result)
    }
    for event in events.removeValue(forKey: step) ?? [] {
      let shape = network.inputShape
      let place = (Int(event.row) * shape.columns + Int(event.column)) * shape.channels + Int(event.channel)
      deliver(from: .input, place: place, payload: Int(event.payload), &result)
    }
    step += 1
    return result
  }

  /// A named state of all neurons of a population, in the chip's integers.
  public func state(_ name: String, of population: Int) -> [Int]? { neurons[population].states[name] }

  /// Adds a payload to all its targets.
  private mutating func deliver(from source: Network.Source, place: Int, payload: Int, _ result: inout Step) {
    let isFirst = payload != 0 && hasFired[source, default: []].insert(place).inserted
    for projection in network.projections where projection.source == source {
      let perDendrite = network.populations[projection.target].model.neuronsPerDendrite
      for (target, contribution) in network.contributions(
        of: projection, place: place, payload: payload, isFirst: isFirst)
      {
        dendrites[projection.target].add(
          contribution, to: target, projection.compartment, arrivingAt: step + 1 + projection.delay)
        result.synapticOperations += perDendrite * network.synapses(for: projection)
        result.addedMagnitude += abs(contribution)
      }
    }
  }
}

/// A spike of the reference chip.
public struct ReferenceSpike: Equatable, Sendable {
  /// Index of its population.
  public let population: Int
  /// (row, column, channel, polarity), polarity fastest.
  public let neuron: Int
  /// The payload as the chip sends it.
  public let payload: Int

  /// A spike.
  public init(population: Int, neuron: Int, payload: Int) {
    self.population = population
    self.neuron = neuron
    self.payload = payload
  }
}

struct Emission {
  let neuron: Int
  let payload: Int
}

/// Neurons of one population.
protocol ReferenceNeurons {
  var states: [String: [Int]] { get }
  /// Updates all neurons and returns how many were active.
  mutating func update(_ dendrites: ReferenceDendrites, _ emitted: inout [Emission], _ saturations: inout Int) -> Int
  /// Sets all states of a neuron to 0.
  mutating func reset(_ neuron: Int)
}

/// Clamps to a signed width and counts when that changes the value.
func saturated(_ value: Int, bits: Int, _ saturations: inout Int) -> Int {
  let limit = 1 << (bits - 1)
  let clamped = min(max(value, -limit), limit - 1)
  if clamped != value { saturations += 1 }
  return clamped
}

/// ⌊value / 2^shift⌋.
func floorShifted(_ value: Int, _ shift: Int) -> Int { value >> shift }
