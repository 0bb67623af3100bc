/// How a core stores the weights of a projection.
public enum SynapseFormat: String, CaseIterable, Sendable {
  /// One kernel table for all positions; the position travels in the packet.
  case convolution
  /// A row of weights for each source neuron, one for every dendrite of the core, without indices.
  case dense
  /// A list for each source neuron: the weights that there are, each with the index of its dendrite on the core.
  case sparse

  /// All names, for messages.
  public static var listed: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// What a list of weights takes besides the weights: it is stored in groups, each with a header and in whole words.
public struct SynapseLists: Equatable, Sendable {
  /// Weights that a group holds at the most.
  public let weightsPerGroup: Int
  /// Bits in front of each group.
  public let headerBits: Int
  /// A group fills words of so many bits.
  public let wordBits: Int
  /// Where the numbers come from.
  public let provenance: Provenance

  /// Lists of such groups.
  public init(weightsPerGroup: Int, headerBits: Int, wordBits: Int, provenance: Provenance) {
    self.weightsPerGroup = weightsPerGroup
    self.headerBits = headerBits
    self.wordBits = wordBits
    self.provenance = provenance
  }

  /// Bits of a list of weights that take `bits` each.
  func bits(of count: Int, each bits: Int) -> Int {
    let (groups, rest) = count.quotientAndRemainder(dividingBy: weightsPerGroup)
    return groups * group(weightsPerGroup * bits) + (rest > 0 ? group(rest * bits) : 0)
  }

  private func group(_ bits: Int) -> Int { (headerBits + bits + wordBits - 1) / wordBits * wordBits }
}

extension Network {
  /// The format in which a chip stores a projection: of those that the chip has and that can hold it, the one that
  /// takes the least memory for the whole projection. It is the same for all mappings, so that costs by format are,
  /// too.
  public func format(of projection: Projection, on chip: ChipDescription) -> SynapseFormat {
    let memory = SynapticMemory(network: self, chip: chip)
    let whole = Box(populations[projection.target].shape)
    let bits = chip.synapseFormats.value.filter { memory.canHold(projection, in: $0) }.map { format in
      (format, memory.inflows(of: projection, into: [whole], format: format).first?.bits ?? 0)
    }
    return bits.min { $0.1 < $1.1 }?.0 ?? .sparse
  }
}
