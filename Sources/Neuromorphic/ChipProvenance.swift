extension ChipDescription {
  /// Every number of the chip that has a provenance, with its name in chip files, in their order.
  public var provenances: [(name: String, provenance: Provenance)] {
    var all: [(name: String, provenance: Provenance)] = [
      ("geometry.tiles_x", tilesX.provenance), ("geometry.tiles_y", tilesY.provenance),
      ("geometry.cores_per_tile", coresPerTile.provenance), ("geometry.host_tile", hostTile.provenance),
      ("capacity.neurons_per_core", neuronsPerCore.provenance),
    ]
    if let coreMemory_bytes { all.append(("capacity.core_memory_bytes", coreMemory_bytes.provenance)) }
    all += [
      ("capacity.synaptic_memory_bytes", synapticMemory_bytes.provenance),
      ("capacity.input_axons_per_core", inputAxonsPerCore.provenance),
      ("capacity.output_axons_per_core", outputAxonsPerCore.provenance),
    ]
    if let outputAxonsPerNeuron {
      all.append(("capacity.output_axons_per_neuron", outputAxonsPerNeuron.provenance))
    }
    all += [
      ("formats.weight_bits", weightBits.provenance), ("formats.state_bits", stateBits.provenance),
      ("formats.payload_bits", payloadBits.provenance), ("formats.synapses", synapseFormats.provenance),
    ]
    if let synapseLists { all.append(("formats.synapse_lists", synapseLists.provenance)) }
    for operation in ChipOperation.allCases {
      if let provenance = self[operation].provenance { all.append(("costs.\(operation.rawValue)", provenance)) }
    }
    all += [
      ("network.packet_flits", network.packetFlits.provenance),
      ("network.buffer_flits", network.bufferFlits.provenance),
      ("network.multicast", network.hasMulticast.provenance),
      ("network.link_occupancy_ns", network.linkOccupancy_ns.provenance),
    ]
    if let occupancy = network.chipLinkOccupancy_ns {
      all.append(("network.chip_link_occupancy_ns", occupancy.provenance))
    }
    all += barrier.map { ("barrier of \($0.tiles) tiles", $0.provenance) }
    if let staticPower_W { all.append(("static_power_W", staticPower_W.provenance)) }
    if let tick_ns { all.append(("tick_ns", tick_ns.provenance)) }
    return all
  }

  /// Every number that is an estimate, with its derivation.
  public var estimates: [String] {
    provenances.compactMap { name, provenance in provenance.isEstimate ? "\(name): \(provenance.text)" : nil }
  }
}
