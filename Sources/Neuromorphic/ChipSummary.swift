extension ChipDescription {
  /// The chip in lines for a person: geometry, models, and every cost with where it comes from.
  public var summary: String {
    var lines = ["\(name): \(title)"]
    lines.append(
      "\(coreCount) cores: \(tilesX.value) × \(tilesY.value) tiles of \(coresPerTile.value); "
        + "\(neuronsPerCore.value) neurons and \(synapticMemory_bytes.value) B of synapses a core")
    lines.append(
      "weights \(weightBits.value) bits, states \(stateBits.value) bits, "
        + (isBinary ? "binary spikes" : "payloads of up to \(payloadBits.value) bits")
        + "; models: \(models.joined(separator: ", "))")
    lines.append("")
    for operation in ChipOperation.allCases {
      let cost = self[operation]
      lines.append(
        "\(operation.rawValue): \(Self.text(cost.energy_pJ, "pJ")), \(Self.text(cost.time_ns, "ns"))\(Self.text(cost.provenance))"
      )
    }
    for point in barrier {
      lines.append("barrier over \(point.tiles) tiles: \(Self.text(point.time_ns, "ns"))\(Self.text(point.provenance))")
    }
    lines.append(
      "link occupancy of a flit: \(Self.text(network.linkOccupancy_ns.value, "ns"))"
        + Self.text(network.linkOccupancy_ns.provenance))
    lines.append(
      "the same between chips: \(Self.text(network.chipLinkOccupancy_ns?.value, "ns"))"
        + Self.text(network.chipLinkOccupancy_ns?.provenance))
    lines.append("flits of a packet: \(network.packetFlits.value)\(Self.text(network.packetFlits.provenance))")
    lines.append("flits of a buffer: \(network.bufferFlits.value)\(Self.text(network.bufferFlits.provenance))")
    lines.append(
      "multicast: \(network.hasMulticast.value ? "yes" : "no")\(Self.text(network.hasMulticast.provenance))")
    lines.append("static power: \(Self.text(staticPower_W?.value, "W"))\(Self.text(staticPower_W?.provenance))")
    lines.append("")
    for (name, provenance) in provenances
    where name.hasPrefix("geometry") || name.hasPrefix("capacity") || name.hasPrefix("formats") {
      lines.append("\(name):\(Self.text(provenance))")
    }
    return lines.joined(separator: "\n")
  }

  private static func text(_ value: Double?, _ unit: String) -> String {
    value.map { "\($0) \(unit)" } ?? "unpublished"
  }

  private static func text(_ provenance: Provenance?) -> String {
    switch provenance {
    case .source(let text): "  [\(text)]"
    case .estimate(let text): "  [estimate: \(text)]"
    case nil: ""
    }
  }
}
