import DataFiles
import Neuromorphic
import Reports

/// A chip for people and programs: every number with its source or its derivation, estimates and unpublished ones
/// marked.
public struct ChipSheet: Sendable {
  private let chip: ChipDescription

  /// The sheet of a chip.
  public init(_ chip: ChipDescription) { self.chip = chip }

  /// A table, its legend, and the sources that the table's last column numbers.
  public var text: String { table.text + "\n" + sources }

  private var table: Table {
    Table(
      title: title,
      columns: [
        Table.Column([], .leading), Table.Column([]), Table.Column([]), Table.Column(["source"], .leading),
      ],
      rows: sections.flatMap { heading, entries in
        [Table.Row.section(heading)] + entries.map(row)
      }, legend: legend)
  }

  private var title: String {
    let tiles = "\(chip.tilesX.value) × \(chip.tilesY.value)"
    return """
      \(chip.name): \(chip.title)

      \(chip.coreCount.counted("core")) on \(tiles) tiles, \(chip.isBinary ? "binary" : "graded") spikes, \
      neuron models \(chip.models.joined(separator: ", "))
      LCA networks \(chip.listedLCAModels)
      """
  }

  /// What is drawn for time stands apart from what each operation adds.
  private var sections: [(String, [ChipEntry])] {
    let entries = chip.entries
    func section(_ heading: String, _ belongs: (ChipEntry) -> Bool) -> (String, [ChipEntry]) {
      (heading, entries.filter(belongs))
    }
    return [
      section("Geometry") { $0.section == "geometry" },
      section("Capacity of a core") { $0.section == "capacity" },
      section("Formats and neurons") { $0.section == "formats" || $0.section == "neurons" },
      section("Marginal cost of an operation") { $0.section == "costs" },
      section("Time of the network and of a step") {
        $0.section == "network" || $0.section == "barrier" || ($0.section.isEmpty && $0.key != "static_power_W")
      },
      section("Static power of a chip, drawn all the time") { $0.key == "static_power_W" },
    ]
  }

  private func row(_ entry: ChipEntry) -> Table.Row {
    let number = entry.provenance.map { "[\(numbers[$0.sheetText] ?? 0)]" } ?? ""
    func cell(_ key: String) -> Table.Cell { self.cell(entry.fields.first { $0.key == key }, of: entry) }
    let label = entry.section == "barrier" ? "barrier over \(entry.key)" : entry.key
    if entry.key == "synapse_lists", let lists = chip.synapseLists {
      return .cells([
        Table.Cell("  " + label), Table.Cell(lists.sheetText, marks: entry.provenance?.isEstimate == true ? "*" : ""),
        Table.Cell(""), Table.Cell(number),
      ])
    }
    let values =
      entry.fields.contains { $0.key == "value" }
      ? [cell("value"), Table.Cell("")] : [cell("energy_pJ"), cell("time_ns")]
    return .cells([Table.Cell("  " + label)] + values + [Table.Cell(number)])
  }

  private func cell(_ field: ChipEntry.Field?, of entry: ChipEntry) -> Table.Cell {
    guard let field else { return Table.Cell("") }
    guard let content = field.content else {
      if entry.key == "chip_link_occupancy_ns" { return Table.Cell("as on chip") }
      let isMissing = chip.unpublished.contains(entry.unpublishedName(of: field))
      return isMissing ? Table.Cell("–", marks: "†") : Table.Cell("–")
    }
    let unit = ["energy_pJ": " pJ", "time_ns": " ns"][field.key] ?? ""
    return Table.Cell(content.text + unit, marks: entry.provenance?.isEstimate == true ? "*" : "")
  }

  private var legend: [String] {
    let entries = chip.entries
    return (entries.contains { $0.provenance?.isEstimate == true } ? ["* estimate"] : [])
      + (chip.unpublished.isEmpty ? [] : ["† not published: contributes nothing, and every result says so"])
  }

  /// Each text once, in order of appearance.
  private var references: [String] {
    sections.flatMap(\.1).compactMap(\.provenance?.sheetText).uniqued()
  }

  private var numbers: [String: Int] {
    Dictionary(uniqueKeysWithValues: references.enumerated().map { ($0.element, $0.offset + 1) })
  }

  private var sources: String {
    references.enumerated().map { offset, text in
      let number = "[\(offset + 1)]"
      let first = number + String(repeating: " ", count: max(1, Self.indent.count - number.count))
      return text.lines(ofWidth: 95).enumerated().map { ($0.offset == 0 ? first : Self.indent) + $0.element + "\n" }
        .joined()
    }.joined()
  }

  private static let indent = "     "
}

extension ChipSheet {
  /// The chip file's keys with their numbers, and beside them `cores`, `estimates` and `unpublished`.
  public var json: JSONValue {
    let entries = chip.entries
    var members: [JSONValue.Member] = [
      .init("schema", .text("rheobase.chip/1")), .init("name", .text(chip.name)), .init("title", .text(chip.title)),
      .init("cores", .integer(Int64(chip.coreCount))), .init("models", .list(chip.models.map { .text($0) })),
    ]
    for section in ["geometry", "capacity", "formats", "neurons", "costs", "network"] {
      let inside = entries.filter { $0.section == section }
      if !inside.isEmpty { members.append(.init(section, .object(inside.map { .init($0.key, $0.json) }))) }
    }
    members.append(.init("barrier", .list(entries.filter { $0.section == "barrier" }.map(\.json))))
    members += entries.filter(\.section.isEmpty).map { .init($0.key, $0.json) }
    let estimates = entries.filter { $0.provenance?.isEstimate == true }.map { JSONValue.text($0.name) }
    return .object(
      members + [
        .init("estimates", .list(estimates)), .init("unpublished", .list(chip.unpublished.map { .text($0) })),
      ])
  }
}

/// All chips that come with Rheobase, a line each.
public struct ChipList: Sendable {
  private let chips: [ChipDescription]

  /// A list of chips.
  public init(_ chips: [ChipDescription]) { self.chips = chips }

  /// The table.
  public var table: Table {
    Table(
      columns: [
        Table.Column(["chip"], .leading), Table.Column(["cores"]), Table.Column(["neurons", "a core"]),
        Table.Column(["weights", "bits"]), Table.Column(["spikes"], .leading),
        Table.Column(["costs published/", "estimated/unpublished"]), Table.Column(["static", "power"]),
        Table.Column(["neuron models"], .leading), Table.Column(["LCA networks"], .leading),
        Table.Column(["title"], .leading),
      ], rows: chips.map(row),
      legend: [
        "* estimate", "† not published: no static energy is counted",
        "rheobase chip show NAME: every number with its source",
      ])
  }

  private func row(_ chip: ChipDescription) -> Table.Row {
    let count = chip.costCounts
    let power = chip.staticPower_W.map {
      Table.Cell(NumberFormat.engineering($0.value, unit: "W"), marks: $0.provenance.isEstimate ? "*" : "")
    }
    return .cells([
      Table.Cell(chip.name), Table.Cell("\(chip.coreCount)"), Table.Cell("\(chip.neuronsPerCore.value)"),
      Table.Cell("\(chip.weightBits.value)"), Table.Cell(chip.isBinary ? "binary" : "graded"),
      Table.Cell("\(count.published)/\(count.estimated)/\(count.unpublished)"),
      power ?? Table.Cell("–", marks: "†"), Table.Cell(chip.models.joined(separator: ", ")),
      Table.Cell(chip.listedLCAModels), Table.Cell(chip.title),
    ])
  }

  /// The chips' sheets as a list.
  public var json: JSONValue { .list(chips.map { ChipSheet($0).json }) }
}

extension ChipDescription {
  /// Locally competitive networks that it has the neurons for; none is a dash.
  fileprivate var listedLCAModels: String {
    let models = LCAModel.allCases.filter { self.models.contains($0.neuronModel.rawValue) }
    return models.isEmpty ? "–" : models.map(\.rawValue).joined(separator: ", ")
  }

  /// Energies and times of operations, by how far they are known.
  fileprivate var costCounts: (published: Int, estimated: Int, unpublished: Int) {
    let costs = entries.filter { $0.section == "costs" }
    let known = costs.flatMap { entry in
      entry.fields.filter { $0.content != nil }.map { _ in entry.provenance?.isEstimate == true }
    }
    return (known.count { !$0 }, known.count { $0 }, unpublished.count { $0 != "static_power_W" })
  }
}

extension ChipEntry {
  /// What stands under the key in a chip file.
  fileprivate var json: JSONValue {
    guard let provenance else { return .null }
    return .object(
      fields.map { .init($0.key, $0.content?.json ?? .null) }
        + [.init(provenance.isEstimate ? "estimate" : "source", .text(provenance.text))])
  }
}

extension SynapseLists {
  /// What a row of synapses takes.
  fileprivate var sheetText: String {
    "\(headerBits) bits for up to \(weightsPerGroup) synapses, in words of \(wordBits) bits"
  }
}

extension ChipEntry.Content {
  fileprivate var json: JSONValue {
    switch self {
    case .integer(let value): .integer(Int64(value))
    case .real(let value): .real(value)
    case .flag(let value): .flag(value)
    case .integers(let values): .list(values.map { .integer(Int64($0)) })
    case .names(let values): .list(values.map { .text($0) })
    }
  }

  fileprivate var text: String {
    switch self {
    case .integer(let value): "\(value)"
    case .real(let value): Int(exactly: value).map { "\($0)" } ?? "\(value)"
    case .flag(let value): value ? "yes" : "no"
    case .integers(let values): "\(values)"
    case .names(let values): values.joined(separator: ", ")
    }
  }
}

extension Provenance {
  fileprivate var sheetText: String { isEstimate ? "estimate: \(text)" : text }
}

extension String {
  /// The words in lines of at most that width, if no word is longer.
  fileprivate func lines(ofWidth width: Int) -> [String] {
    split(separator: " ").reduce(into: [""]) { lines, word in
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
  }
}
