import DataFiles
import Foundation
import Reports

/// The page of a study: its tables and pictures, as its folder has them.
struct StudyReport {
  let folder: String
  private let tables: [JSONValue]
  private let introduction: [String]

  /// Reads `tables.json` and `study.md`.
  ///
  /// - Throws: `FileError` or `ReportError` if a file is damaged.
  init(folder: String) throws {
    self.folder = folder
    let file = "\(folder)/tables.json"
    guard case .list(let tables) = try JSONValue(ofFile: file) else {
      throw ReportError("\(file): is not a list of tables, as rheobase study writes it")
    }
    self.tables = tables
    let page = "\(folder)/study.md"
    let text =
      FileManager.default.fileExists(atPath: page)
      ? String(decoding: try bytes(ofFile: page, maximumBytes: 1 << 26), as: UTF8.self) : ""
    introduction = text.components(separatedBy: "\n\n").map { $0.trimmingCharacters(in: .newlines) }
      .prefix { !$0.hasPrefix("## ") || $0 == "## In short" }.filter { !$0.hasPrefix("#") && !$0.isEmpty }
  }

  var page: Page {
    let used = Set(tables.flatMap { pictures(of: $0.text("name")) })
    let rest = names.filter { !used.contains($0) && !$0.hasPrefix("bank-") }
    let kernels = names.filter { $0.hasPrefix("bank-") }
    var sections = [Page.Section("In short", inShort)]
    sections += tables.map { table in
      let shown = pictures(of: table.text("name")).compactMap(picture)
      return Page.Section(
        table.text("title"), [.table(StudyPageTable(table).table)] + (shown.isEmpty ? [] : [.pictures(shown)]))
    }
    if !rest.isEmpty { sections.append(.init("More pictures", [.pictures(rest.compactMap(picture))])) }
    if !kernels.isEmpty { sections.append(.init("Kernels", [.pictures(kernels.compactMap(bank))])) }
    return Page(
      title: "Kernel heterogeneity: a study", subtitle: URL(fileURLWithPath: folder).lastPathComponent,
      legend: StatisticMarks.legend(of: marks) + ["[…, …]: 95 % interval; (…): number of photographs"],
      sections: sections)
  }

  private var inShort: [Page.Block] {
    let legend = Set(StatisticMarks.legend(of: marks))
    return introduction.compactMap { part in
      // The little of Markdown that it has.
      let plain = part.replacing("**", with: "").replacing("`", with: "").replacing("\\*", with: "*")
      let lines = plain.split(separator: "\n").map { String($0).withMinus }
      guard lines.allSatisfy({ $0.hasPrefix("- ") }) else { return .text(lines.joined(separator: " ")) }
      // The page has a legend of its own.
      let items = lines.map { String($0.dropFirst(2)) }.filter { !legend.contains($0) }
      return items.isEmpty ? nil : .list(items)
    }
  }

  /// The marks of all figures.
  private var marks: [StatisticMarks] {
    tables.flatMap { $0["rows"]?.asList ?? [] }.flatMap { $0.asList ?? [] }.map(StatisticMarks.init(of:))
  }

  // MARK: Pictures

  /// Names of the SVG files, banks as PNG, which is a tenth of the size.
  private var names: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/pictures")) ?? []
    return Set(files.map { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent }).sorted()
  }

  private func pictures(of table: String) -> [String] {
    StudyPage.pictures(of: table, among: names)
  }

  private func picture(_ name: String) -> Page.Picture? {
    let path = "\(folder)/pictures/\(name).svg"
    guard let svg = try? bytes(ofFile: path, maximumBytes: 1 << 22) else { return nil }
    let text = String(decoding: svg, as: UTF8.self)
    let title = Drawing.title(ofFile: text) ?? name
    let summary = Drawing.summary(ofFile: text).map { "\(title). \($0)" }
    return Page.Picture(title, summary: summary ?? title, svg: svg)
  }

  private func bank(_ name: String) -> Page.Picture? {
    (try? bytes(ofFile: "\(folder)/pictures/\(name).png", maximumBytes: 1 << 24)).map { png in
      Page.Picture(String(name.dropFirst("bank-".count)), png: png)
    }
  }
}

/// One table of `tables.json`.
private struct StudyPageTable {
  private let json: JSONValue

  init(_ json: JSONValue) { self.json = json }

  var table: PageTable {
    let columns = list(json["columns"]).map { if case .text(let name) = $0 { name } else { "" } }
    let rows = list(json["rows"]).map(list)
    return PageTable(
      json.text("title"),
      columns: columns.enumerated().map { place, name in
        PageTable.Column(name, isNumeric: !rows.contains { $0.indices.contains(place) && isText($0[place]) })
      }, cells: rows.map { $0.map(cell) }, names: columns, values: rows.map { $0.map(value) })
  }

  private func list(_ json: JSONValue?) -> [JSONValue] { if case .list(let values)? = json { values } else { [] } }
  private func isText(_ json: JSONValue) -> Bool { if case .text = json { true } else { false } }

  /// The number that a cell is sorted by.
  private func value(_ json: JSONValue) -> JSONValue {
    guard let value = json["value"] else { return json }
    guard let number = value.asNumber else { return value }
    return .real(StatisticMarks(of: json).known(number, unit: json.text("unit")))
  }

  private func cell(_ json: JSONValue) -> Table.Cell {
    func number(_ json: JSONValue?) -> String {
      switch json {
      case .integer(let value)?: "\(value)"
      case .real(let value)?: NumberFormat.plain(value, unit: "1")
      default: "–"
      }
    }
    switch json {
    case .text(let text): return Table.Cell(text)
    case .object:
      if case .text(let unit)? = json["unit"] {
        let marks = StatisticMarks(of: json)
        let value = marks.known(json["value"]?.asNumber ?? .nan, unit: unit)
        return Table.Cell(NumberFormat.engineering(value, unit: unit), marks: marks.symbols)
      }
      let interval = json["low"] == .null ? "" : " [\(number(json["low"])), \(number(json["high"]))]"
      return Table.Cell("\(number(json["value"]))\(interval) (\(number(json["count"])))".withMinus)
    default: return Table.Cell(number(json).withMinus)
    }
  }
}

extension String {
  /// With a minus sign before negative numbers, not the hyphen that names have.
  fileprivate var withMinus: String {
    replacing(/(^|[\s\[(])-(\d)/) { "\($0.output.1)−\($0.output.2)" }
  }
}
