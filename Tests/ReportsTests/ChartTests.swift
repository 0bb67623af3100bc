import Foundation
import Reports
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ChartTests {
  static let chart = Chart(
    "A & B", x: .init("energy (mJ)", isLogarithmic: true), y: .init("PSNR (dB)"),
    [
      .init("first <one>", [.init(1, 10, low: 9, high: 11), .init(10, 20), .init(100, 15)]),
      .init("second", [.init(1, 12), .init(-1, 5), .init(.nan, 3)], style: .points),
    ])

  @Test func aChartIsWellFormed() {
    #expect(XMLParser(data: Data(Self.chart.svg.utf8)).parse())
  }

  @Test func itNamesItsAxesWithUnitsAndEverySeries() {
    for text in ["A &amp; B", "energy (mJ)", "PSNR (dB)", "first &lt;one&gt;", "second"] {
      #expect(Self.chart.svg.contains(">\(text)<"))
    }
  }

  @Test func equalRatiosAreEqualDistancesOnALogarithmicAxis() throws {
    // The markers of the first series, a circle each, the last one being the legend's.
    let places = Self.chart.svg.matches(of: /<circle cx="([\d.]+)" cy="([\d.]+)"/).map {
      (Double($0.1) ?? 0, Double($0.2) ?? 0)
    }
    try #require(places.count == 4)
    #expect(abs((places[1].0 - places[0].0) - (places[2].0 - places[1].0)) < 0.2)
    // Up is more.
    #expect(places[1].1 < places[2].1 && places[2].1 < places[0].1)
  }

  /// Texts that end left of a picture, or right of it, are cut off.
  @Test func noLabelLeavesItsPicture() throws {
    let names = [
      "photographs/of/a/long/walk/camera.png", "日本語日本語日本語日本語日本語日本語.png", String(repeating: "WM", count: 40), "i",
    ]
    let bars = StackedBars(
      "t", "energy", unit: "J", parts: ["synapses", String(repeating: "part ", count: 30)],
      names.map { .init($0, [1.234e-6, 2.345e-6], marks: "*†‡") })
    let chart = Chart(
      "t", x: .init(String(repeating: "axis ", count: 40)), y: .init(String(repeating: "axis ", count: 40)),
      names.map { .init($0, [.init(0.00125, 1), .init(0.0625, 123456)]) })
    for drawing in [bars.drawing, chart.drawing] {
      let svg = drawing.svg
      let texts = svg.matches(of: /<text x="([-\d.]+)" y="[-\d.]+"(?: text-anchor="(\w+)")?[^>]*>([^<]*)</)
      #expect(texts.count > 8)
      for text in texts {
        let x = try #require(Double(text.1)), width = Labels.width(String(text.3))
        let left = text.2 == "end" ? x - width : text.2 == "middle" ? x - width / 2 : x
        #expect(left >= 0 && left + width <= drawing.width, "\(text.3)")
      }
    }
    // The name of a file stays.
    #expect(bars.drawing.svg.contains("…") && bars.drawing.svg.contains("/camera.png<"))
  }

  @Test func aBarOfNothingKnownIsADashAndOneOfSomethingItsSum() {
    let bars = [
      StackedBars.Bar("a", [.nan, .nan], marks: "†"), .init("b", [.nan, 2], marks: "†"), .init("c", [0, 0]),
    ]
    let drawing = StackedBars("t", "energy", unit: "J", parts: ["static", "network"], bars).drawing
    #expect(drawing.markCount == 1)
    #expect(drawing.summary.hasSuffix(". a: –†; b: 2.00 J†; c: 0 J."))
    #expect(drawing.svg.matches(of: /\b(nan|inf)\b/).isEmpty)
  }

  @Test func eachPartOfABarHasItsOwnMarks() {
    let bar = StackedBars.Bar("a", [1, 2], marks: "*†", partMarks: ["*", ""])
    let svg = StackedBars("t", "energy", unit: "J", parts: ["static", "network"], [bar]).drawing.svg
    for text in ["a, static: 1.00 J*<", "a, network: 2.00 J<", ">3.00 J*†<"] { #expect(svg.contains(text), "\(text)") }
  }

  @Test func aChartIsDrawnFromItsDataAsItWas() throws {
    let styles: [Chart.Style] = [.line, .points, .steps, .front, .crosses]
    let chart = Chart(
      "|a| < c & \"d\"", x: .init("λ", isLogarithmic: true), y: .init("PSNR (dB)", includesZero: true),
      styles.enumerated().map { place, style in
        .init("s\(place)", [.init(0.1, 2.5, low: -1, high: 3, tip: "<b>"), .init(1e-200, 7)], style: style)
      })
    #expect(try Chart(JSONValue(parsing: Data(chart.json.text().utf8))) == chart)
    // What is not drawn is not told.
    let withMore = Chart(
      "t", x: chart.x, y: chart.y, [.init("s", [.init(-1, 2), .init(1, .nan), .init(.infinity, 1), .init(2, 3)])])
    let back = try Chart(withMore.json)
    #expect(back.series.map(\.points) == [[.init(2, 3)]] && back.svg == withMore.svg)
  }

  @Test(arguments: [
    #"{"title": "t"}"#, #"{"title": "t", "x": {}, "y": {"label": "y"}, "series": []}"#,
    #"{"title": "t", "x": {"label": "x"}, "y": {"label": "y"}, "series": [{"name": "s", "style": "dots", "points": []}]}"#,
    #"{"title": "t", "x": {"label": "x"}, "y": {"label": "y"}, "series": [{"name": "s", "style": "line", "points": [1]}]}"#,
    #"{"title": "t", "x": {"label": "x"}, "y": {"label": "y"}, "series": [{"name": "s", "style": "line", "points": [{"x": 1, "y": 1e308}]}]}"#,
    #"{"title": "t", "x": {"label": "x"}, "y": {"label": "y"}, "series": [{"name": "s", "style": "line", "points": [{"x": 5e-324, "y": 1}]}]}"#,
    #"{"title": "\#(String(repeating: "long", count: 2000))", "x": {"label": "x"}, "y": {"label": "y"}, "series": []}"#,
  ]) func dataThatAreNoChartAreRefused(json: String) throws {
    let value = try JSONValue(parsing: Data(json.utf8))
    #expect(throws: ReportError.self) { try Chart(value) }
  }

  @Test func headingsGoOnInTheNextLineAndOnlyWhatIsTooLongEvenThenIsShortened() {
    let text = "Damage: events lost, protocol: peak norm, λ = 0.01, stride 1"
    let lines = Labels.wrapped(text, 200, lines: 3)
    #expect(lines.count > 1 && lines.joined(separator: " ") == text)
    #expect(lines.allSatisfy { Labels.width($0) <= 200 })
    #expect(Labels.wrapped("short", 200, lines: 3) == ["short"])
    let two = Labels.wrapped(text, 100, lines: 2)
    #expect(two.count == 2 && two[1].contains("…") && two.allSatisfy { Labels.width($0) <= 100 })
    let word = Labels.wrapped(String(repeating: "w", count: 100), 100, lines: 3)
    #expect(word.count == 1 && word[0].contains("…") && Labels.width(word[0]) <= 100)
  }

  @Test func longNamesLoseFoldersFirstAndThenTheirMiddle() {
    #expect("banks/very/long/b.npz".shortened(to: 12) == "…/long/b.npz")
    #expect("heterogeneous-and-long.npz".shortened(to: 12) == "het…long.npz")
    #expect("short".shortened(to: 12) == "short")
    #expect("a/heterogeneous-and-long.npz".shortened(to: 12) == "het…long.npz")
  }

  /// A character of Chinese takes two.
  @Test func aTerminalsColumnsAreCountedNotCharacters() {
    #expect("日本語日本語.npz".shortened(toColumns: 16) == "日本語日本語.npz")
    #expect("日本語日本語.npz".shortened(toColumns: 12) == "日本…語.npz")
    #expect("heterogeneous-and-long.npz".shortened(toColumns: 12) == "het…long.npz")
  }

  /// The colours of a raster are levels of equal ratios, whatever the largest number is.
  @Test(arguments: [1, 7, 100_000, 3_000_000]) func tipsOfARasterShareOutAllNumbersOfSpikes(_ largest: Int) throws {
    let counts = (0...24).map { min(1 << $0, largest) } + (1...min(largest, 20)) + [largest]
    let raster = SpikeRaster("t", group: "kernel", groups: 1, steps: counts.count, counts: counts)
    let tips = raster.drawing.svg.matches(of: /<title>(\d+)(?: to (\d+))? spikes a cell<\/title>/).map { match in
      (Int(match.1) ?? 0)...(match.2.flatMap { Int($0) } ?? Int(match.1) ?? 0)
    }
    #expect(tips.first?.lowerBound == 1 && tips.last?.upperBound == largest)
    #expect(zip(tips, tips.dropFirst()).allSatisfy { $0.upperBound + 1 == $1.lowerBound })
    #expect(tips.count == raster.drawing.markCount)
  }

  @Test func whatCannotBeDrawnIsLeftOut() {
    // One square in the chart and one in the legend.
    #expect(Self.chart.svg.components(separatedBy: "<rect x=").count - 1 == 2)
    #expect(Self.chart.drawing.markCount == 4)
    #expect(!Self.chart.svg.contains("nan"))
    let empty = Chart("none", x: .init("x"), y: .init("y"), [])
    #expect(XMLParser(data: Data(empty.svg.utf8)).parse())
  }

  /// Side by side, a colour or a width means the same in both.
  @Test func mapsOfOneScaleHaveTheSameColourForTheSameValue() {
    func colours(_ values: [Double], scale: Double?) -> [String] {
      let cores = values.enumerated().map { MeshMap.Core($0, x: $0, y: 0, value: $1) }
      let svg = MeshMap("", "busy", unit: "s", scale: scale, cores: cores).drawing.svg
      return svg.matches(of: /fill="(#\w+)" class="mark/).map { String($0.1) }
    }
    #expect(colours([1], scale: 2) == [colours([1, 2], scale: 2)[0]])
    #expect(colours([1], scale: 2) != colours([1], scale: nil))
    func widths(_ values: [Double], scale: Double?) -> [String] {
      let links = values.enumerated().map { MeshMap.Link(x: $0, y: 0, dx: 1, dy: 0, value: $1) }
      let svg = MeshMap("", "load", unit: "1", scale: scale, links: links + [.init(x: 5, y: 0, dx: 1, dy: 0, value: 0)])
        .drawing.svg
      return svg.matches(of: /stroke-width="([\d.]+)" class="mark/).map { String($0.1) }
    }
    #expect(widths([4], scale: 8)[0] == widths([4, 8], scale: nil)[0])
    #expect(widths([4], scale: 8)[0] != widths([4], scale: nil)[0])
  }

  @Test func sevenSeriesHaveShapesOfTheirOwnAndAFrontNoneOfTheirColours() throws {
    let series = (0..<7).map { Chart.Series("s\($0)", [.init(1, 1)], style: .points) }
    let front = Chart.Series("front", [.init(1, 1), .init(2, 2)], style: .front)
    let svg = Chart("", x: .init("x"), y: .init("y"), series + [front]).svg
    // Of a mark: the element, what is drawn of it, and whether it is hollow.
    let shapes = svg.matches(of: /<(\w+) ([^>]*)class="mark s\d( hollow)?"/).map { match in
      "\(match.1) \(match.2.filter { $0.isLetter || $0 == "-" }) \(match.3 ?? "")"
    }
    #expect(shapes.count == 7 && Set(shapes).count == 7, "\(shapes)")
    #expect(svg.contains("class=\"front line\""))
    // A second front has other dashes, in the legend too, and one whose points coincide is seen.
    let second = Chart.Series("second", [.init(1, 2), .init(1, 2)], style: .front)
    let both = Chart("", x: .init("x"), y: .init("y"), [front, second]).svg
    #expect(both.components(separatedBy: "class=\"front line\"").count == 3)
    #expect(both.components(separatedBy: "class=\"front d1 line\"").count == 3)
  }

  @Test func aMapShowsTheTilesInUseOrAllOfAMesh() throws {
    let cores = [MeshMap.Core(0, x: 1, y: 1, value: 1), .init(1, x: 2, y: 1, value: 2)]
    func squares(_ mesh: MeshMap.Size?) throws -> Int {
      let svg = MeshMap("", "busy", unit: "s", mesh: mesh, cores: cores).drawing.svg
      return try #require(svg.firstMatch(of: /<path d="([^"]*)" class="grid"/)?.1).count { $0 == "M" }
    }
    #expect(try squares(nil) == 2)
    #expect(try squares(.init(columns: 8, rows: 4)) == 32)
    // What is in use is shown, whatever the mesh is said to be.
    #expect(try squares(.init(columns: 1, rows: 1)) == 6)
    let map = MeshMap("", "busy", unit: "s", mesh: .init(columns: 8, rows: 4), cores: cores).drawing
    #expect(map.markCount == 2)
  }

  @Test(arguments: [
    ([0.1, 0.2, 0.4], true), ([1, 10, 100, 1000], true), ([0.1, 0.2, 0.3], false), ([1, 2, 3, 4, 5, 6, 7, 8], false),
    ([0, 1, 10], false), ([1, 100], false), ([4, 5, 6], false),
  ])
  func anAxisIsLogarithmicWhereItsValuesAreSpreadSo(_ values: [Double], _ isLogarithmic: Bool) {
    #expect(Chart.Axis.suitsLogarithm(values) == isLogarithmic)
  }
}
