import CNeuroChip

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
    func cost(_ operation: ChipOperation) -> rb_cost {
      rb_cost(energy_pJ: self[operation].energy_pJ ?? 0, time_ps: picoseconds(self[operation].time_ns ?? 0))
    }
    return rb_chip_parameters(
      chips: UInt32(chips), tiles_x: UInt32(tilesX.value), tiles_y: UInt32(tilesY.value),
      cores_per_tile: UInt32(coresPerTile.value), state_bits: Int32(stateBits.value),
      payload_bits: Int32(payloadBits.value), host_tile_x: UInt32(hostTile.value[0]),
      host_tile_y: UInt32(hostTile.value[1]), packet_flits: UInt32(network.packetFlits.value),
      buffer_flits: UInt32(network.bufferFlits.value), multicast: network.hasMulticast.value,
      link_occupancy_ps: picoseconds(network.linkOccupancy_ns.value),
      chip_link_occupancy_ps: picoseconds((network.chipLinkOccupancy_ns ?? network.linkOccupancy_ns).value),
      tick_ps: picoseconds(tick_ns?.value ?? 0), synaptic_operation: cost(.synapticOperation),
      update_active: cost(.updateActive), update_inactive: cost(.updateInactive), spike_out: cost(.spikeOut),
      axon_out: cost(.axonOut), axon_in: cost(.axonIn), tile: cost(.tile), hop_east_west: cost(.hopEastWest),
      hop_north_south: cost(.hopNorthSouth), hop_between_chips: cost(.hopBetweenChips), host_event: cost(.hostEvent),
      barrier: cost(.barrier))
  }

  /// - Throws: `NeuromorphicError` if the chip cannot run one of the network's neuron models or holds narrower weights.
  func checkRuns(_ network: Network) throws {
    for population in network.populations where !models.contains(population.model.name.rawValue) {
      throw NeuromorphicError(
        "\(name) cannot run the neuron model '\(population.model.name.rawValue)'; it runs \(models.joined(separator: ", "))"
      )
    }
    if case .integer(let bits) = network.arithmetic, bits > weightBits.value {
      throw NeuromorphicError("\(name) holds weights of \(weightBits.value) bits; \(bits) were asked for")
    }
  }
}

/// A network handed over to the C wall.
final class LoweredNetwork {
  let handle: OpaquePointer

  init(_ network: Network, mapping: Mapping) throws {
    let input = network.inputShape
    guard
      let handle = rb_network_create(
        network.arithmetic.lowered, Int32(input.rows), Int32(input.columns), Int32(input.channels))
    else { throw NeuromorphicError("not enough memory for this network") }
    self.handle = handle
    for (index, population) in network.populations.enumerated() {
      try add(population)
      try setCompartments(of: index, in: network)
    }
    for placement in mapping.placements { try add(placement) }
    for table in network.tables { try add(table) }
    for projection in network.projections { try add(projection, of: network) }
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

  private func add(_ table: ConvolutionTable) throws {
    try table.weights.withPointers { integers, reals in
      try check(
        rb_network_add_table(
          handle, Int32(table.sourceChannels), Int32(table.extent), Int32(table.targetChannels), integers, reals))
    }
  }

  private func add(_ projection: Network.Projection, of network: Network) throws {
    let lowered = rb_projection(
      source: projection.source.lowered, target: UInt32(projection.target), compartment: projection.compartment.lowered,
      sign: Int32(projection.sign), shift: Int32(network.shift(of: projection)), delay: UInt32(projection.delay))
    switch projection.connectivity {
    case .convolution(let table, let sourceStride, let targetStride, let origin):
      try check(
        rb_network_add_convolution(
          handle, lowered, UInt32(table), Int32(sourceStride), Int32(targetStride), Int32(origin)))
    case .pairs(let rowStarts, let targets, let weights):
      let starts = rowStarts.map(UInt64.init), places = targets.map(UInt32.init)
      try weights.withPointers { integers, reals in
        try check(rb_network_add_pairs(handle, lowered, starts, starts.count - 1, places, integers, reals))
      }
    case .oneToOne(let weight, let signWeight):
      let unit = network.finestExponent(of: projection.target, projection.compartment)
      let signUnits = network.isInteger ? signWeight.timesPowerOfTwo(-unit).rounded() : signWeight
      try check(rb_network_add_one_to_one(handle, lowered, weight, signUnits))
    }
  }
}

extension Network {
  package var isInteger: Bool {
    if case .integer = arithmetic { true } else { false }
  }

  /// Exponent of one unit of what a projection adds: payload exponent + weight exponent.
  private func exponent(of projection: Projection) -> Int {
    let payload = payloadExponent(of: projection.source)
    switch projection.connectivity {
    case .convolution(let table, _, _, _): return payload + tables[table].weights.exponent
    case .pairs(_, _, let weights): return payload + weights.exponent
    case .oneToOne: return payload
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

extension Network.Source {
  fileprivate var lowered: Int32 {
    switch self {
    case .input: -1
    case .population(let index): Int32(index)
    }
  }
}

extension QuantizedWeights {
  /// Calls `body` with the integers or the reals, the other nil.
  fileprivate func withPointers<Result>(
    _ body: (UnsafePointer<Int16>?, UnsafePointer<Float>?) throws -> Result
  ) rethrows -> Result {
    try integers.withUnsafeBufferPointer { integers in
      try reals.withUnsafeBufferPointer { reals in
        try body(integers.isEmpty ? nil : integers.baseAddress, reals.isEmpty ? nil : reals.baseAddress)
      }
    }
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
