import CNeuroChip
import EventStreams

/// A neuron's spike.
public struct Spike: Equatable, Sendable {
  /// Simulated time of the spike.
  public let time_ps: UInt64
  /// The payload as the chip sends it; the real value in `float` arithmetic.
  public let payload: Double
  // A run has millions of them.
  private let packedStep: UInt32
  private let packedPopulation: UInt32
  private let packedNeuron: UInt32

  /// Timestep, from 0.
  public var step: Int { Int(packedStep) }
  /// Index of its population.
  public var population: Int { Int(packedPopulation) }
  /// Index in its population: (row, column, channel, polarity), polarity fastest.
  public var neuron: Int { Int(packedNeuron) }

  /// A spike of these fields; step, population and neuron are below 2³².
  public init(time_ps: UInt64, step: Int, population: Int, neuron: Int, payload: Double) {
    self.time_ps = time_ps
    self.payload = payload
    packedStep = UInt32(step)
    packedPopulation = UInt32(population)
    packedNeuron = UInt32(neuron)
  }
}

/// Everything that a chip did from the beginning of a run to the end of one step.
public struct StepRecord: Equatable, Sendable {
  /// Simulated time at the end of the step, the barrier included.
  public var end_ps: UInt64 = 0
  /// Busy time of each step's busiest core, added up: the longer of its somas and its synapse engine.
  public var busiestCore_ps: UInt64 = 0
  /// Time that packets spent waiting for links, added up.
  public var packetWait_ps: UInt64 = 0
  /// Input events injected.
  public var hostEvents = 0
  /// Packets that the host port sent.
  public var hostPackets = 0
  /// Spikes of neurons.
  public var spikes = 0
  /// Spikes that no output axon took up, by a fault.
  public var lostSpikes = 0
  /// Packets put on the network.
  public var packetsSent = 0
  /// Packets served by synapse engines.
  public var packetsReceived = 0
  /// Packets sent by cores; the rest came from the host port.
  public var corePackets = 0
  /// Links crossed along x, within chips.
  public var hopsEastWest = 0
  /// Links crossed along y.
  public var hopsNorthSouth = 0
  /// Links crossed from chip to chip.
  public var hopsBetweenChips = 0
  /// Synaptic operations served, by the memory format of their projections.
  public var synapticOperationsByFormat = PerFormat(dense: 0, sparse: 0, convolution: 0)
  /// Neuron updates with input, bias or spike.
  public var updatesActive = 0
  /// Neuron updates without.
  public var updatesInactive = 0
  /// Sums that left their width and were clipped.
  public var saturations = 0
  /// Barriers closed.
  public var barriers = 0
  /// Steps that took longer than the chip's tick.
  public var overruns = 0
  /// Dynamic energy by unit.
  public var energy = EnergyByUnit()

  /// All counts zero.
  public init() {}

  /// Synaptic operations served.
  public var synapticOperations: Int {
    SynapseFormat.allCases.reduce(0) { $0 + synapticOperationsByFormat[$1] }
  }
}

/// Dynamic energy by unit of the chip, in picojoules.
public struct EnergyByUnit: Equatable, Sendable {
  /// Synaptic operations.
  public var synapse_pJ = 0.0
  /// Neuron updates and spike generation.
  public var soma_pJ = 0.0
  /// Output and input axons.
  public var axon_pJ = 0.0
  /// Tiles and links.
  public var network_pJ = 0.0
  /// Events injected through the host port.
  public var host_pJ = 0.0

  /// All counts zero.
  public init() {}

  /// The sum of the units.
  public var dynamic_pJ: Double { synapse_pJ + soma_pJ + axon_pJ + network_pJ + host_pJ }
}

/// A network running on the SystemC model of a chip. One at a time in a process; not for use from several threads.
public final class Simulation {
  private let chip: OpaquePointer
  private let network: Network
  /// What the chip reads in place.
  private let lent: [any Sendable]

  /// Builds the chip model and places the network on it.
  ///
  /// - Throws: `NeuromorphicError` if the description does not hold together, the chip cannot run a neuron model or its
  ///   numbers, or another simulation is alive.
  public init(
    _ network: Network, mapping: Mapping, chip description: ChipDescription,
    options: SimulationOptions = SimulationOptions()
  ) throws {
    try network.validate()
    try mapping.validate(network, on: description)
    try description.checkRuns(network)
    let lowered = try LoweredNetwork(network, mapping: mapping, chip: description)
    var parameters = description.parameters(chips: mapping.chips)
    let barrier = description.barrier.map {
      rb_barrier_point(tiles: UInt32($0.tiles), time_ps: picoseconds($0.time_ns))
    }
    var created: OpaquePointer?
    try options.withLowered { options in
      try check(rb_chip_create(&parameters, barrier, barrier.count, lowered.handle, options, &created))
    }
    guard let created else { throw NeuromorphicError("the chip model could not be created") }
    chip = created
    self.network = network
    lent = lowered.lent
  }

  deinit { rb_chip_destroy(chip) }

  /// Duration of the barrier with the tiles in use.
  public var barrierTime_ps: UInt64 { rb_chip_barrier_time_ps(chip) }

  /// SystemC's warnings so far; empty if there are none.
  public var warnings: String { String(cString: rb_chip_warnings(chip)) }

  /// Warnings of SystemC in this process so far, of all simulations.
  package static var warningCount: UInt64 { rb_warning_count() }

  /// Hands input events to the host port. An event of step t is injected in step t and becomes input in step t + 1.
  ///
  /// - Throws: `NeuromorphicError` if the stream has another shape than the network's input, or lies in the past;
  ///   `EventStreamError` if the stream does not hold together.
  public func inject(_ stream: EventStream) throws {
    try stream.validate()
    let shape = Network.Shape(rows: stream.rows, columns: stream.columns, channels: stream.channels)
    guard shape == network.inputShape else {
      throw NeuromorphicError(
        "the event stream has \(shape.channels) × \(shape.rows) × \(shape.columns) places (channels × rows × columns); "
          + "the network takes \(network.inputShape.channels) × \(network.inputShape.rows) × \(network.inputShape.columns)"
      )
    }
    let value: (Int) -> Double =
      switch network.arithmetic {
      case .integer: { Double(stream.payload[$0]) }
      case .float: { Double(stream.payload[$0]).timesPowerOfTwo(self.network.inputExponent) }
      }
    let events = stream.indices.map { i in
      rb_event(
        step: UInt32(stream.step[i]), channel: stream.channel[i], row: stream.row[i], column: stream.column[i],
        payload: value(i))
    }
    try check(rb_chip_inject(chip, events, events.count))
  }

  /// Runs timesteps and returns the records and the spikes of these steps.
  ///
  /// - Throws: `NeuromorphicError` if the number of steps is negative or the model fails.
  public func run(steps: Int) throws -> (records: [StepRecord], spikes: [Spike]) {
    guard steps >= 0 else { throw NeuromorphicError("\(steps) steps cannot be run") }
    var records: [StepRecord] = [], spikes: [Spike] = []
    for first in stride(from: 0, to: steps, by: Self.stepsTakenAtOnce) {
      try check(rb_chip_run(chip, UInt64(min(Self.stepsTakenAtOnce, steps - first))))
      records += takeRecords()
      spikes.appendRecorded(takeSpikes())
    }
    return (records, spikes)
  }

  /// What the chip model recorded is taken every few steps, so that a long run is not there twice.
  private static let stepsTakenAtOnce = 8

  /// What each core in use did so far, by rising core.
  public func coreActivity() -> [CoreActivity] {
    var cores = [rb_core_activity](repeating: rb_core_activity(), count: rb_chip_core_activity(chip, nil, 0))
    _ = rb_chip_core_activity(chip, &cores, cores.count)
    return cores.map(CoreActivity.init)
  }

  /// What each link between tiles did so far, row by row; those that no packet went over are left out.
  public func linkActivity() -> [LinkActivity] {
    var links = [rb_link_activity](repeating: rb_link_activity(), count: rb_chip_link_activity(chip, nil, 0))
    _ = rb_chip_link_activity(chip, &links, links.count)
    return links.map(LinkActivity.init)
  }

  /// A named state of all neurons of a population, in real units.
  ///
  /// - Throws: `NeuromorphicError` if there is no such population or its model has no such state.
  public func state(_ name: String, of population: Int) throws -> [Double] {
    guard network.populations.indices.contains(population) else {
      throw NeuromorphicError("there is no population \(population); there are \(network.populations.count)")
    }
    let p = network.populations[population]
    var values = [Double](repeating: 0, count: p.neuronCount)
    try check(rb_chip_read(chip, UInt32(population), name, &values, values.count))
    return values.map { $0.timesPowerOfTwo(p.scale.stateExponent) }
  }

  /// The deliveries of packets since they were last taken, in the order in which they were decided.
  ///
  /// Empty unless `SimulationOptions.recordsPackets` is set.
  public func takePackets() -> [PacketRecord] {
    let count = rb_chip_take_packets(chip, nil, 0)
    var packets = [rb_packet](repeating: rb_packet(), count: count)
    _ = rb_chip_take_packets(chip, &packets, count)
    return packets.map(PacketRecord.init)
  }

  private func takeRecords() -> some Sequence<StepRecord> {
    let count = rb_chip_take_steps(chip, nil, 0)
    var steps = [rb_step](repeating: rb_step(), count: count)
    _ = rb_chip_take_steps(chip, &steps, count)
    return steps.lazy.map(StepRecord.init)
  }

  private func takeSpikes() -> some Collection<Spike> {
    let count = rb_chip_take_spikes(chip, nil, 0)
    var spikes = [rb_spike](repeating: rb_spike(), count: count)
    _ = rb_chip_take_spikes(chip, &spikes, count)
    return spikes.lazy.map {
      Spike(
        time_ps: $0.time_ps, step: Int($0.step), population: Int($0.population), neuron: Int($0.neuron),
        payload: $0.payload)
    }
  }
}

extension StepRecord {
  fileprivate init(_ s: rb_step) {
    end_ps = s.end_ps
    busiestCore_ps = s.busiest_core_ps
    packetWait_ps = s.packet_wait_ps
    hostEvents = Int(s.host_events)
    hostPackets = Int(s.host_packets)
    spikes = Int(s.spikes)
    lostSpikes = Int(s.lost_spikes)
    packetsSent = Int(s.packets_sent)
    packetsReceived = Int(s.packets_received)
    corePackets = Int(s.core_packets)
    hopsEastWest = Int(s.hops_east_west)
    hopsNorthSouth = Int(s.hops_north_south)
    hopsBetweenChips = Int(s.hops_between_chips)
    let (dense, sparse, convolution) = s.synaptic_operations
    synapticOperationsByFormat = PerFormat(dense: Int(dense), sparse: Int(sparse), convolution: Int(convolution))
    updatesActive = Int(s.updates_active)
    updatesInactive = Int(s.updates_inactive)
    saturations = Int(s.saturations)
    overruns = Int(s.overruns)
    barriers = Int(s.barriers)
    energy.synapse_pJ = s.synapse_pJ
    energy.soma_pJ = s.soma_pJ
    energy.axon_pJ = s.axon_pJ
    energy.network_pJ = s.network_pJ
    energy.host_pJ = s.host_pJ
  }
}
