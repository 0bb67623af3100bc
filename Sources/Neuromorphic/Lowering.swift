import CNeuroChip
import DataFiles

/// Turns a status of the C wall into an error.
func check(_ status: rb_status) throws {
  guard status.code != RB_OK else { return }
  let message = withUnsafeBytes(of: status.message) { bytes in
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
  throw NeuromorphicError(message)
}

/// Integer picoseconds of a time that a chip file gives in nanoseconds.
func picoseconds(_ time_ns: Double) -> UInt64 { UInt64((time_ns * 1000).rounded()) }

extension ChipDescription {
  /// The chip model's parameters. Unpublished costs contribute nothing; whoever reports a figure names them.
  func parameters(chips: Int) -> rb_chip_parameters {
    func lowered(_ cost: Cost) -> rb_cost {
      rb_cost(energy_pJ: cost.energy_pJ ?? 0, time_ps: picoseconds(cost.time_ns ?? 0))
    }
    func cost(_ operation: ChipOperation) -> rb_cost { lowered(self[operation]) }
    func cost(_ format: SynapseFormat) -> rb_cost { lowered(synapticCost(format)) }
    return rb_chip_parameters(
      chips: UInt32(chips), tiles_x: UInt32(tilesX.value), tiles_y: UInt32(tilesY.value),
      cores_per_tile: UInt32(coresPerTile.value), state_bits: Int32(stateBits.value),
      payload_bits: Int32(payloadBits.value), host_tile_x: UInt32(hostTile.value[0]),
      host_tile_y: UInt32(hostTile.value[1]), packet_flits: UInt32(network.packetFlits.value),
      buffer_flits: UInt32(network.bufferFlits.value), multicast: network.hasMulticast.value,
      link_occupancy_ps: picoseconds(network.linkOccupancy_ns.value),
      chip_link_occupancy_ps: picoseconds((network.chipLinkOccupancy_ns ?? network.linkOccupancy_ns).value),
      tick_ps: picoseconds(tick_ns?.value ?? 0), synaptic_operation: (cost(.dense), cost(.sparse), cost(.convolution)),
      update_active: cost(.updateActive), update_inactive: cost(.updateInactive), spike_out: cost(.spikeOut),
      axon_out: cost(.axonOut), axon_in: cost(.axonIn), tile: cost(.tile), hop_east_west: cost(.hopEastWest),
      hop_north_south: cost(.hopNorthSouth), hop_between_chips: cost(.hopBetweenChips), host_event: cost(.hostEvent),
      barrier: cost(.barrier))
  }

  /// - Throws: `NeuromorphicError` if the chip cannot run one of the network's neuron models, holds narrower weights,
  ///   or has no such axonal delays.
  func checkRuns(_ network: Network) throws {
    for population in network.populations where !models.contains(population.model.name.rawValue) {
      throw NeuromorphicError(
        "\(name) cannot run the neuron model '\(population.model.name.rawValue)' of the population '\(population.name)'; it runs "
          + models.joined(separator: ", ")
      )
    }
    if case .integer(let bits) = network.arithmetic, bits > weightBits.value {
      throw NeuromorphicError("\(name) holds weights of \(weightBits.value) bits; \(bits) were asked for")
    }
    if let late = network.projections.first(where: { $0.delay > delaySteps.value }) {
      let limit =
        delaySteps.value == 0 ? "has no axonal delays" : "delays spikes by at most \(delaySteps.value.counted("step"))"
      throw NeuromorphicError(
        "\(name) \(limit); \(network.title(of: late)) asks for \(late.delay) \(late.delay == 1 ? "step" : "steps")")
    }
    try restrictions.check(network, on: name)
  }
}

/// A network handed over to the C wall.
final class LoweredNetwork {
  let handle: OpaquePointer
  /// What the chip reads in place; to be kept for as long as it is there.
  private(set) var lent: [any Sendable] = []
  private let arithmetic: rb_arithmetic
  /// Width of a synapse.
  private let synapseBits: Int
  /// The chip's tables that hold a table: itself, or its low and its high digits.
  private var tables: [[UInt32]] = []

  init(_ network: Network, mapping: Mapping, chip: ChipDescription) throws {
    let input = network.inputShape
    guard
      let handle = rb_network_create(
        network.arithmetic.lowered, Int32(input.rows), Int32(input.columns), Int32(input.channels))
    else { throw NeuromorphicError("not enough memory for this network") }
    self.handle = handle
    arithmetic = network.arithmetic.lowered
    synapseBits = if case .integer(let bits) = network.arithmetic { bits } else { 0 }
    for (index, population) in network.populations.enumerated() {
      try add(population)
      try setCompartments(of: index, in: network)
    }
    for placement in mapping.placements { try add(placement) }
    for table in network.tables { tables.append(try add(table)) }
    for projection in network.projections {
      try add(projection, of: network, format: network.format(of: projection, on: chip))
    }
    let faults = network.faults
    try check(rb_network_set_faults(handle, faults.deadNeurons, faults.lostSpikes, faults.seed))
  }

  deinit { rb_network_destroy(handle) }

  private func add(_ population: Network.Population) throws {
    let parameters = population.model.lowered(to: population.scale).sorted { $0.key < $1.key }
    let values = parameters.map(\.value)
    try withCStrings(parameters.map(\.key)) { names in
      try check(
        rb_network_add_population(
          handle, population.model.name.rawValue, Int32(population.shape.rows), Int32(population.shape.columns),
          Int32(population.shape.channels), names, values, values.count))
    }
  }

  private func setCompartments(of index: Int, in network: Network) throws {
    for compartment in [Network.Compartment.pulse, .hold, .trace] {
      try check(
        rb_network_set_compartment(
          handle, UInt32(index), compartment.lowered, Int32(network.floorShift(of: index, compartment)),
          Int32(network.populations[index].traceDecayShift)))
    }
  }

  private func add(_ placement: Placement) throws {
    let box = rb_box(
      row0: Int32(placement.box.rows.lowerBound), row1: Int32(placement.box.rows.upperBound),
      column0: Int32(placement.box.columns.lowerBound), column1: Int32(placement.box.columns.upperBound),
      channel0: Int32(placement.box.channels.lowerBound), channel1: Int32(placement.box.channels.upperBound))
    try check(rb_network_place(handle, UInt32(placement.population), UInt32(placement.core), box))
  }

  /// - Returns: The indices of the tables that hold it.
  private func add(_ table: ConvolutionTable) throws -> [UInt32] {
    let next = tables.reduce(0) { $0 + UInt32($1.count) }
    let synapses = table.weights.synapses(bits: synapseBits)
    for weights in synapses {
      try withExtendedLifetime(weights.lowered(to: arithmetic)) { weights in
        try check(
          rb_network_add_table(
            handle, Int32(table.sourceChannels), Int32(table.extent), Int32(table.targetChannels), weights.address))
      }
    }
    return synapses.indices.map { next + UInt32($0) }
  }

  private func add(_ projection: Network.Projection, of network: Network, format: SynapseFormat) throws {
    /// The projection as it is, or one of its digits: those of place 1 count 2^synapseBits times as much.
    func lowered(place: Int = 0) -> rb_projection {
      rb_projection(
        source: projection.source.lowered, target: UInt32(projection.target),
        compartment: projection.compartment.lowered, sign: Int32(projection.sign),
        shift: Int32(network.shift(of: projection) + place * synapseBits), delay: UInt32(projection.delay),
        format: format.lowered)
    }
    switch projection.connectivity {
    case .convolution(let table, let sourceStride, let targetStride, let origin):
      for (place, table) in tables[table].enumerated() {
        try check(
          rb_network_add_convolution(
            handle, lowered(place: place), table, Int32(sourceStride), Int32(targetStride), Int32(origin)))
      }
    case .pairs(let rows):
      for (place, weights) in rows.weights.synapses(bits: synapseBits).enumerated() {
        let weights = weights.lowered(to: arithmetic)
        lent += [rows, weights.owner]
        var pairs = rows.lowered(weights)
        try check(rb_network_add_pairs(handle, lowered(place: place), &pairs))
      }
    case .oneToOne(let weight, let signWeight):
      let unit = network.finestExponent(of: projection.target, projection.compartment)
      let signUnits = network.isInteger ? signWeight.timesPowerOfTwo(-unit).rounded() : signWeight
      try check(rb_network_add_one_to_one(handle, lowered(), weight, signUnits))
    }
  }
}

extension Network {
  package var isInteger: Bool {
    if case .integer = arithmetic { true } else { false }
  }

  /// Exponent of one unit of what a projection adds: payload exponent + weight exponent.
  private func exponent(of projection: Projection) -> Int {
    payloadExponent(of: projection.source) + (weights(of: projection)?.exponent ?? 0)
  }

  /// The stored weights of a projection; nil for one to one.
  func weights(of projection: Projection) -> QuantizedWeights? {
    switch projection.connectivity {
    case .convolution(let table, _, _, _): tables[table].weights
    case .pairs(let rows): rows.weights
    case .oneToOne: nil
    }
  }

  /// Sums of a compartment are exact in units of 2^this: the finest unit that anything adds, or the state's if finer.
  package func finestExponent(of population: Int, _ compartment: Compartment) -> Int {
    guard isInteger else { return 0 }
    return projections.filter { $0.target == population && $0.compartment == compartment }.map(exponent)
      .reduce(populations[population].scale.stateExponent, min)
  }

  /// Sums become states by this floor shift.
  package func floorShift(of population: Int, _ compartment: Compartment) -> Int {
    guard isInteger else { return 0 }
    return populations[population].scale.stateExponent - finestExponent(of: population, compartment)
  }

  /// A projection's payload is shifted left by this to count in the compartment's finest unit.
  package func shift(of projection: Projection) -> Int {
    isInteger ? exponent(of: projection) - finestExponent(of: projection.target, projection.compartment) : 0
  }
}

extension Network.Arithmetic {
  fileprivate var lowered: rb_arithmetic {
    switch self {
    case .integer(let bits): bits <= 8 ? RB_INTEGER8 : RB_INTEGER16
    case .float: RB_REAL
    }
  }
}

extension Network.Compartment {
  fileprivate var lowered: rb_compartment {
    switch self {
    case .pulse: RB_PULSE
    case .hold: RB_HOLD
    case .trace: RB_TRACE
    }
  }
}

extension SynapseFormat {
  fileprivate var lowered: rb_synapse_format {
    switch self {
    case .dense: RB_DENSE
    case .sparse: RB_SPARSE
    case .convolution: RB_CONVOLUTION
    }
  }
}

extension Network.Source {
  fileprivate var lowered: Int32 {
    switch self {
    case .input: -1
    case .population(let index): Int32(index)
    }
  }
}

/// Weights of any width.
private struct LoweredWeights {
  let owner: any Sendable
  let address: UnsafeRawPointer?

  init(_ weights: SharedArray<some Any>) {
    owner = weights
    address = UnsafeRawPointer(weights.address)
  }
}

extension QuantizedWeights {
  /// The weights in the width that the chip model computes with: where they lie if they have it.
  fileprivate func lowered(to arithmetic: rb_arithmetic) -> LoweredWeights {
    switch (stored, arithmetic) {
    case (.bytes(let bytes), RB_INTEGER8): LoweredWeights(bytes)
    case (.bytes(let bytes), RB_INTEGER16): LoweredWeights(SharedArray(bytes.lazy.map(Int16.init)))
    case (.words(let words), RB_INTEGER16): LoweredWeights(words)
    case (.reals(let reals), RB_REAL): LoweredWeights(reals)
    default: preconditionFailure("the network's validation has found all weights to fit its arithmetic")
    }
  }
}

extension SynapseRows {
  /// Borrowed from the rows and the weights.
  fileprivate func lowered(_ weights: LoweredWeights) -> rb_pairs {
    var pairs = rb_pairs()
    pairs.row_starts = rowStarts.address
    pairs.rows = rowStarts.count - 1
    pairs.weights = weights.address
    switch targets {
    case .listed(let targets):
      pairs.targets = targets.address
      pairs.target_width = UInt32(targets.width)
    case .runs(let starts, let bounds):
      pairs.run_starts = starts.address
      pairs.run_bounds = bounds.address
    }
    return pairs
  }
}

/// Calls `body` with an array of C strings.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) throws -> Result
) rethrows -> Result {
  let bytes = strings.map { Array($0.utf8CString) }
  func descend(_ index: Int, _ pointers: [UnsafePointer<CChar>?]) throws -> Result {
    guard index < bytes.count else {
      return try pointers.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else {
          return try [nil].withUnsafeBufferPointer { try body($0.baseAddress.unsafelyUnwrapped) }
        }
        return try body(base)
      }
    }
    return try bytes[index].withUnsafeBufferPointer { try descend(index + 1, pointers + [$0.baseAddress]) }
  }
  return try descend(0, [])
}
