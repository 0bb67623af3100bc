import Reports

/// Every number of a chip with its source, from a result's `chip.json`.
struct ChipSources {
  private let chip: JSONValue

  init(_ chip: JSONValue) { self.chip = chip }

  var table: PageTable {
    let names = ["number", "value", "standing", "source"]
    let rows = entries.map { name, entry -> [String] in
      guard case .object(let members) = entry else { return [name, "–", "† not published", ""] }
      let fields = members.filter { !["source", "estimate"].contains($0.name) }
      let value = fields.map { $0.name == "value" ? Self.text($0.value) : "\($0.name) \(Self.text($0.value))" }
      let isEstimate = entry["estimate"] != nil
      return [
        name, value.joined(separator: ", "), isEstimate ? "* estimate" : "published",
        entry.text(isEstimate ? "estimate" : "source"),
      ]
    }
    return PageTable(
      "Numbers of the chip \(chip.text("title"))", columns: names.map { PageTable.Column($0, isNumeric: false) },
      cells: rows.map { $0.map { Table.Cell($0) } }, names: names, values: rows.map { $0.map { .text($0) } })
  }

  private var entries: [(name: String, value: JSONValue)] {
    guard case .object(let members) = chip else { return [] }
    return members.flatMap { member -> [(name: String, value: JSONValue)] in
      switch member.value {
      case .list(let entries) where member.name == "barrier": return entries.map { ("barrier", $0) }
      case .object where member.value["source"] != nil || member.value["estimate"] != nil:
        return [(member.name, member.value)]
      case .object(let inside): return inside.map { ("\(member.name).\($0.name)", $0.value) }
      case .null: return [(member.name, .null)]
      default: return []
      }
    }
  }

  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .null: "not published"
    case .text(let text): text
    case .list(let values): values.map(text).joined(separator: ", ")
    default: String(value.text().dropLast())
    }
  }
}
