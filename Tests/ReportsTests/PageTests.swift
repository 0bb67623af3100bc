import Foundation
import Reports
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Pages and pictures hold together whatever they are about.
@Suite struct PageTests {
  /// Names that end an element, an attribute, a script or a number of columns where nobody takes care.
  static let hostile = [
    "<script>alert(1)</script>", "\" onmouseover=\"alert(1)", "'\u{301} onfocus='alert(1)",
    "\"\u{301} onclick=alert(1) ",
    "</script><img src=x onerror=alert(1)>", "{{title}}{{{style}}}", "<!--", "]]>", "&amp;&lt;", "日本語の写真",
    "\u{202E}txt.png", "\u{0}\u{1F}\u{FFFE}", String(repeating: "long", count: 500),
  ]

  private static func figures(_ name: String) -> [Page.Figure] {
    [
      .init(
        "chart",
        Chart(name, x: .init(name), y: .init(name), [.init(name, [.init(1, 2, tip: name), .init(2, 3)])]).drawing,
        note: name),
      .init("bars", StackedBars(name, name, unit: "J", parts: [name], [.init(name, [1e-6], marks: name)]).drawing),
      .init(
        "mesh",
        MeshMap(
          name, name, unit: "s", marks: name, cores: [.init(0, x: 0, y: 0, value: 1)],
          links: [.init(x: 0, y: 0, dx: 1, dy: 0, value: 3)]
        ).drawing),
      .init("raster", SpikeRaster(name, group: name, groups: 2, steps: 2, counts: [0, 1, 2, 0]).drawing),
    ]
  }

  @Test(arguments: hostile) func everyNameIsTextInEveryPicture(name: String) throws {
    for figure in Self.figures(name) {
      let delegate = Names()
      let parser = XMLParser(data: Data(figure.drawing.svg.utf8))
      parser.delegate = delegate
      #expect(parser.parse(), "\(figure.name): \(name.prefix(30))")
      #expect(
        delegate.elements.isSubset(of: ["svg", "title", "desc", "style", "rect", "text", "g", "path", "circle"]))
      #expect(!delegate.attributes.contains { $0.hasPrefix("on") || $0 == "href" || $0 == "src" })
    }
  }

  /// Of a table of some lines, all are in view; one of very many is looked at through a window.
  @Test(arguments: [60, 61]) func aTableOfManyLinesScrollsByItself(lines: Int) throws {
    let table = PageTable(
      "t", columns: [.init("n")], cells: (0..<lines).map { [Table.Cell("\($0)")] }, names: ["n"],
      values: (0..<lines).map { [.integer(Int64($0))] })
    let html = try Page(title: "", subtitle: "", legend: [], sections: [.init("s", [.table(table)])]).html()
    #expect(html.contains("<div class=\"table tall\"") == (lines > 60))
  }

  @Test(arguments: hostile) func everyNameIsTextInAPage(name: String) throws {
    let table = PageTable(
      name, columns: [.init(name)], cells: [[.init(name, marks: name)]], names: [name], values: [[.text(name)]])
    let page = Page(
      title: name, subtitle: name, legend: [name],
      sections: [
        .init(name, [.text(name), .list([name]), .details(name, [name]), .table(table), .figures(Self.figures(name))])
      ])
    let (html, plain) = (try page.html(), try Self.page(of: "plain").html())
    // A name adds no tag, no attribute that does something, and no end of the data.
    for piece in ["<script", "</script", "<img", "<!--"] {
      let (ours, usual) = (html.components(separatedBy: piece).count, plain.components(separatedBy: piece).count)
      #expect(ours == usual, "\(piece)")
    }
    let tags = html.prefix(upTo: html.range(of: "<script")?.lowerBound ?? html.endIndex).replacing(/"[^"]*"/, with: "")
    let hasHandler = tags.contains(/<[a-z][^>]*\son[a-z]+\s*=/)
    #expect(!hasHandler)
    let data = try #require(
      html.firstMatch(of: /<script type="application\/json" id="data">(.*?)<\/script>/.dotMatchesNewlines()))
    let json = try JSONValue(parsing: Data(data.1.utf8))
    #expect(json["title"] == .text(name))
  }

  /// What is in files of its own goes first, in order, each with a word in its place; the rest stays.
  @Test func aPageThatIsTooLargeLeavesOutWhatIsInFiles() throws {
    let values = (0..<2000).map { [JSONValue.integer($0)] }
    let data = PageTable("steps.csv", names: ["step"], values: values)
    let points = (0..<2000).map { Chart.Point(Double($0), Double($0 % 7)) }
    let large = Chart("All points", x: .init("x"), y: .init("y"), [.init("s", points, style: .points)]).drawing
    let page = Page(
      title: "t", subtitle: "",
      sections: [.init("s", [.figures([.init("all", large)] + Self.figures("x")), .downloads([data])])])
    let whole = try page.html()
    #expect(try page.html(atMost: whole.utf8.count) == whole)
    let withoutData = try page.html(atMost: whole.utf8.count - 1)
    #expect(withoutData.utf8.count < whole.utf8.count)
    #expect(withoutData.contains("The values that were to be downloaded here are too many for this page"))
    #expect(!withoutData.contains("steps.csv") && !withoutData.contains("too large for this page"))
    let withoutChart = try page.html(atMost: withoutData.utf8.count - 1)
    #expect(withoutChart.contains("All points: the chart is too large for this page; it is in the file all.svg."))
    #expect(withoutChart.components(separatedBy: "too large for this page").count == 2, "the others stay")
    #expect(withoutChart.contains("class=\"chart\""))
    let least = try page.html(atMost: 1)
    #expect(least.components(separatedBy: "too large for this page").count == 1 + 5)
    #expect(!least.contains("class=\"chart\""))
  }

  @Test func aPageThatIsStillTooLargeLeavesOutItsLargestPictures() throws {
    func picture(_ name: String, _ bytes: Int) -> Page.Picture { .init(name, png: Data(repeating: 1, count: bytes)) }
    let page = Page(
      title: "t", subtitle: "",
      sections: [
        .init("s", [.pictures([picture("small", 3000), picture("large", 90_000), picture("middle", 30_000)])])
      ])
    let whole = try page.html().utf8.count
    for (most, kept) in [(whole, 3), (whole - 1, 2), (whole - 119_000, 2), (whole - 130_000, 1), (1, 0)] {
      let html = try page.html(atMost: most)
      #expect(html.components(separatedBy: "<img ").count == 1 + kept, "\(most)")
      #expect(html.components(separatedBy: "the picture is too large for this page").count == 1 + 3 - kept)
      #expect(kept == 0 || html.contains("alt=\"small\""))
    }
  }

  private static func page(of name: String) -> Page {
    Page(title: name, subtitle: name, sections: [.init(name, [.text(name)])])
  }

  @Test func aPageAsksNobodyForAnything() throws {
    let html = try Self.page(of: "x").html()
    #expect(html.contains("default-src 'none'"))
    #expect(html.firstMatch(of: /https?:\/\/(?!www\.w3\.org)/) == nil)
  }

  @Test func aPictureHasAMarkForEachDatum() {
    #expect(Self.figures("a").map(\.drawing.markCount) == [2, 1, 2, 2])
    let many = Chart("", x: .init(""), y: .init(""), [.init("line", (0..<1000).map { .init(Double($0), 1) })])
    #expect((20...30).contains(many.drawing.markCount))
    let points = Chart(
      "", x: .init(""), y: .init(""), [.init("", (0..<1000).map { .init(Double($0), 1) }, style: .points)])
    #expect(points.drawing.markCount == 1000)
  }

  /// WCAG 2.2, 1.4.11, for graphics, and 1.4.3 for the words in them.
  @Test func coloursStandOutOnTheirGround() throws {
    for (colours, ground) in [(Palette.light, Palette.lightPaper), (Palette.dark, Palette.darkPaper)] {
      for colour in colours { #expect(try Self.contrast(colour, ground) >= 3, "\(colour) on \(ground)") }
    }
  }

  /// Machado, Oliveira & Fernandes (2009), severity 1: what is left of a colour without one kind of cone. Of the six
  /// that bars have; the series of charts have markers of their own, too.
  @Test func theColoursOfBarsStayApartForColourBlindPeople() throws {
    let matrices: [[[Double]]] = [
      [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
      [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
      [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ]
    for colours in [Palette.light, Palette.dark] {
      for matrix in matrices {
        let seen = try colours.prefix(6).map { colour in
          let linear = try Self.linear(colour)
          return matrix.map { row in zip(row, linear).reduce(0) { $0 + $1.0 * $1.1 } }
        }
        for (place, a) in seen.enumerated() {
          for b in seen[..<place] {
            let distance = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
            #expect(distance > 0.08, "\(colours[place])")
          }
        }
      }
    }
  }

  private static func linear(_ colour: String) throws -> [Double] {
    let value = try #require(UInt32(colour.dropFirst(), radix: 16))
    return [16, 8, 0].map { shift in
      let channel = Double(value >> UInt32(shift) & 0xFF) / 255
      return channel <= 0.04045 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4)
    }
  }

  private static func contrast(_ a: String, _ b: String) throws -> Double {
    let luminances = try [a, b].map { colour in
      zip([0.2126, 0.7152, 0.0722], try linear(colour)).reduce(0) { $0 + $1.0 * $1.1 }
    }.sorted()
    return (luminances[1] + 0.05) / (luminances[0] + 0.05)
  }

  /// Names of elements and attributes.
  private final class Names: NSObject, XMLParserDelegate {
    var elements: Set<String> = [], attributes: Set<String> = []

    func parser(
      _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      elements.insert(element)
      self.attributes.formUnion(attributes.keys)
    }
  }
}
