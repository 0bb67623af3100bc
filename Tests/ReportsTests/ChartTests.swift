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
    // A second front has other dashes, in the legend too.
    let second = Chart.Series("second", [.init(1, 2), .init(2, 3)], style: .front)
    let both = Chart("", x: .init("x"), y: .init("y"), [front, second]).svg
    #expect(both.components(separatedBy: "class=\"front line\"").count == 3)
    #expect(both.components(separatedBy: "class=\"front d1 line\"").count == 3)
  }

  @Test func frontsThatCoincideAreDrawnBesideEachOther() throws {
    let fronts = (1...4).map { Chart.Series("\($0)", [.init(1, 1), .init(2, 2), .init(3, 4)], style: .front) }
    let svg = Chart("", x: .init("x"), y: .init("y"), fronts).svg
    let starts = svg.matches(of: /<path d="M([\d.]+) ([\d.]+)H[^"]*" class="front/).compactMap { match in
      Double(match.1).flatMap { x in Double(match.2).map { (x: x, y: $0) } }
    }
    #expect(starts.count == 4)
    for (one, next) in zip(starts, starts.dropFirst()) { #expect(one.x - next.x > 2 && one.y - next.y > 2) }
  }

  /// A line about it would look like one of several points.
  @Test func aFrontOfOnePointIsARingAboutItsMarkAndAboutOtherRings() throws {
    let points = Chart.Series("points", [.init(1, 1), .init(2, 2)], style: .points)
    let fronts = [(1.0, 1.0), (1, 1), (2, 2)].map { Chart.Series("f", [.init($0.0, $0.1)], style: .front) }
    let svg = Chart("", x: .init("x"), y: .init("y"), [points] + fronts).svg
    let rings = svg.matches(of: /<circle cx="([\d.]+)" cy="[\d.]+" r="([\d.]+)" class="front/)
    let marks = svg.matches(of: /<circle cx="([\d.]+)" cy="[\d.]+" r="([\d.]+)" class="mark/)
    #expect(rings.map(\.1) == [0, 0, 1].map { marks[$0].1 })
    let radii = try rings.map { try #require(Double($0.2)) }
    #expect(try radii[0] > 1.5 * #require(Double(marks[0].2)) && radii[1] > radii[0] + 2 && radii[2] == radii[0])
    // Lines are in the legend alone.
    #expect(svg.matches(of: /<path d="M\S+ \S+h[\d.]+" class="front/).count == 3)
  }

  /// In black and white, and where lines are short.
  @Test func eightFrontsHaveDashesOfTheirOwnThatTheLegendShowsWhole() throws {
    let fronts = (1...8).map { Chart.Series("front \($0)", [.init(1, Double($0))], style: .front) }
    let svg = Chart("", x: .init("x"), y: .init("y"), fronts).svg
    let styles = svg.matches(of: /\.chart \.(front|d\d)\{[^}]*stroke-dasharray:([^}]+)\}/)
    let dashes = Dictionary(styles.map { (String($0.1), String($0.2)) }) { first, _ in first }
    let lines = svg.matches(of: /<path d="M\S+ \S+h([\d.]+)" class="front ?(d\d)? line"/)
    let drawn = Set(lines.map { dashes[$0.2.map(String.init) ?? "front"] })
    #expect(lines.count == 8 && drawn.count == 8 && !drawn.contains(nil), "\(drawn)")
    for (line, pattern) in lines.compactMap({ line in dashes[line.2.map(String.init) ?? "front"].map { (line, $0) } }) {
      let period = pattern.split(separator: " ").compactMap { Double($0) }.reduce(0, +)
      #expect(try #require(Double(line.1)) > period)
    }
  }

  /// The last value, too, and no label meets another.
  @Test(arguments: [
    ([0.1, 0.2, 0.4], [0.1, 0.4]), ([0.01, 0.1, 1], [0.01, 1]), ([1, 5e6], [1, 5e6]),
    ([4, 8, 16, 32, 64], [4, 64]), ([10, 14], [10, 14]), ([1.2345, 987.6], [1.2, 990]), ([3e-9, 400], [3e-9, 400]),
    ([1e-200, 1], [1e-200, 1]), ([7], [7]), ([9, 110], [9, 110]),
  ])
  func aLogarithmicAxisHasLabelsAtBothEnds(_ values: [Double], _ ends: [Double]) throws {
    let axis = Chart.Axis("x", isLogarithmic: true)
    let svg = Chart("", x: axis, y: .init("y"), [.init("", values.map { .init($0, 1) }, style: .points)]).svg
    let marks = svg.matches(of: /<circle cx="([\d.]+)"/).compactMap { Double($0.1) }
    let labels = svg.matches(of: /<text x="([\d.]+)" y="[\d.]+" text-anchor="middle" class="soft">([^<]+)</)
    let places = try labels.map { try #require(Double($0.1)) }
    let width = try #require(svg.firstMatch(of: /viewBox="0 0 ([\d.]+)/).flatMap { Double($0.1) })
    let decades = log10(values[values.count - 1] / values[0])
    let (first, last) = (marks[0], marks[marks.count - 1])
    let ofDecade = decades > 0 ? (last - first) / decades : 0
    let atEnds = [(first, values[0], labels.first, places.first), (last, values.last ?? 0, labels.last, places.last)]
    for ((mark, value, label, place), end) in zip(atEnds, ends) {
      // A label stays in the picture. Places are rounded to a tenth, those of mark and label.
      let room = try width - 1 - Labels.width(String(#require(label).2)) / 2
      let expected = min(mark + ofDecade * log10(end / value), room)
      #expect(try abs(expected - #require(place)) < 0.2, "\(labels.map(\.2))")
    }
    for (label, next) in zip(labels, labels.dropFirst()) {
      let room = try #require(Double(next.1)) - #require(Double(label.1))
      #expect(room > (Labels.width(String(label.2)) + Labels.width(String(next.2))) / 2, "\(labels.map(\.2))")
    }
  }

  @Test func noMarkIsOnTheFrameOfALogarithmicChart() throws {
    let axis = Chart.Axis("x", isLogarithmic: true)
    let points = [0.001, 0.1, 10, 1000].map { Chart.Point($0, $0) }
    let svg = Chart("", x: axis, y: axis, [.init("", points, style: .points)]).svg
    let frame = try #require(svg.firstMatch(of: /<path d="M([\d.]+) ([\d.]+)V([\d.]+)H([\d.]+)" class="axis"/))
    let marks = svg.matches(of: /<circle cx="([\d.]+)" cy="([\d.]+)"/)
    let (xs, ys) = (marks.compactMap { Double($0.1) }, marks.compactMap { Double($0.2) })
    let (left, right) = try (#require(Double(frame.1)), #require(Double(frame.4)))
    let (top, bottom) = try (#require(Double(frame.2)), #require(Double(frame.3)))
    #expect(try #require(xs.min()) > left + 5 && #require(xs.max()) < right - 5)
    #expect(try #require(ys.min()) > top + 5 && #require(ys.max()) < bottom - 5)
  }

  /// With a label where it meets none.
  @Test(arguments: [([1.0, 280], [10.0, 100]), ([8, 1200], [10, 100, 1000]), ([0.04, 280], [0.1, 1, 10, 100])])
  func everyPowerOfTenOfALogarithmicAxisHasATick(_ ends: [Double], _ powers: [Double]) throws {
    let axis = Chart.Axis("x", isLogarithmic: true)
    let svg = Chart("", x: axis, y: .init("y"), [.init("", ends.map { .init($0, 1) }, style: .points)]).svg
    let marks = svg.matches(of: /<circle cx="([\d.]+)"/).compactMap { Double($0.1) }
    let ticks = svg.matches(of: /<path d="M([\d.]+) [\d.]+V[\d.]+" class="grid"/).compactMap { Double($0.1) }
    for power in powers {
      let place = marks[0] + (marks[1] - marks[0]) * log10(power / ends[0]) / log10(ends[1] / ends[0])
      #expect(ticks.count { abs($0 - place) < 0.2 } == 1, "\(power)")
    }
  }

  @Test func aBarOfASweepSaysOfHowManyPointsItIsTheMean() {
    let bars = [StackedBars.Bar("a", [1], points: 12), .init("b", [2], points: 1)]
    let svg = StackedBars("t", "energy", unit: "J", parts: ["mean"], bars).drawing.svg
    for text in ["a, mean of 12 points: 1.00 J<", "b, mean of 1 point: 2.00 J<"] {
      #expect(svg.contains(text), "\(text)")
    }
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
