import Foundation
import Reports
import TestSupport
import Testing

/// What `rheobase report` makes.
@Suite struct ReportTests {
  /// A name that would be markup in a place that does not take care.
  private static let hostile = "\"'\u{301} onmouseover=alert(1) <img src=x onerror=alert(2)>&amp; 日本語 {{{style}}}"

  @Test func aResultHasAPageAndChartsOfItsOwn() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "30"]
      try #require(try await rheobase(run + ["--output", "r"]).status.isSuccess)
      let made = try await rheobase("report", "r", "--output", "page.html")
      try #require(made.status.isSuccess, "\(made.errors)")
      #expect(made.output == "Report: page.html\n")
      let html = String(decoding: try rheobase.data("page.html"), as: UTF8.self)
      #expect(html.utf8.count < 3_000_000)
      let charts = try FileManager.default.contentsOfDirectory(atPath: rheobase.path("r/charts")).sorted()
      let names = html.matches(of: /data-name="([^"]+)"/).map { String($0.1) }
      #expect(charts == names.map { "\($0).svg" }.sorted())
      #expect(
        names == [
          "energy", "gap-time", "psnr-time", "gap-energy", "psnr-energy", "cores", "links", "raster", "rate",
        ])
      // Whatever was not recorded is said, and the rest is there.
      for name in ["steps.csv", "spikes.csv", "links.csv", "chip.json", "image.png", "bank.png"] {
        try FileManager.default.removeItem(atPath: rheobase.path("r/\(name)"))
      }
      try #require(try await rheobase("report", "r").status.isSuccess)
      let poor = String(decoding: try rheobase.data("r/report.html"), as: UTF8.self)
      #expect(poor.contains("Not recorded in this result; run with --traces steps."))
      #expect(poor.matches(of: /data-name="([^"]+)"/).map { String($0.1) } == ["energy", "cores"])
    }
  }

  @Test func whatIsNoResultIsRefused() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("empty"), withIntermediateDirectories: false)
      try rheobase.write("", to: "s.yaml")
      for (folder, reason) in [
        ("empty", "is no result; name the folder that rheobase run, compare, study or sweep has written"),
        ("nowhere", "there is no such folder"),
        ("s.yaml", "is a file; name the folder with its results (--output of run, compare, study or sweep)"),
      ] {
        let outcome = try await rheobase("report", folder)
        #expect(!outcome.status.isSuccess && outcome.errors == "rheobase: error: \(folder): \(reason)\n")
      }
      try FileManager.default.createDirectory(atPath: rheobase.path("bad"), withIntermediateDirectories: false)
      try rheobase.write("{", to: "bad/stats.json")
      #expect(try await rheobase("report", "bad").errors == "rheobase: error: bad/stats.json: the text is not JSON\n")
      #expect(try await rheobase("report", "bad", "--output", "page.txt").errors.contains("a page ends in .html"))
      #expect(try rheobase.names == ["bad", "empty", "s.yaml"])
    }
  }

  /// Whatever has been collected, and however long ago.
  @Test func thePageOfASweepIsOfItsResultFolders() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write(
        """
        schema: rheobase.sweep/1
        base: {image: "\(Program.photograph)", crop: 28, bank: b.npz, timesteps: 10, host_power_W: 7.25}
        axes: {lambda: [0.1, 0.3], chip.geometry.tiles_x: [2, 8]}
        repeats: 2
        """, to: "sweep.yaml")
      try #require(try await rheobase("sweep", "plan", "sweep.yaml", "--output", "s", "--quiet").status.isSuccess)
      #expect(try await rheobase("report", "s").errors.contains("s: no point is done yet; run the sweep with"))
      try #require(try await rheobase("sweep", "run", "s").status.isSuccess)
      let points = try rheobase.names("s/points")
      try #require(points.count == 8)
      try FileManager.default.removeItem(atPath: rheobase.path("s/points/\(points[0])"))
      try rheobase.write("nonsense", to: "s/sweep.csv")
      let report = try await rheobase("report", "s", "--verbose")
      try #require(report.status.isSuccess, "\(report.errors)")
      #expect(report.errors.contains(" info rheobase"))
      let html = try rheobase.text("s/report.html")
      #expect(html.contains("7 of 8 points · 3 axes: lambda, chip.geometry.tiles_x, repeat"))

      // A point tells all of its configuration that the base does not.
      let tips = html.matches(of: /<title>([0-9a-f]{16}\n[^<]*)<\/title>/).map { String($0.1) }
      #expect(Set(tips.map { $0.prefix(16) }) == Set(points.dropFirst().map { $0.prefix(16) }))
      for tip in tips {
        let lines = tip.split(separator: "\n")
        #expect(
          ["lambda = ", "chip.geometry.tiles_x = ", "repeat = "].enumerated().allSatisfy { place, name in
            lines[place + 1].hasPrefix(name)
          }, "\(tip)")
      }
      for text in [
        "axis: 0.1, 0.3", "axis: 2, 8", ">7.25<", "Numbers of the chip Intel Loihi 2", "* estimate",
        "geometry.tiles_x: set to 2 by the run&#39;s configuration",
      ] { #expect(html.contains(text), "\(text)") }
    }
  }

  @Test(.enabled(if: PythonOracle.isAvailable, "RHEOBASE_ORACLE_PYTHON is not set; run make test"))
  func pagesWorkInABrowser() async throws {
    try await withProgram { rheobase in
      let pages = [
        try await comparison(rheobase), try await hostileRun(rheobase), try await sweep(rheobase, points: 1000),
        try await study(rheobase),
      ]
      let found = try PythonOracle.json("report_page.py", [Self.screenshots] + pages, as: [Look].self)
      try #require(found.count == 4)
      for look in found { look.checkAll() }
      for look in found.dropLast() { look.checkCharts() }
      #expect(found[3].pictures > 10 && found[3].pictures == found[3].pictures_drawn)
      #expect(found[3].bytes < 10_000_000 && found[3].text.contains("Pruning |a| < c, the study's protocol"))
      try checkComparison(found[0], rheobase)
      for text in [Self.hostile, "\(Self.hostile).png"] { #expect(found[1].text.contains(text)) }
      #expect(found[0].bytes < 3_000_000 && found[1].bytes < 3_000_000)

      let sweep = found[2]
      #expect(sweep.bytes < 10_000_000 && sweep.seconds < 2, "\(sweep.bytes) bytes, \(sweep.seconds) s")
      #expect(sweep.charts.filter { $0.name.hasPrefix("front-") }.map(\.found) == [1000, 1000, 1000, 1000])
      #expect(sweep.hover?.tip.contains("lambda = ") == true)
      #expect(sweep.sort?.rows == 1000)
      #expect(sweep.csv?.split(separator: "\n").count == 1001)
      #expect(sweep.text.contains(Self.hostile))
      print(
        "reports: \(found.map { "\($0.page) \($0.bytes / 1000) kB in \(String(format: "%.2f", $0.seconds)) s" })")
    }
  }

  private static let screenshots = URL(fileURLWithPath: #filePath)
    .appendingPathComponent("../../../.build/report-screenshots").standardizedFileURL.path

  private func checkComparison(_ look: Look, _ rheobase: Program) throws {
    let rows = try rows(String(decoding: rheobase.data("all/comparison.json"), as: UTF8.self))
    let units = ["synapse", "soma", "axon", "network", "host", "static"]
    let parts = rows.reduce(0) { sum, row in sum + units.count { (row["energy.\($0)"] as? Double ?? 0) > 0 } }
    #expect(parts > 0 && look.charts.first { $0.name == "energy" }?.found == parts)
    for row in rows {
      let name = "\(row["bank"] ?? "")-\(row["input"] ?? "")"
      #expect(look.charts.first { $0.name == "cores-\(name)" }?.found == row["mapping.cores"] as? Int)
      let lines = String(decoding: try rheobase.data("all/\(name)/links.csv"), as: UTF8.self).split(separator: "\n")
      #expect(look.charts.first { $0.name == "links-\(name)" }?.found ?? 0 == lines.count - 1)
    }
    // Every figure of the table has its marks.
    #expect(look.text.contains("mJ*†") || look.text.contains("µJ*†"))
  }

  // MARK: Pages

  private func comparison(_ rheobase: Program) async throws -> String {
    try await rheobase.makeBank()
    let outcome = try await rheobase(
      "compare", Program.photograph, "--crop", "32", "--banks", "b.npz,homogeneous", "--timesteps", "60", "--output",
      "all")
    try #require(outcome.status.isSuccess, "\(outcome.errors)")
    return rheobase.path("all/report.html")
  }

  private func hostileRun(_ rheobase: Program) async throws -> String {
    try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("\(Self.hostile).png"))
    try FileManager.default.copyItem(atPath: rheobase.path("b.npz"), toPath: rheobase.path("\(Self.hostile).npz"))
    let outcome = try await rheobase(
      "run", "--image", "\(Self.hostile).png", "--bank", "\(Self.hostile).npz", "--crop", "24", "--timesteps", "30",
      "--output", "hostile")
    try #require(outcome.status.isSuccess, "\(outcome.errors)")
    try #require(try await rheobase("report", "hostile", "--output", "hostile.html").status.isSuccess)
    return rheobase.path("hostile.html")
  }

  private func study(_ rheobase: Program) async throws -> String {
    try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
    for name in ["camera", "grass"] {
      try FileManager.default.copyItem(
        atPath: Program.photograph.replacing("camera", with: name), toPath: rheobase.path("images/\(name).png"))
    }
    let outcome = try await rheobase(["study", "images"] + StudyTests.options)
    try #require(outcome.status.isSuccess, "\(outcome.errors)")
    try FileManager.default.moveItem(
      atPath: rheobase.path("results/report.html"), toPath: rheobase.path("results/study.html"))
    return rheobase.path("results/study.html")
  }

  /// As `rheobase sweep collect` leaves it: all statistics over λ, a bank, the stride and a repeat.
  private func sweep(_ rheobase: Program, points: Int) async throws -> String {
    let names = StatisticName.allCases.filter { $0.definition.display != .flag }
    let banks = ["homogeneous", "heterogeneous", Self.hostile, "learnt"]
    var random = SplitMix64(seed: 1)
    let marks = StatisticMarks(isEstimate: true, missing: ["barrier.energy_pJ"], isHypothetical: false)
    var table = SweepTable(axes: ["lambda", "bank", "stride", "chip"], statistics: names.map(\.rawValue), points: [])
    for place in 0..<points {
      let lambda = 0.05 * Double(1 + place % 10)
      let axisValues = [
        "\(lambda)", banks[place / 10 % 4], "\(1 + place / 40 % 5)", place / 200 % 2 == 0 ? "loihi1" : "loihi2",
      ]
      let values = names.map { Self.value($0, Double.random(in: 0.5...2, using: &random)) }
      table.points.append(.init(id: "p\(1000 + place)", axisValues: axisValues, values: values, marks: [0: marks]))
    }
    let folder = URL(fileURLWithPath: rheobase.path("sweep"))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    try table.write(to: folder)
    let outcome = try await rheobase("report", "sweep")
    try #require(outcome.status.isSuccess, "\(outcome.errors)")
    return rheobase.path("sweep/report.html")
  }

  /// About as large as such a figure is.
  private static func value(_ name: StatisticName, _ factor: Double) -> Double? {
    if name.definition.display == .percent { return factor / 4 }
    switch name.definition.unit {
    case "J", "J·s": return factor * 1e-3
    case "s": return factor * 1e-4
    case "dB": return factor * 15
    default: return (1000 * factor).rounded()
    }
  }
}

/// What `report_page.py` saw of a page.
private struct Look: Decodable {
  struct Chart: Decodable {
    let name, label: String
    let role: String?
    let said, found, visible: Int
  }
  struct Hover: Decodable {
    let told, tip, key: String
    let visible, hidden: Bool
  }
  struct Sort: Decodable {
    struct Order: Decodable {
      let aria: String?
      let values: [JSONValue]
    }
    let rows: Int
    let orders: [Order]
  }

  let page, text: String
  let bytes: Int
  let seconds: Double
  let overflow: [String: Int]
  let messages, requests, axe_light, axe_dark: [String]
  let charts: [Chart]
  let hover: Hover?
  let sort: Sort?
  let csv: String?
  let print_paper: String
  let without_script, buttons_without_script, pictures, pictures_drawn: Int

  /// What must hold of every page with charts.
  func checkCharts() {
    #expect(!charts.isEmpty)
    for chart in charts {
      #expect(chart.found == chart.said && chart.visible == chart.found && chart.found > 0, "\(page): \(chart.name)")
      #expect(chart.role == "img" && chart.label.count > 20, "\(page): \(chart.name)")
    }
    #expect(hover.map { $0.visible && $0.hidden && $0.tip == $0.told && !$0.told.isEmpty && !$0.key.isEmpty } == true)
  }

  /// What must hold of every page.
  func checkAll() {
    #expect(messages.isEmpty && requests.isEmpty, "\(page)")
    #expect(axe_light.isEmpty && axe_dark.isEmpty, "\(page)")
    #expect(overflow.count == 3 && overflow.values.allSatisfy { $0 <= 0 }, "\(page): \(overflow)")
    if let sort {
      let values = sort.orders.map { order in order.values.filter { $0 != .null }.map(\.sortable) }
      #expect(sort.orders.map(\.aria) == ["ascending", "descending"])
      #expect(zip(values[0], values[0].dropFirst()).allSatisfy(<=), "\(page)")
      #expect(zip(values[1], values[1].dropFirst()).allSatisfy(>=), "\(page)")
      #expect(Set(values[0].map(\.0)).count > 1 || Set(values[0].map(\.1)).count > 1, "\(page)")
    } else {
      Issue.record("\(page) has no table to sort")
    }
    #expect(print_paper == "rgb(255, 255, 255)")
    #expect(without_script > 0 && buttons_without_script == 0)
  }
}

extension JSONValue {
  /// Numbers by size, then texts.
  fileprivate var sortable: (Double, String) {
    switch self {
    case .integer(let value): (Double(value), "")
    case .real(let value): (value, "")
    case .text(let text): (.greatestFiniteMagnitude, text)
    default: (.infinity, "")
    }
  }
}
