import DataFiles
import Foundation
import Reports

/// The page of a study: its tables and charts, as its folder has them.
struct StudyReport {
  let folder: String
  private let tables: [JSONValue]
  private let charts: [(name: String, chart: Chart)]
  private let introduction: [String]

  /// Reads `tables.json`, `pictures.json` and `study.md`.
  ///
  /// - Throws: `FileError` or `ReportError` if a file is damaged.
  init(folder: String) throws {
    self.folder = folder
    let file = "\(folder)/tables.json"
    guard case .list(let tables) = try JSONValue(ofFile: file) else {
      throw ReportError("\(file): is not a list of tables, as rheobase study writes it")
    }
    self.tables = tables
    charts = try Self.charts(of: "\(folder)/\(StudyPage.chartsFile)")
    let page = "\(folder)/study.md"
    let text =
      FileManager.default.fileExists(atPath: page)
      ? String(decoding: try bytes(ofFile: page, maximumBytes: 1 << 26), as: UTF8.self) : ""
    introduction = text.components(separatedBy: "\n\n").map { $0.trimmingCharacters(in: .newlines) }
      .prefix { !$0.hasPrefix("## ") || $0 == "## In short" }.filter { !$0.hasPrefix("#") && !$0.isEmpty }
  }

  var page: Page {
    let used = Set(tables.flatMap { StudyPage.pictures(of: $0.text("name"), among: charts.map(\.name)) })
    let rest = charts.filter { !used.contains($0.name) }.map(figure)
    let (kernels, lists) = (banks, lists)
    var sections = [Page.Section("In short", inShort)]
    sections += shownTables.map { table in
      let figures = figures(of: table.text("name"))
      return Page.Section(
        table.text("title"), [.table(StudyPageTable(table).table)] + (figures.isEmpty ? [] : [.figures(figures)]))
    }
    if !rest.isEmpty { sections.append(.init("More charts", [.figures(rest)])) }
    if !kernels.isEmpty { sections.append(.init("Kernels", [.pictures(kernels)])) }
    if !lists.isEmpty { sections.append(.init("Lists", [.downloads(lists)])) }
    return Page(
      title: "Kernel heterogeneity: a study", subtitle: URL(fileURLWithPath: folder).lastPathComponent,
      legend: StatisticMarks.legend(of: marks) + ["[…, …]: interval of 95 % or more; (…): number of photographs"],
      sections: sections)
  }

  /// Long lists are not shown.
  private var shownTables: [JSONValue] { tables.filter { $0["in page"] != .flag(false) } }

  private var lists: [PageTable] {
    tables.filter { $0["in page"] == .flag(false) }.map { StudyPageTable($0).list }
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

  private static func charts(of file: String) throws -> [(name: String, chart: Chart)] {
    guard FileManager.default.fileExists(atPath: file) else {
      throw ReportError("\(file): is missing; rheobase study, run again, makes it, and does only what is missing")
    }
    guard case .list(let charts) = try JSONValue(ofFile: file) else {
      throw ReportError("\(file): is not a list of charts, as rheobase study writes it")
    }
    return try charts.map { json in
      do { return (json.text("name"), try Chart(json["chart"] ?? .null)) } catch let error as ReportError {
        throw ReportError("\(file): \(error)")
      }
    }
  }

  private func figures(of table: String) -> [Page.Figure] {
    let names = Set(StudyPage.pictures(of: table, among: charts.map(\.name)))
    return charts.filter { names.contains($0.name) }.map(figure)
  }

  private func figure(_ name: String, _ chart: Chart) -> Page.Figure { Page.Figure(name, chart.drawing) }

  /// Banks as PNG, which is a tenth of the size.
  private var banks: [Page.Picture] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/pictures")) ?? []
    return files.sorted().filter { $0.hasPrefix("bank-") && $0.hasSuffix(".png") }.compactMap { file in
      (try? bytes(ofFile: "\(folder)/pictures/\(file)", maximumBytes: 1 << 24)).map { png in
        Page.Picture(String(file.dropFirst("bank-".count).dropLast(".png".count)), png: png)
      }
    }
  }
}

/// One table of `tables.json`.
private struct StudyPageTable {
  private let json: JSONValue

  init(_ json: JSONValue) { self.json = json }

  var table: PageTable {
    let columns = (json["columns"]?.asList ?? []).map { $0.asText ?? "" }
    let rows = (json["rows"]?.asList ?? []).map { $0.asList ?? [] }
    return PageTable(
      json.text("title"),
      columns: columns.enumerated().map { place, name in
        PageTable.Column(name, isNumeric: !rows.contains { $0.indices.contains(place) && $0[place].asText != nil })
      }, cells: rows.map { $0.map(cell) }, names: columns, values: rows.map { $0.map(value) })
  }

  /// The table to be downloaded only, called as its file is.
  var list: PageTable { PageTable("\(json.text("name")).csv", names: table.names, values: table.values) }

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
