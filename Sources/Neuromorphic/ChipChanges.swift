import DataFiles

/// Numbers of a chip that a configuration sets otherwise than the chip's file has them.
public struct ChipChanges: Equatable, Sendable {
  /// Values in YAML by their keys in the chip file, such as `costs.synaptic_operation.energy_pJ`.
  private var values: [String: String] = [:]

  /// No change.
  public init() {}

  /// Whether the chip is as its file has it.
  public var isEmpty: Bool { values.isEmpty }

  /// Keys and values in YAML, in the order of the alphabet.
  public var sorted: [(key: String, value: String)] {
    values.map { (key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }
  }

  /// The value of a key in YAML, or nil if it is as the chip's file has it.
  public subscript(key: String) -> String? {
    get { values[key] }
    set { values[key] = newValue }
  }
}

/// A key of chip files that a configuration can set.
public struct ChipKey: Sendable {
  /// Section, entry and, where an entry has several numbers, field.
  public let name: String
  /// Whether its values are whole numbers.
  public let isWhole: Bool

  /// The keys of all chip files; `barrier` has as many points as a file lists, which are counted from 0.
  public static let all: [ChipKey] =
    whole.map { ChipKey(name: $0, isWhole: true) } + others.map { ChipKey(name: $0, isWhole: false) }

  /// A key by its name; nil if no chip file has it.
  public static func named(_ name: String) -> ChipKey? {
    if let known = all.first(where: { $0.name == name }) { return known }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "barrier", parts[2] == "time_ns", UInt16(parts[1]) != nil else { return nil }
    return ChipKey(name: name, isWhole: false)
  }

  private static let whole =
    ["tiles_x", "tiles_y", "cores_per_tile"].map { "geometry.\($0)" }
    + [
      "neurons_per_core", "core_memory_bytes", "synaptic_memory_bytes", "input_axons_per_core", "output_axons_per_core",
      "output_axons_per_neuron",
    ].map { "capacity.\($0)" }
    + [
      "weight_bits", "state_bits", "payload_bits", "delay_steps", "weights_per_neuron",
      "synapse_lists.weights_per_group", "synapse_lists.header_bits", "synapse_lists.word_bits",
    ].map { "formats.\($0)" } + ["network.packet_flits", "network.buffer_flits"]

  private static let others =
    ["geometry.host_tile", "formats.synapses", "formats.crossbar", "formats.sign_per_source"]
    + ["neurons.decay", "neurons.refractory", "models"] + costs
    + ["multicast", "link_occupancy_ns", "chip_link_occupancy_ns"].map { "network.\($0)" }
    + ["barrier.0.time_ns", "barrier.1.time_ns", "static_power_W", "tick_ns"]

  private static let costs =
    (ChipOperation.allCases.map(\.rawValue)
    + SynapseFormat.allCases.map { "\(ChipOperation.synapticOperation.rawValue).\($0.rawValue)" })
    .flatMap { operation in ["energy_pJ", "time_ns"].map { "costs.\(operation).\($0)" } }

  /// The place of the entry in a chip file, and the field of it.
  fileprivate var place: (entry: [String], field: String) {
    let parts = name.split(separator: ".").map(String.init)
    let fields: Set = ["energy_pJ", "time_ns", "weights_per_group", "header_bits", "word_bits"]
    guard let last = parts.last, fields.contains(last) else { return (parts, "value") }
    return (parts.dropLast(), last)
  }
}

extension ChipDescription {
  /// A bundled chip by name, or a chip file by path, with some numbers set otherwise. They and all that rests on them
  /// count as estimates.
  ///
  /// - Throws: as `named`; `YAMLError` naming the chip and the changes if one is impossible.
  public static func named(_ name: String, changed changes: ChipChanges) throws -> ChipDescription {
    let original = try named(name)
    guard !changes.isEmpty else { return original }
    let set = changes.sorted.map { "chip.\($0.key)=\($0.value)" }.joined(separator: " ")
    var file = try YAMLReader(text: text(of: name), file: "\(name) with \(set)", hasPlaces: false)
    for (key, value) in changes.sorted {
      guard let key = ChipKey.named(key) else { throw ChipKey.unknown(key) }
      file = try file.changing(key, to: value)
    }
    return try ChipDescription(root: file)
  }
}

extension ChipKey {
  /// The error of a name that is no key of chip files.
  public static func unknown(_ name: String) -> YAMLError {
    let advice = NearestNames.advice(for: "chip.\(name)", among: all.map { "chip.\($0.name)" })
    return YAMLError("unknown key 'chip.\(name)'; \(advice)")
  }
}

extension YAMLReader {
  /// A chip file with another value of a key, which is marked as an estimate: nobody has published it of this chip.
  fileprivate func changing(_ key: ChipKey, to value: String) throws(YAMLError) -> YAMLReader {
    guard key.name != "models" else { return try setting(["models"], to: value) }
    let (place, field) = key.place
    let former = try entry(place)
    if field == "value", value == "null" { return try setting(place, to: value) }
    var changed = self
    if former == nil, place.first == "costs" { changed = try setting(place, to: "{energy_pJ: null, time_ns: null}") }
    changed = try changed.setting(place + [field], to: value)
    let what = field == "value" ? "" : "\(field) "
    var note = "\(what)set to \(value) by the run's configuration"
    for kind in ["source", "estimate"] {
      if let origin = try former?.optional(kind) { note += "; the chip file: \(try origin.line())" }
    }
    return try changed.removing(place + ["source"]).setting(place + ["estimate"], toText: note)
  }

  /// The mapping at a place; nil if there is none.
  private func entry(_ place: [String]) throws(YAMLError) -> YAMLReader? {
    var reader = self
    for key in place {
      if let index = Int(key), !reader.isMapping {
        let elements = try reader.list()
        guard elements.indices.contains(index) else { return nil }
        reader = elements[index]
      } else {
        guard let next = try reader.optional(key) else { return nil }
        reader = next
      }
    }
    return reader.isMapping ? reader : nil
  }
}
