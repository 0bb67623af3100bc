import Chips
import DataFiles
import Foundation

/// What is wrong with a chip's name, a network, or a simulation, in one line.
public struct NeuromorphicError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, in one line.
  public let description: String

  /// Whether all is right but for the room: the chip's capacity is exceeded.
  public let exceedsCapacity: Bool

  /// Makes an error of one line.
  public init(_ description: String, exceedsCapacity: Bool = false) {
    self.description = description
    self.exceedsCapacity = exceedsCapacity
  }
}

extension ChipDescription {
  /// Names of the chips that come with Rheobase.
  public static var bundledNames: [String] { BundledChips.texts.keys.sorted() }

  /// A bundled chip by name, or a chip file by path (anything that contains `/` or ends in `.yaml`).
  ///
  /// - Throws: `NeuromorphicError` for an unknown name or an unreadable file, `YAMLError` for a mistake in it.
  public static func named(_ name: String) throws -> ChipDescription {
    try ChipDescription(yaml: text(of: name), file: BundledChips.texts[name] == nil ? name : "\(name).yaml")
  }

  /// The text of a bundled chip's file, or of a chip file by path.
  ///
  /// - Throws: `NeuromorphicError` for an unknown name or an unreadable file.
  public static func text(of name: String) throws -> String {
    if let text = BundledChips.texts[name] { return text }
    guard name.contains("/") || name.hasSuffix(".yaml") else {
      throw NeuromorphicError(
        "unknown chip '\(name)'; known chips: \(bundledNames.joined(separator: ", ")), or the path of a chip file (.yaml)"
      )
    }
    guard let data = FileManager.default.contents(atPath: name) else {
      throw NeuromorphicError("\(name): the chip file cannot be read")
    }
    guard data.count <= 1 << 20, let text = String(data: data, encoding: .utf8) else {
      throw NeuromorphicError("\(name): a chip file is UTF-8 text of at most 1 MiB")
    }
    return text
  }

  /// Reads the text of a chip file (`rheobase.chip/1`).
  ///
  /// - Throws: `YAMLError` with file, line and column: unknown or missing keys, missing sources, impossible values.
  public init(yaml: String, file: String) throws(YAMLError) {
    try self.init(root: YAMLReader(text: yaml, file: file))
  }

  /// Reads a chip file that is parsed.
  init(root: YAMLReader) throws(YAMLError) {
    try root.allowKeys([
      "schema", "name", "title", "geometry", "capacity", "formats", "neurons", "models", "costs", "network", "barrier",
      "static_power_W", "tick_ns",
    ])
    let schema = try root.required("schema")
    guard try schema.text() == "rheobase.chip/1" else {
      throw schema.failure("the schema 'rheobase.chip/1' is expected")
    }
    name = try root.required("name").line()
    title = try root.required("title").line()

    let geometry = try root.required("geometry")
    try geometry.allowKeys(["tiles_x", "tiles_y", "cores_per_tile", "host_tile"])
    tilesX = try geometry.sourcedInteger("tiles_x", in: 1...1024)
    tilesY = try geometry.sourcedInteger("tiles_y", in: 1...1024)
    coresPerTile = try geometry.sourcedInteger("cores_per_tile", in: 1...1024)
    hostTile = try Self.hostTile(geometry, tilesX: tilesX.value, tilesY: tilesY.value)

    let capacity = try root.required("capacity")
    try capacity.allowKeys([
      "neurons_per_core", "core_memory_bytes", "synaptic_memory_bytes", "input_axons_per_core", "output_axons_per_core",
      "output_axons_per_neuron",
    ])
    let counts = 1...(1 << 40)
    neuronsPerCore = try capacity.sourcedInteger("neurons_per_core", in: counts)
    coreMemory_bytes =
      try capacity.required("core_memory_bytes").isNull
      ? nil : capacity.sourcedInteger("core_memory_bytes", in: counts)
    synapticMemory_bytes = try capacity.sourcedInteger("synaptic_memory_bytes", in: counts)
    inputAxonsPerCore = try capacity.sourcedInteger("input_axons_per_core", in: counts)
    outputAxonsPerCore = try capacity.sourcedInteger("output_axons_per_core", in: counts)
    outputAxonsPerNeuron =
      try capacity.optional("output_axons_per_neuron") == nil
      ? nil : capacity.sourcedInteger("output_axons_per_neuron", in: counts)

    let formats = try root.required("formats")
    try formats.allowKeys(
      ["weight_bits", "state_bits", "payload_bits", "delay_steps", "synapses", "synapse_lists"]
        + ChipRestrictions.formatKeys)
    weightBits = try formats.sourcedInteger("weight_bits", in: 2...16)
    stateBits = try formats.sourcedInteger("state_bits", in: 8...30)
    payloadBits = try formats.sourcedInteger("payload_bits", in: 1...32)
    delaySteps = try formats.sourcedInteger("delay_steps", in: 0...Network.Projection.largestDelay)
    synapseFormats = try formats.sourced("synapses", Self.synapseFormats)
    synapseLists = try formats.optional("synapse_lists").map(Self.synapseLists)
    restrictions = try ChipRestrictions(root: root, formats: formats)
    models = try Self.models(root.required("models"), payloadBits: payloadBits.value)

    costs = try Self.costs(root.required("costs"))
    synapticCosts = try Self.synapticCosts(root.required("costs").required(ChipOperation.synapticOperation.rawValue))
    network = try Self.network(root.required("network"))
    barrier = try Self.barrier(root.required("barrier"))
    staticPower_W = try root.required("static_power_W").isNull ? nil : root.sourcedNumber("static_power_W", in: 0...1e6)
    tick_ns = try root.optional("tick_ns") == nil ? nil : root.sourcedNumber("tick_ns", in: Self.times_ns)
  }

  private static func hostTile(_ geometry: YAMLReader, tilesX: Int, tilesY: Int) throws(YAMLError) -> Sourced<[Int]> {
    try geometry.sourced("host_tile") { value throws(YAMLError) in
      let place = try value.list()
      guard place.count == 2 else { throw value.failure("a place [x, y] is expected") }
      return [try place[0].integer(in: 0...(tilesX - 1)), try place[1].integer(in: 0...(tilesY - 1))]
    }
  }

  private static func synapseFormats(_ list: YAMLReader) throws(YAMLError) -> [SynapseFormat] {
    var formats: [SynapseFormat] = []
    for entry in try list.list() {
      guard let format = SynapseFormat(rawValue: try entry.text()) else {
        throw entry.failure("unknown format '\(try entry.text())'; known: \(SynapseFormat.listed)")
      }
      formats.append(format)
    }
    guard formats.contains(where: { $0 != .convolution }) else {
      throw list.failure("'dense' or 'sparse' is needed: convolution alone cannot hold every projection")
    }
    return formats
  }

  private static func synapseLists(_ entry: YAMLReader) throws(YAMLError) -> SynapseLists {
    try entry.allowKeys(["weights_per_group", "header_bits", "word_bits", "source", "estimate"])
    return SynapseLists(
      weightsPerGroup: try entry.required("weights_per_group").integer(in: 1...(1 << 20)),
      headerBits: try entry.required("header_bits").integer(in: 0...(1 << 20)),
      wordBits: try entry.required("word_bits").integer(in: 1...(1 << 20)), provenance: try entry.provenance())
  }

  private static func models(_ list: YAMLReader, payloadBits: Int) throws(YAMLError) -> [String] {
    var names: [String] = []
    for entry in try list.list() {
      let name = try entry.text()
      guard let model = NeuronModelName(rawValue: name) else {
        throw entry.failure("unknown neuron model '\(name)'; known: \(NeuronModelName.listed)")
      }
      guard !names.contains(name) else { throw entry.failure("'\(name)' is listed twice; once is enough") }
      guard payloadBits > 1 || !model.sendsGradedSpikes else {
        throw entry.failure("'\(name)' sends graded spikes and cannot run with payload_bits 1; 2 or more are needed")
      }
      names.append(name)
    }
    guard !names.isEmpty else {
      throw list.failure("a chip runs at least one neuron model; known: \(NeuronModelName.listed)")
    }
    return names
  }

  private static func costs(_ table: YAMLReader) throws(YAMLError) -> [ChipOperation: Cost] {
    try table.allowKeys(ChipOperation.allCases.map(\.rawValue))
    var costs: [ChipOperation: Cost] = [:]
    for operation in ChipOperation.allCases {
      let entry = try table.required(operation.rawValue)
      if entry.isNull { continue }
      if operation == .synapticOperation, try isByFormat(entry) { continue }
      if operation == .barrier, try !entry.required("time_ns").isNull {
        throw try entry.required("time_ns").failure(
          "null is expected; the barrier's time has points of its own (barrier)")
      }
      costs[operation] = try cost(entry)
    }
    return costs
  }

  /// An operation takes a second at the most: sums of a step's times stay within 64 bits of picoseconds.
  private static let times_ns = 0.0...1e9

  private static func cost(_ entry: YAMLReader) throws(YAMLError) -> Cost {
    try entry.allowKeys(["energy_pJ", "time_ns", "source", "estimate"])
    return Cost(
      energy_pJ: try entry.required("energy_pJ").isNull ? nil : entry.required("energy_pJ").number(in: 0...1e12),
      time_ns: try entry.required("time_ns").isNull ? nil : entry.required("time_ns").number(in: times_ns),
      provenance: try entry.provenance())
  }

  /// Whether a synaptic operation has one cost for each format instead of one for all.
  private static func isByFormat(_ entry: YAMLReader) throws(YAMLError) -> Bool {
    guard entry.isMapping else { return false }
    let keys = try entry.keys()
    return SynapseFormat.allCases.contains { keys.contains($0.rawValue) }
  }

  private static func synapticCosts(_ entry: YAMLReader) throws(YAMLError) -> PerFormat<Cost>? {
    guard try isByFormat(entry) else { return nil }
    try entry.allowKeys(SynapseFormat.allCases.map(\.rawValue))
    func price(_ format: SynapseFormat) throws(YAMLError) -> Cost {
      let price = try entry.required(format.rawValue)
      return price.isNull ? .unpublished : try cost(price)
    }
    return PerFormat(dense: try price(.dense), sparse: try price(.sparse), convolution: try price(.convolution))
  }

  private static func network(_ table: YAMLReader) throws(YAMLError) -> NetworkOnChip {
    try table.allowKeys([
      "packet_flits", "buffer_flits", "multicast", "link_occupancy_ns", "chip_link_occupancy_ns",
    ])
    let packetFlits = try table.sourcedInteger("packet_flits", in: 1...1024)
    return NetworkOnChip(
      packetFlits: packetFlits,
      bufferFlits: try table.sourcedInteger("buffer_flits", in: packetFlits.value...(1 << 20)),
      hasMulticast: try table.sourced("multicast") { value throws(YAMLError) in try value.flag() },
      linkOccupancy_ns: try table.sourcedNumber("link_occupancy_ns", in: times_ns),
      chipLinkOccupancy_ns: try table.required("chip_link_occupancy_ns").isNull
        ? nil : table.sourcedNumber("chip_link_occupancy_ns", in: times_ns))
  }

  private static func barrier(_ list: YAMLReader) throws(YAMLError) -> [BarrierPoint] {
    var points: [BarrierPoint] = []
    for entry in try list.list() {
      try entry.allowKeys(["tiles", "time_ns", "source", "estimate"])
      let tiles = try entry.required("tiles").integer(in: 1...(1 << 20))
      if let last = points.last, last.tiles >= tiles {
        throw entry.failure("the barrier's points must come by rising tiles")
      }
      points.append(
        BarrierPoint(
          tiles: tiles, time_ns: try entry.required("time_ns").number(in: times_ns), provenance: try entry.provenance())
      )
    }
    return points
  }
}

extension YAMLReader {
  fileprivate func provenance() throws(YAMLError) -> Provenance {
    switch (try optional("source"), try optional("estimate")) {
    case (let source?, nil): .source(try source.line())
    case (nil, let estimate?): .estimate(try estimate.line())
    default:
      throw failure("each number needs either 'source' (where it is published) or 'estimate' (how it was derived)")
    }
  }

  func sourced<Value>(
    _ key: String, _ read: (YAMLReader) throws(YAMLError) -> Value
  ) throws(YAMLError) -> Sourced<Value> {
    let entry = try required(key)
    try entry.allowKeys(["value", "source", "estimate"])
    return Sourced(try read(entry.required("value")), try entry.provenance())
  }

  func sourcedInteger(_ key: String, in range: ClosedRange<Int>) throws(YAMLError) -> Sourced<Int> {
    try sourced(key) { value throws(YAMLError) in try value.integer(in: range) }
  }

  fileprivate func sourcedNumber(_ key: String, in range: ClosedRange<Double>) throws(YAMLError) -> Sourced<Double> {
    try sourced(key) { value throws(YAMLError) in try value.number(in: range) }
  }
}
