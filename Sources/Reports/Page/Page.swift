import DataFiles
import Foundation
import Mustache

/// One page of HTML that needs nothing else: sections of text, tables, charts and pictures, and the tables' values as
/// data.
public struct Page: Sendable {
  /// A part of the page.
  public struct Section: Sendable {
    /// What stands above it.
    public var title: String
    /// What it is made of, from top to bottom.
    public var blocks: [Block]

    /// Makes a section.
    public init(_ title: String, _ blocks: [Block]) { (self.title, self.blocks) = (title, blocks) }
  }

  /// What a section is made of.
  public enum Block: Sendable {
    case text(String)
    case list([String])
    case figures([Figure])
    case pictures([Picture])
    case table(PageTable)
    /// Tables that are not shown, only downloaded.
    case downloads([PageTable])
    /// Lines that are shown on demand.
    case details(String, [String])
  }

  /// A chart, with what it is called as a file and what stands below it.
  public struct Figure: Sendable {
    /// The name of its file, without suffix.
    public var name: String
    /// The chart.
    public var drawing: Drawing
    /// What stands below it; empty for nothing.
    public var note: String

    /// Makes a figure.
    public init(_ name: String, _ drawing: Drawing, note: String = "") {
      (self.name, self.drawing, self.note) = (name, drawing, note)
    }
  }

  /// A picture of pixels that is there already.
  public struct Picture: Sendable {
    /// What stands below it, and is said of it to those who do not see it.
    public var caption: String
    let png: Data

    /// A PNG file.
    public init(_ caption: String, png: Data) { (self.caption, self.png) = (caption, png) }
  }

  /// What stands near the beginning of every page, and tells that it is one.
  public static let generator = FormerFolder.pageMark

  /// What the page is called.
  public var title: String
  /// A line below the title.
  public var subtitle: String
  /// What the marks behind figures mean, and what else must be known of all of them.
  public var legend: [String]
  /// The parts, in order.
  public var sections: [Section]

  /// Makes a page.
  public init(title: String, subtitle: String, legend: [String] = [], sections: [Section]) {
    (self.title, self.subtitle, self.legend, self.sections) = (title, subtitle, legend, sections)
  }

  /// All charts, in order.
  public var figures: [Figure] {
    sections.flatMap(\.blocks).flatMap { block -> [Figure] in
      guard case .figures(let figures) = block else { return [] }
      return figures
    }
  }
}

// MARK: - Rendering

extension Page {
  /// The page as HTML.
  ///
  /// - Throws: `ReportError` if the template that comes with the program cannot be read.
  public func html() throws -> String { try PageTemplate.shared().render(context) }

  private var context: [String: Any] {
    [
      "generator": Self.generator, "title": title, "subtitle": subtitle, "legend": legend,
      "sections": sections.enumerated().map { place, section in
        [
          "id": "section-\(place + 1)", "title": section.title,
          "blocks": section.blocks.enumerated().map { $1.context(id: "t\(place + 1)-\($0 + 1)") },
        ] as [String: Any]
      },
      "style": Palette.style + PageTemplate.style, "script": PageTemplate.script,
      "data": Self.scriptSafe(data.text(expandedDepth: 2)),
    ]
  }

  /// The values of all tables: of each its columns and rows.
  private var data: JSONValue {
    var tables: [JSONValue.Member] = []
    for (place, section) in sections.enumerated() {
      for (inner, block) in section.blocks.enumerated() {
        for (id, table) in block.tables(id: "t\(place + 1)-\(inner + 1)") { tables.append(.init(id, table.json)) }
      }
    }
    return .object([.init("title", .text(title)), .init("tables", .object(tables))])
  }

  /// JSON that cannot end a script element, nor begin a comment in it.
  static func scriptSafe(_ json: String) -> String {
    var result = ""
    result.reserveCapacity(json.utf8.count)
    for scalar in json.unicodeScalars {
      switch scalar {
      case "<", ">", "&", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Page.Block {
  /// The tables in it with their names in the data.
  fileprivate func tables(id: String) -> [(id: String, table: PageTable)] {
    switch self {
    case .table(let table): [(id, table)]
    case .downloads(let tables): tables.enumerated().map { ("\(id)-\($0 + 1)", $1) }
    default: []
    }
  }

  fileprivate func context(id: String) -> [String: Any] {
    switch self {
    case .text(let text): ["text": text]
    case .list(let items): ["list": ["items": items]]
    case .details(let summary, let lines): ["details": ["summary": summary, "lines": lines]]
    case .table(let table): ["table": table.context(id: id)]
    case .downloads: ["downloads": ["items": tables(id: id).map { ["id": $0.id, "name": $0.table.caption] }]]
    case .figures(let figures): ["figures": ["items": figures.map(\.context)]]
    case .pictures(let pictures): ["pictures": ["items": pictures.map(\.context)]]
    }
  }
}

extension Page.Picture {
  fileprivate var context: [String: Any] {
    ["caption": caption, "source": "data:image/png;base64,\(png.base64EncodedString())"]
  }

  /// What it takes of the page, in bytes.
  var size: Int { png.count / 3 * 4 }
}

extension Page.Figure {
  fileprivate var context: [String: Any] {
    var context: [String: Any] = [
      "name": name, "title": drawing.title, "count": drawing.markCount, "svg": drawing.inline,
    ]
    if !note.isEmpty { context["note"] = note }
    return context
  }
}

/// The template, style and script that come with the program, each in a file of its own.
enum PageTemplate {
  static let style = String(decoding: PackageResources.page_css, as: UTF8.self)
  static let script = String(decoding: PackageResources.page_js, as: UTF8.self)

  static func shared() throws -> MustacheTemplate { try template.get() }

  private static let template: Result<MustacheTemplate, ReportError> = {
    MustacheContentTypes.register(ScalarHTML(), named: "SCALAR_HTML")
    do {
      return .success(try MustacheTemplate(string: String(decoding: PackageResources.page_mustache, as: UTF8.self)))
    } catch {
      return .failure(ReportError("the template of the page is not one: \(error)"))
    }
  }()

  /// The library's own escaping goes by characters, and misses a quote with a combining mark.
  private struct ScalarHTML: MustacheContentType {
    func escapeText(_ text: String) -> String { SVG.escaped(text) }
  }
}
