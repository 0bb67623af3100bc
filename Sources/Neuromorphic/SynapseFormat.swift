/// How a core's memory holds the synapses of a projection. It can decide what an operation costs, never what it does.
public enum SynapseFormat: String, CaseIterable, Sendable {
  /// One weight for each neuron of the core, whether connected or not.
  case dense
  /// A weight and the index of its target for each synapse.
  case sparse
  /// One table of weights for all positions.
  case convolution
}

extension Network {
  /// Explicit pairs are held sparse, a table as a convolution where the chip shares it between positions, else dense.
  public func format(of projection: Projection, on chip: ChipDescription) -> SynapseFormat {
    switch projection.connectivity {
    case .convolution: chip.hasSharedConvolution.value ? .convolution : .dense
    case .pairs, .oneToOne: .sparse
    }
  }
}
