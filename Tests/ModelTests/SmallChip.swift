import Neuromorphic

/// A small chip with distinctive costs, written as a chip file: times in picoseconds and energies in picojoules are
/// different primes, so that no wrong sum can look right.
struct SmallChip {
  var tilesX = 1
  var tilesY = 1
  var coresPerTile = 1
  var hostTile = (x: 0, y: 0)
  var stateBits = 24
  var payloadBits = 32
  var weightBits = 8
  var delaySteps = 64
  var packetFlits = 1
  var bufferFlits = 4
  var hasMulticast = false
  var linkOccupancy_ps = 599
  var chipLinkOccupancy_ps: Int?
  var tick_ps: Int?
  var barrier: [(tiles: Int, time_ps: Int)] = [(1, 10_007)]
  var time_ps: [ChipOperation: Int] = Self.primes
  /// Time and energy of a synaptic operation by format, where it is not the same for all.
  var synapses: PerFormat<(time_ps: Int, energy_pJ: Int)>?
  var formats = SynapseFormat.allCases
  /// Energy per operation, in picojoules; whole numbers add up exactly.
  var energy_pJ: [ChipOperation: Int] = [
    .synapticOperation: 3, .updateActive: 83, .updateInactive: 53, .spikeOut: 71, .axonOut: 113, .axonIn: 13, .tile: 2,
    .hopEastWest: 5, .hopNorthSouth: 7, .hopBetweenChips: 29, .hostEvent: 43, .barrier: 1009,
  ]

  static let primes: [ChipOperation: Int] = [
    .synapticOperation: 11, .updateActive: 1009, .updateInactive: 503, .spikeOut: 211, .axonOut: 307, .axonIn: 97,
    .tile: 41, .hopEastWest: 1301, .hopNorthSouth: 1709, .hopBetweenChips: 5003, .hostEvent: 701,
  ]

  /// Time of an operation, in picoseconds.
  subscript(operation: ChipOperation) -> Int { time_ps[operation] ?? 0 }

  var yaml: String {
    let costs = ChipOperation.allCases.map {
      if $0 == .synapticOperation, let synapses { return "  \($0.rawValue): {\(byFormat(synapses))}" }
      let time = $0 == .barrier ? "null" : "\(nanoseconds(time_ps[$0] ?? 0))"
      return "  \($0.rawValue): {energy_pJ: \(energy_pJ[$0] ?? 0), time_ns: \(time), source: test}"
    }
    let points = barrier.map { "  - {tiles: \($0.tiles), time_ns: \(nanoseconds($0.time_ps)), source: test}" }
    return """
      schema: rheobase.chip/1
      name: small
      title: A chip for tests
      geometry:
        tiles_x: {value: \(tilesX), source: test}
        tiles_y: {value: \(tilesY), source: test}
        cores_per_tile: {value: \(coresPerTile), source: test}
        host_tile: {value: [\(hostTile.x), \(hostTile.y)], source: test}
      capacity:
        neurons_per_core: {value: 4096, source: test}
        core_memory_bytes: null
        synaptic_memory_bytes: {value: 131072, source: test}
        input_axons_per_core: {value: 4096, source: test}
        output_axons_per_core: {value: 4096, source: test}
      formats:
        weight_bits: {value: \(weightBits), source: test}
        state_bits: {value: \(stateBits), source: test}
        payload_bits: {value: \(payloadBits), source: test}
        delay_steps: {value: \(delaySteps), source: test}
        synapses: {value: [\(formats.map(\.rawValue).joined(separator: ", "))], source: test}
      models: [delta, graded, lif, spiking]
      costs:
      \(costs.joined(separator: "\n"))
      network:
        packet_flits: {value: \(packetFlits), source: test}
        buffer_flits: {value: \(bufferFlits), source: test}
        multicast: {value: \(hasMulticast), source: test}
        link_occupancy_ns: {value: \(nanoseconds(linkOccupancy_ps)), source: test}
        chip_link_occupancy_ns: {value: \(nanoseconds(chipLinkOccupancy_ps ?? linkOccupancy_ps)), source: test}
      barrier:
      \(points.joined(separator: "\n"))
      static_power_W: null
      \(tick_ps.map { "tick_ns: {value: \(nanoseconds($0)), source: test}" } ?? "")
      """
  }

  func description() throws -> ChipDescription { try ChipDescription(yaml: yaml, file: "small.yaml") }

  /// Core number `core` of tile (x, y); x counts through all chips.
  func core(x: Int, y: Int, core: Int = 0) -> Int {
    let chip = x / tilesX
    return ((chip * tilesY + y) * tilesX + x % tilesX) * coresPerTile + core
  }

  private func byFormat(_ costs: PerFormat<(time_ps: Int, energy_pJ: Int)>) -> String {
    SynapseFormat.allCases.map {
      "\($0.rawValue): {energy_pJ: \(costs[$0].energy_pJ), time_ns: \(nanoseconds(costs[$0].time_ps)), source: test}"
    }.joined(separator: ", ")
  }

  private func nanoseconds(_ time_ps: Int) -> Double { Double(time_ps) / 1000 }
}
