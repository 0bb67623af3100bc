/// What comes into a box through one projection.
struct Inflow {
  /// Places of the source that have a dendrite here.
  var sources = 0
  /// Pairs of a place and a dendrite.
  var pairs = 0
  /// Bits of weights and indices in the projection's format.
  var bits = 0
  /// Which places; nil for explicit pairs.
  var grid: SourceGrid?
}

/// Bits that the weights of projections take in a core's memory, format by format.
struct SynapticMemory {
  let network: Network
  let chip: ChipDescription

  /// Explicit pairs have no table.
  func canHold(_ projection: Network.Projection, in format: SynapseFormat) -> Bool {
    guard format == .convolution, case .pairs = projection.connectivity else { return true }
    return false
  }

  /// What comes into each of several boxes of the projection's target, which must not overlap.
  func inflows(of projection: Network.Projection, into boxes: [Box], format: SynapseFormat) -> [Inflow] {
    guard case .pairs(let rows) = projection.connectivity else {
      return boxes.map { inflow(of: projection, into: $0, format: format) }
    }
    let each = boxes.map { weightBits + (format == .sparse ? Self.indexBits(of: $0) : 0) }
    let synapses = network.weightFormat(of: projection).synapsesPerWeight
    var inflows = [Inflow](repeating: Inflow(), count: boxes.count)
    let index = BoxIndex(boxes, of: network.populations[projection.target].shape)
    index.forEachList(of: rows) { _, box, length in
      inflows[box].sources += 1
      inflows[box].pairs += length
      inflows[box].bits += list(of: (format == .dense ? boxes[box].count : length) * synapses, each: each[box])
    }
    return inflows
  }

  private func inflow(of projection: Network.Projection, into box: Box, format: SynapseFormat) -> Inflow {
    guard let grid = network.grid(of: projection, into: box) else { return Inflow() }
    var inflow = Inflow(sources: grid.count, pairs: grid.pairs, bits: 0, grid: grid)
    let synapses = network.weightFormat(of: projection).synapsesPerWeight
    switch format {
    case .convolution: inflow.bits = tableWeights(of: projection, box) * synapses * weightBits
    case .dense: inflow.bits = inflow.sources * list(of: box.count * synapses, each: weightBits)
    case .sparse:
      let each = weightBits + Self.indexBits(of: box)
      inflow.bits = grid.listLengths.reduce(0) { $0 + $1.lists * list(of: $1.length * synapses, each: each) }
    }
    return inflow
  }

  /// Weights of a table's slice for a box: every offset and source channel, the box's channels.
  private func tableWeights(of projection: Network.Projection, _ box: Box) -> Int {
    guard case .convolution(let index, _, _, _) = projection.connectivity else { return 1 }
    let table = network.tables[index]
    return table.sourceChannels * table.extent * table.extent * box.channels.count
  }

  /// Bits of one synapse as stored. `float` weights count as the chip's own.
  private var weightBits: Int {
    if case .integer(let bits) = network.arithmetic { bits } else { chip.weightBits.value }
  }

  /// Bits that number the dendrites of a box.
  private static func indexBits(of box: Box) -> Int { max(1, Int.bitWidth - (box.count - 1).leadingZeroBitCount) }

  private func list(of count: Int, each bits: Int) -> Int {
    chip.synapseLists?.bits(of: count, each: bits) ?? count * bits
  }
}
