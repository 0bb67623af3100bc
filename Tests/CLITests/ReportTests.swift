import DataFiles
import Experiments
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
      let before = try rheobase.names("r")
      let made = try await rheobase("report", "r", "--output", "page.html")
      try #require(made.status.isSuccess, "\(made.errors)")
      #expect(made.output == "Report: page.html\n")
      let html = String(decoding: try rheobase.data("page.html"), as: UTF8.self)
      #expect(html.utf8.count < 3_000_000)
      let charts = try FileManager.default.contentsOfDirectory(atPath: rheobase.path("page-charts")).sorted()
      // A result may be somebody else's.
      #expect(try rheobase.names("r") == before && !before.contains("charts"))
      let names = html.matches(of: /data-name="([\w-]+)"/).map { String($0.1) }
      #expect(charts == names.map { "\($0).svg" }.sorted())
      #expect(
        names == [
          "energy", "gap-time", "psnr-time", "gap-energy", "psnr-energy", "cores", "links", "raster", "rate",
        ])
      #expect(html.contains(">Download steps.csv<") && html.contains(">Download links.csv<"))
      // Whatever was not recorded is said, and the rest is there; no chart of before stays.
      for name in ["steps.csv", "spikes.csv", "links.csv", "chip.json", "image.png", "bank.png"] {
        try FileManager.default.removeItem(atPath: rheobase.path("r/\(name)"))
      }
      try #require(try await rheobase("report", "r").status.isSuccess)
      let poor = String(decoding: try rheobase.data("r/report.html"), as: UTF8.self)
      #expect(poor.contains("Not recorded in this result; run with --traces steps."))
      #expect(poor.matches(of: /data-name="([\w-]+)"/).map { String($0.1) } == ["energy", "cores"])
      #expect(try rheobase.names("r/charts") == ["cores.svg", "energy.svg"])
    }
  }

  /// What `report` makes of a result by itself is known to it, and what lies beside a sweep's results is none of them.
  @Test func pagesInResultsKeepNobodyFromRunningThemAgain() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "5"]
      try #require(try await rheobase(run + ["--output", "r"]).status.isSuccess)
      let before = try rheobase.names("r")
      try #require(try await rheobase("report", "r").status.isSuccess)
      #expect(try Set(rheobase.names("r")).isSuperset(of: ["charts", "report.html"]))
      let again = try await rheobase(run + ["--output", "r"])
      #expect(again.status.isSuccess, "\(again.errors)")
      #expect(try rheobase.names("r") == before)

      try rheobase.write(
        """
        schema: rheobase.sweep/1
        base: {image: "\(Program.photograph)", crop: 24, bank: b.npz, timesteps: 5}
        axes: {"chip.geometry.tiles_x, chip.geometry.tiles_y": [[4, 5], [8, 6]]}
        """, to: "sweep.yaml")
      try #require(try await rheobase("sweep", "sweep.yaml", "--output", "s").status.isSuccess)
      let point = try #require(try rheobase.names("s/points").first)
      for page in [[], ["--output", "s/points/page.html"]] {
        try #require(try await rheobase(["report", "s/points/\(point)"] + page).status.isSuccess)
      }
      #expect(try await rheobase("sweep", "status", "s").output == "2 of 2 points done\n")
      // Axes that change together are drawn once.
      try #require(try await rheobase("report", "s").status.isSuccess)
      let charts = try rheobase.names("s/charts").filter { $0.hasPrefix("axis-") }
      #expect(charts == ["energy.total", "quality.psnr", "time.latency"].map { "axis-1-\($0).svg" })
      #expect(try rheobase.text("s/report.html").contains("chip.geometry.tiles_y changes with it: 5, 6."))
    }
  }

  /// As `report` makes them afterwards.
  @Test func aRunMakesItsPageAndChartsIfItIsTold() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "5"]
      let made = try await rheobase(run + ["--output", "r", "--report"])
      try #require(made.status.isSuccess, "\(made.errors)")
      #expect(made.output.hasSuffix("\nResults: r\nReport: r/report.html\n"))
      let page = try rheobase.text("r/report.html")
      let charts = try rheobase.names("r/charts").map { ($0, try rheobase.text("r/charts/\($0)")) }
      try #require(try await rheobase("report", "r").status.isSuccess)
      #expect(try rheobase.text("r/report.html") == page)
      for (name, chart) in charts { #expect(try rheobase.text("r/charts/\(name)") == chart && !chart.isEmpty) }
      #expect(try rheobase.names("r/charts") == charts.map(\.0) && charts.contains { $0.0 == "cores.svg" })
      // What is read by a program stays that.
      let json = try await rheobase(run + ["--output", "r", "--report", "--json"])
      #expect(json.errors == "Report: r/report.html\n" && json.output.hasPrefix("["))
      let nowhere = try await rheobase(run + ["--report"])
      #expect(nowhere.status == .exited(64) && nowhere.errors.contains("--report: a page is made in a result folder"))
    }
  }

  /// Of a chip of 8 × 4 tiles with four cores each, and of one of 64 × 64 tiles.
  @Test(arguments: [([], 32, 128), (["chip.geometry.tiles_x=64", "chip.geometry.tiles_y=64"], 4096, 16_384)])
  func aMapOfCoresShowsWhatOfTheChipIsIdle(_ settings: [String], _ tiles: Int, _ cores: Int) async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "5"]
      let set = settings.flatMap { ["--set", $0] }
      let made = try await rheobase(run + set + ["--output", "r", "--report"])
      try #require(made.status.isSuccess, "\(made.errors)")
      let used = try rheobase.text("r/cores.csv").split(separator: "\n").count - 1
      let page = try rheobase.text("r/report.html")
      #expect(page.contains(" \(used) of the \(cores) cores of 1 chip are in use.") && used < cores)
      #expect(!page.contains("Only the rectangle") && page.utf8.count < 3_000_000)
      func squares(_ map: String) throws -> Int {
        let svg = try rheobase.text("r/charts/\(map).svg")
        return try #require(svg.firstMatch(of: /<path d="([^"]*)" class="grid"/)?.1).count { $0 == "M" }
      }
      #expect(try squares("cores") == tiles && squares("links") == tiles)
      // One more than a map can show, and what only a damaged file says.
      let chip = try rheobase.text("r/chip.json")
      for (columns, said) in [("65", true), ("-3", false), ("99999999999", false)] {
        let other = chip.replacing(/"tiles_x": \{"value": \d+/, with: "\"tiles_x\": {\"value\": \(columns)")
        try #require(other != chip)
        try rheobase.write(other, to: "r/chip.json")
        try #require(try await rheobase("report", "r").status.isSuccess)
        let page = try rheobase.text("r/report.html")
        #expect(page.contains("are in use. Only the rectangle of tiles in use is shown.") == said, "\(columns)")
        #expect(try page.contains(" are in use.") == said && squares("cores") < tiles)
      }
    }
  }

  @Test func aPlotOfWideNamesFitsItsTerminal() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let bank = String(repeating: "日本語", count: 8) + ".npz"
      try FileManager.default.moveItem(atPath: rheobase.path("b.npz"), toPath: rheobase.path(bank))
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", bank, "--timesteps", "30"]
      try #require(try await rheobase(run + ["--traces", "steps", "--output", "r"]).status.isSuccess)
      for columns in [50, 80] {
        let plot = try Report(rheobase.path("r")).plot(columns: columns, hasColours: false)
        #expect(plot.contains("…") && plot.contains("Gap over time"))
        #expect(plot.split(separator: "\n").allSatisfy { String($0).displayWidth <= columns })
      }
    }
  }

  /// Drawings that somebody keeps where the charts would be.
  @Test func drawingsOfOthersAreNotReplaced() async throws {
    try await withProgram { rheobase in
      try rheobase.writeSweep("s", ["point,lambda,energy.total", "a,0.1,1", "b,0.2,2"])
      try #require(try await rheobase("report", "s", "--output", "page.html").status.isSuccess)
      try #require(try await rheobase("report", "s", "--output", "page.html").status.isSuccess)
      try rheobase.write("<svg/>", to: "page-charts/thesis.svg")
      let before = try rheobase.names("page-charts")
      let refused = try await rheobase("report", "s", "--output", "page.html")
      #expect(
        refused.errors == "rheobase: error: page-charts: holds thesis.svg, which is of no former result; "
          + "name a new or an empty folder\n")
      #expect(try rheobase.names("page-charts") == before && rheobase.text("page-charts/thesis.svg") == "<svg/>")
    }
  }

  /// The values behind a page's tables, by which they are sorted and which are downloaded.
  private static func values(_ html: String) throws -> [[JSONValue]] {
    let data = try #require(
      html.components(separatedBy: "id=\"data\">").last?.components(separatedBy: "</script>").first)
    guard case .object(let tables)? = try JSONValue(parsing: Data(data.utf8))["tables"] else { return [] }
    return tables.flatMap { table -> [[JSONValue]] in
      guard case .list(let rows)? = table.value["rows"] else { return [] }
      return rows.compactMap { if case .list(let values) = $0 { values } else { nil } }
    }
  }

  @Test func anEnergyOfMissingCostsAloneIsADashAndNoValueInEveryPage() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "5"]
      try #require(try await rheobase(run + ["--output", "r"]).status.isSuccess)
      let file = try StatisticsFile(parsing: rheobase.data("r/stats.json"))
      var statistics = file.statistics
      statistics.set(.staticEnergy, 0, missing: ["leak"])
      try StatisticsFile(run: file.run, statistics: statistics).write(toFolder: rheobase.path("r"))

      try FileManager.default.createDirectory(atPath: rheobase.path("t/cells"), withIntermediateDirectories: true)
      try rheobase.write(
        """
        [{"name": "chips", "title": "Chips", "columns": ["chip", "energy (J)"], "rows": [
          ["static energy", {"value": 0, "unit": "J", "missing_costs": ["leak"]}], ["b", {"value": 0, "unit": "J"}]]}]
        """, to: "t/tables.json")
      try rheobase.write("[]", to: "t/pictures.json")
      for (folder, rows) in [("r", ["energy.static", "static energy"]), ("t", ["static energy"])] {
        try #require(try await rheobase("report", folder).status.isSuccess)
        let html = try rheobase.text("\(folder)/report.html")
        let values = try Self.values(html)
        for row in rows {
          let own = values.filter { $0.first == .text(row) }.map { $0[1] }
          #expect(own == [.null], "\(folder): \(row)")
          #expect(html.contains("\(row)</th><td class=\"n\">–<sup>†</sup>"), "\(folder): \(row)")
        }
        #expect(
          folder == "r" || (values.contains([.text("b"), .real(0)]) || values.contains([.text("b"), .integer(0)])))
      }
    }
  }

  /// Of one bank there is a point less, as a combination that cannot run is left out.
  @Test func meansOfUnequallyManyPointsAreToldBelowTheirChart() async throws {
    try await withProgram { rheobase in
      let points = ["p1,a,0.1,1e-3", "p2,a,0.2,3e-3", "p3,b,0.1,5e-3"]
      try rheobase.writeSweep("s", ["point,bank,lambda,energy.total"] + points)
      try #require(try await rheobase("report", "s").status.isSuccess)
      let html = try rheobase.text("s/report.html")
      #expect(html.contains("Means of 1 to 2 points: other axes differ between them."))
      #expect(try rheobase.text("s/charts/axis-1-energy.total.svg").contains(">a, mean of 2 points: 2.00 mJ<"))
      let along = try rheobase.text("s/charts/axis-2-energy.total.svg")
      #expect(along.contains("lambda = 0.1\ntotal energy 3.00 mJ, mean of 2 points\n1.00 mJ to 5.00 mJ<"), "\(along)")
      #expect(along.contains("lambda = 0.2\ntotal energy 3.00 mJ, mean of 1 point<"))
    }
  }

  /// Of a bank one repeat is missing, or is yet to come; equally many points may differ all the same.
  @Test(arguments: [
    ("bank,repeat", ["a,1", "a,2", "b,1"], "Means of 1 to 2 points.<"),
    ("bank,lambda", ["a,0.1", "b,0.2"], "One point each: other axes differ between them.<"),
    ("bank,lambda", ["a,0.1", "a,0.2", "b,0.1", "b,0.2"], nil),
  ])
  func otherAxesAreSaidToDifferBetweenMeansOnlyWhereTheyDo(axes: String, points: [String], note: String?) async throws {
    try await withProgram { rheobase in
      let lines = points.enumerated().map { "p\($0),\($1),\($0 + 1)e-3" }
      try rheobase.writeSweep("s", ["point,\(axes),energy.total"] + lines)
      try #require(try await rheobase("report", "s").status.isSuccess)
      let html = try rheobase.text("s/report.html")
      if let note { #expect(html.contains(note)) } else { #expect(!html.contains("Means of")) }
      #expect(html.contains("other axes differ") == (note?.contains("other axes differ") == true))
    }
  }

  /// Along an axis of many values every point is drawn, and those that missed their target as crosses.
  @Test func anAxisOfManyValuesHasCrossesForPointsThatMissedTheirTarget() async throws {
    try await withProgram { rheobase in
      let lines = (1...50).map { "p\($0),0.\($0 + 100),\($0 % 5 == 0 ? 1 : 0),\($0)e-3,4" }
      let header = "point,lambda,quality.missed_target,energy.total,mapping.cores"
      try rheobase.writeSweep("s", [header] + lines)
      try #require(try await rheobase("report", "s").status.isSuccess)
      let chart = try rheobase.text("s/charts/axis-1-energy.total.svg")
      let crosses = chart.matches(of: /class="mark cross[^>]*><title>(p\d+)/).compactMap { Int($0.1.dropFirst()) }
      #expect(crosses == Array(stride(from: 5, through: 50, by: 5)))
      #expect(chart.components(separatedBy: "class=\"mark ").count == 51)
      #expect(try rheobase.text("s/report.html").contains("§ 10 of 50 points did not reach their target"))
    }
  }

  /// Whose last steps and kernels have no spikes.
  @Test func chartsOfALongAndQuietRunCoverAllOfIt() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let outcome = try await rheobase(
        "run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "3001", "--traces",
        "spikes,steps", "--output", "r")
      try #require(outcome.status.isSuccess, "\(outcome.errors)")
      let all = try CSV.rows(of: rheobase.text("r/spikes.csv"))
      let quiet = all.dropFirst().filter { $0[2] == "coding" && $0[3] == "1" && Int($0[1]) ?? 0 < 300 }
      try #require(!quiet.isEmpty && quiet.count < all.count)
      try rheobase.write(CSV.text([all[0]] + quiet), to: "r/spikes.csv")
      try #require(try await rheobase("report", "r").status.isSuccess)
      let html = try rheobase.text("r/report.html")
      let said = try #require(rheobase.text("r/stats.json").firstMatch(of: /"kernels": (\d+)/))
      let kernels = try #require(Int(said.1))
      #expect(kernels > 2)
      #expect(
        html.contains(
          "\(quiet.count) spike\(quiet.count == 1 ? "" : "s") over 3001 timesteps and \(kernels) groups (kernel)"))

      // 3001 steps are bins of 8 and one of the rest; a line of 376 points has a marker at every 16th and the last.
      let upToStep = try rheobase.text("r/steps.csv").split(separator: "\n").dropFirst()
        .compactMap { Double($0.split(separator: ",")[2]) }
      try #require(upToStep.count == 3001)
      let tips = try rheobase.text("r/charts/rate.svg").matches(of: /timestep ([\d.]+), spikes a step ([\d.e-]+)</)
      #expect(tips.count == 25)
      for (place, tip) in tips.enumerated() {
        let first = min(place * 16, 375) * 8, last = min(first + 7, 3000)
        let sum = upToStep[last] - (first > 0 ? upToStep[first - 1] : 0)
        #expect(tip.1 == String(format: "%.4g", Double(first + last) / 2))
        #expect(tip.2 == String(format: "%.4g", sum / Double(last - first + 1)))
      }
      #expect(html.contains("Means over 8 steps each."))
    }
  }

  /// Three pictures of noise, which no compression makes smaller.
  @Test func largePicturesAreShownSmallerAndThePageStaysBelowItsLimit() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "5"]
      try #require(try await rheobase(run + ["--output", "r"]).status.isSuccess)
      var random = SplitMix64(seed: 3)
      for name in ["image", "reconstruction", "residual"] {
        let samples = (0..<1024 * 1024).map { _ in UInt16.random(in: 0...255, using: &random) }
        try Raster(width: 1024, height: 1024, channels: 1, bitDepth: 8, samples: samples)
          .writePNG(to: rheobase.path("r/\(name).png"))
      }
      try #require(try await rheobase("report", "r").status.isSuccess)
      let html = try rheobase.text("r/report.html")
      #expect(html.utf8.count < 3_000_000, "\(html.utf8.count)")
      #expect(html.contains("Larger ones are shown at 512 pixels a side"))
      let widths = try html.matches(of: /data:image\/png;base64,([^"]+)"/).prefix(3).map { match in
        let file = rheobase.path("picture.png")
        try #require(Data(base64Encoded: String(match.1))).write(to: URL(fileURLWithPath: file))
        return try Raster(contentsOf: file).width
      }
      #expect(widths == [512, 512, 512])
    }
  }

  /// Part of a file would be a chart, too.
  @Test func filesThatAreDamagedAreSaidInPlaceOfTheirCharts() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "5"]
      try #require(try await rheobase(run + ["--output", "r"]).status.isSuccess)
      for name in ["spikes.csv", "steps.csv"] {
        let text = try rheobase.text("r/\(name)")
        try rheobase.write(name == "steps.csv" ? text + "1,2\n" : String(text.dropLast(3)), to: "r/\(name)")
      }
      let cores = try rheobase.text("r/cores.csv").replacing(
        /\n\d+,\d+,\d+,/, with: "\n0,99999,99999,", maxReplacements: 1)
      try rheobase.write(cores, to: "r/cores.csv")
      let report = try await rheobase("report", "r")
      try #require(report.status.isSuccess, "\(report.errors)")
      let html = try rheobase.text("r/report.html")
      for text in [
        "spikes.csv is not shown: it has been cut off, as its last line does not end.",
        "steps.csv is not shown: a line has 2 fields under 13 names.",
        "cores.csv is not shown: its tiles are farther apart than those of any mesh.",
      ] { #expect(html.contains(text), "\(text)") }
      #expect(
        try rheobase.names("r/charts").contains("links.svg") && !rheobase.names("r/charts").contains("raster.svg"))
    }
  }

  /// Files with holes, which take no place.
  @Test func filesThatAreTooLongAreSaidInPlaceOfTheirCharts() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "5"]
      try #require(try await rheobase(run + ["--output", "r"]).status.isSuccess)
      try #require(truncate(rheobase.path("r/cores.csv"), 300 << 20) == 0)
      let report = try await rheobase("report", "r")
      try #require(report.status.isSuccess, "\(report.errors)")
      let html = try rheobase.text("r/report.html")
      #expect(html.contains("cores.csv is too long for a page: it has 300 MiB, and 256 MiB are read."))
      #expect(try rheobase.names("r/charts").contains("rate.svg"))
      #expect(try !rheobase.names("r/charts").contains { $0.hasPrefix("cores") })
    }
  }

  /// More than two gibibytes: spikes, a hole, and a spike behind it.
  @Test func aRasterHasTheSpikesOfAFileOfAnyLength() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "20"]
      try #require(try await rheobase(run + ["--output", "r"]).status.isSuccess)
      let lines = try rheobase.text("r/spikes.csv").split(separator: "\n")
      let spike = try #require(lines.last { $0.contains(",coding,") })
      let spikes = lines.count { $0.contains(",coding,") }
      let file = try FileHandle(forUpdating: URL(fileURLWithPath: rheobase.path("r/spikes.csv")))
      try file.seek(toOffset: 3 << 30)
      try file.write(contentsOf: Data("\n\(spike)\n".utf8))
      try file.close()
      let report = try await rheobase("report", "r")
      try #require(report.status.isSuccess, "\(report.errors)")
      #expect(try rheobase.text("r/report.html").contains("\(spikes + 1) spikes over 20 timesteps"))
    }
  }

  /// Every run has cores: a file without them is damaged, and so are numbers that are none.
  @Test(arguments: ["", "core,tile_x,tile_y,busy_ps\n", "core,tile_x,tile_y,busy_ps\nx,1.5,0,3\n", nil])
  func aMapOfCoresThatCannotBeDrawnIsSaid(_ cores: String?) async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "5"]
      try #require(try await rheobase(run + ["--output", "r"]).status.isSuccess)
      if let cores {
        try rheobase.write(cores, to: "r/cores.csv")
      } else {
        try FileManager.default.removeItem(atPath: rheobase.path("r/cores.csv"))
      }
      let report = try await rheobase("report", "r")
      try #require(report.status.isSuccess, "\(report.errors)")
      #expect(try rheobase.text("r/report.html").contains("cores.csv is gone, or has no lines of cores; run again"))
      #expect(try rheobase.names("r/charts").contains("links.svg"))
    }
  }

  /// Repeats are the fewest here, and tell nothing of the design.
  @Test func coloursAreOfAnAxisOfTheDesign() async throws {
    try await withProgram { rheobase in
      let points = [0.1, 0.2, 0.3].flatMap { lambda in
        (1...2).map { "\(lambda)-\($0),\($0),\(lambda),\(lambda),20" }
      }
      try rheobase.writeSweep("s", ["point,repeat,lambda,energy.total,quality.psnr"] + points)
      try #require(try await rheobase("report", "s").status.isSuccess)
      let html = try rheobase.text("s/report.html")
      #expect(html.contains("Colours: lambda.") && !html.contains("Colours: repeat."))
    }
  }

  /// The base's other numbers of the chip are shown, too.
  @Test func whatABaseChangesOfAChipIsToldBesideAnAxisOfIt() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write(
        """
        schema: rheobase.sweep/1
        base: {image: "\(Program.photograph)", crop: 24, bank: b.npz, timesteps: 5, chip.geometry.tiles_y: 3}
        axes: {chip.geometry.tiles_x: [7, 8]}
        """, to: "sweep.yaml")
      try #require(try await rheobase("sweep", "sweep.yaml", "--output", "s").status.isSuccess)
      try #require(try await rheobase("report", "s").status.isSuccess)
      let html = try rheobase.text("s/report.html")
      #expect(html.contains("{&quot;geometry.tiles_y&quot;: 3}") && html.contains("axis: 7, 8"))
    }
  }

  @Test func aFileThatIsNoPageIsNotReplaced() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "5"]
      try #require(try await rheobase(run + ["--output", "r"]).status.isSuccess)
      try rheobase.write("mine\n", to: "notes.html")
      let refused = try await rheobase("report", "r", "--output", "notes.html")
      #expect(
        refused.errors
          == "rheobase: error: notes.html: is no page of this program, and would be replaced; name another file\n")
      #expect(try rheobase.text("notes.html") == "mine\n")
      // A page is replaced, and a file that was made for it.
      try rheobase.write("", to: "empty.html")
      for _ in 0..<2 {
        try #require(try await rheobase("report", "r", "--output", "empty.html").status.isSuccess)
        #expect(try rheobase.text("empty.html").contains("</html>"))
      }
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
      try FileManager.default.removeItem(atPath: rheobase.path("bad/stats.json"))
      try rheobase.write("[{\"bank\":", to: "bad/comparison.json")
      #expect(
        try await rheobase("report", "bad").errors == "rheobase: error: bad/comparison.json: the text is not JSON\n")
      #expect(try rheobase.names == ["bad", "empty", "s.yaml"])
    }
  }

  @Test func aComparisonOfSeveralImagesTellsWhichFoldersHaveReports() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let images = [Program.photograph, Program.photograph.replacing("camera", with: "grass")]
      let options = ["--crop", "24", "--banks", "b.npz", "--timesteps", "5", "--output", "all"]
      try #require(try await rheobase(["compare"] + images + options).status.isSuccess)
      #expect(
        try await rheobase("report", "all").errors
          == "rheobase: error: all: holds a result for each image, and a report is of one; "
          + "name all/camera or all/grass\n")
      // The maps of its rows have one scale.
      let ends = try ["dense", "sparse"].map { input in
        try #require(
          try rheobase.text("all/camera/charts/cores-b-\(input).svg").firstMatch(of: /x="190"[^>]*>([^<]+)</)
        ).1
      }
      #expect(ends[0] == ends[1])
      #expect(try rheobase.text("all/camera/report.html").contains("All 2 maps have one scale of colours."))
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
      #expect(report.errors.contains(" info: [rheobase] "))
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
      let found = try await onThreadOfItsOwn {
        try PythonOracle.json("report_page.py", [Self.screenshots] + pages, as: [Look].self)
      }
      try #require(found.count == 4)
      for look in found { look.checkAll() }
      for look in found { look.checkCharts() }
      // Of Markdown, headings are headings, and numbers below 0 have a minus sign.
      #expect(!found[3].text.contains("##") && found[3].text.firstMatch(of: /[\s\[(]-\d/) == nil)
      #expect(found[3].pictures > 4 && found[3].pictures == found[3].pictures_drawn && found[3].charts.count > 20)
      #expect(found[3].hover.first?.tip.isEmpty == false)
      #expect(found[3].bytes < 3_000_000 && found[3].text.contains("Pruning |a| < c, protocol: peak norm"))
      try checkComparison(found[0], rheobase)
      for text in [Self.hostile, "\(Self.hostile).png"] { #expect(found[1].text.contains(text)) }
      #expect(found[0].bytes < 3_000_000 && found[1].bytes < 3_000_000)

      let sweep = found[2]
      #expect(sweep.bytes < 10_000_000 && sweep.seconds < 2, "\(sweep.bytes) bytes, \(sweep.seconds) s")
      let fronts = sweep.charts.filter { $0.name.hasPrefix("front-") }
      #expect(fronts.map(\.found) == [1000, 1000, 1000, 1000])
      #expect(fronts.map(\.crosses) == Array(repeating: Self.missed, count: 4))
      // A marker or a bar for each value of an axis: two images, five strides, two chips; of fifty λ one for each
      // point.
      for (axis, marks) in [(2, 0), (1000, Self.missed), (5, 0), (2, 0)].enumerated() {
        let charts = sweep.charts.filter { $0.name.hasPrefix("axis-\(axis + 1)-") }
        #expect(charts.map(\.found) == Array(repeating: marks.0, count: 3), "axis \(axis + 1)")
        #expect(charts.map(\.crosses) == Array(repeating: marks.1, count: 3), "axis \(axis + 1)")
      }
      #expect(sweep.text.contains("Numbers of the chip Intel Loihi 2") && sweep.text.contains("axis: seneca, loihi2"))
      #expect(sweep.hover.first?.tip.contains("lambda = ") == true)
      #expect(sweep.sort.contains { $0.rows == 1000 })
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
    try checkCurves(look, rheobase, rows)
    // Every figure of the table has its marks.
    #expect(look.text.contains("mJ*†") || look.text.contains("µJ*†"))
  }

  /// Charts over steps, counted from the files of each run.
  private func checkCurves(_ look: Look, _ rheobase: Program, _ rows: [[String: Any]]) throws {
    func found(_ chart: String) -> Int? { look.charts.first { $0.name == chart }?.found }
    var (gaps, psnrs, rates) = (0, 0, 0)
    for row in rows {
      let folder = "all/\(row["bank"] ?? "")-\(row["input"] ?? "")"
      let steps = CSV.rows(of: try rheobase.text("\(folder)/steps.csv"))
      func column(_ name: String) throws -> [Double] {
        let place = try #require(steps[0].firstIndex(of: name))
        return steps.dropFirst().compactMap { Double($0[place]) }
      }
      let (gap, psnr) = (try column("gap"), try column("psnr_dB"))
      try #require(gap.count == 60)
      // The line's markers, and the point at the step that the figures are of.
      gaps += Self.markers(gap.filter { $0 > 0 }.count) + (gap[59] > 0 ? 1 : 0)
      psnrs += Self.markers(psnr.filter(\.isFinite).count) + (psnr[59].isFinite ? 1 : 0)
      rates += Self.markers(60)

      // Up to 200 steps and 144 kernels, a cell is a step of a kernel.
      let spikes = CSV.rows(of: try rheobase.text("\(folder)/spikes.csv")).dropFirst().filter { $0[2] == "coding" }
      let cells = Dictionary(grouping: spikes) { [$0[1], $0[4]] }.values.map { Double($0.count) }
      let largest = cells.max() ?? 1
      let levels = largest == 1 ? [6] : Set(cells.map { 1 + Int((5 * log($0) / log(largest)).rounded()) })
      #expect(found(folder.replacing("all/", with: "raster-")) == levels.count, "\(folder)")
    }
    for axis in ["time", "energy"] {
      #expect(found("gap-\(axis)") == gaps && found("psnr-\(axis)") == psnrs)
    }
    #expect(found("rate") == rates)
  }

  /// At most 24 on a line, at equal distances, and at its last point.
  private static func markers(_ points: Int) -> Int {
    let distance = (points + 23) / 24
    return (points + distance - 1) / distance + ((points - 1) % distance == 0 ? 0 : 1)
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

  /// A row's folder has the name of its bank, and so would the files of its charts, with more before and behind.
  @Test func aChartOfABankWithALongNameHasAFile() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let name = String(repeating: "日本", count: 35)
      try FileManager.default.copyItem(atPath: rheobase.path("b.npz"), toPath: rheobase.path("\(name).npz"))
      let outcome = try await rheobase(
        "compare", Program.photograph, "--crop", "24", "--banks", "b.npz,\(name).npz", "--inputs", "dense",
        "--timesteps", "20", "--output", "all")
      try #require(outcome.status.isSuccess, "\(outcome.errors)")
      let charts = try rheobase.names("all/charts").filter { $0.hasPrefix("cores-") }
      #expect(charts.count == 2 && charts.contains("cores-b-dense.svg"))
      #expect(charts.contains { $0.wholeMatch(of: /cores-日本.*-[0-9a-f]{16}\.svg/) != nil }, "\(charts)")
    }
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

  /// Of a thousand points, every seventh misses its target.
  private static let missed = 143

  /// A planned sweep all of whose points have results: one is run, and the others get figures of their own.
  private func sweep(_ rheobase: Program, points: Int) async throws -> String {
    let photographs = URL(fileURLWithPath: Program.photograph).deletingLastPathComponent().path
    let grass = "g\(Self.hostile).png"
    try FileManager.default.copyItem(atPath: "\(photographs)/grass.png", toPath: rheobase.path(grass))
    let images = [Program.photograph, grass].map { JSONValue.text($0).text() }
    try rheobase.write(
      """
      schema: rheobase.sweep/1
      base: {crop: 24, bank: b.npz, step_limit: 5, held_steps: 1, capacity: report}
      axes:
        image: [\(images.map { $0.trimmingCharacters(in: .newlines) }.joined(separator: ", "))]
        lambda: {from: 0.05, to: 0.5, count: 50}
        stride: [1, 2, 3, 4, 5]
        chip: [seneca, loihi2]
      """, to: "large.yaml")
    let planned = try await rheobase("sweep", "plan", "large.yaml", "--output", "sweep")
    try #require(planned.status.isSuccess, "\(planned.errors)")
    let runs = try rheobase.names("sweep/runs")
    try #require(runs.count == points)
    try #require(try await rheobase("run", "sweep/runs/\(runs[0])", "--output", "example").status.isSuccess)
    let example = try StatisticsFile(parsing: rheobase.data("example/stats.json"))
    var random = SplitMix64(seed: 1)
    for (place, run) in runs.enumerated() {
      let folder = "sweep/points/\(run.dropLast(".yaml".count))"
      try FileManager.default.createDirectory(atPath: rheobase.path(folder), withIntermediateDirectories: true)
      let chip = try rheobase.text("sweep/runs/\(run)").contains("seneca") ? "seneca" : "loihi2"
      try rheobase.write(try await chipSheet(chip, rheobase), to: "\(folder)/chip.json")
      var statistics = Statistics([])
      for name in StatisticName.allCases where name.definition.display != .flag {
        let value = Self.value(name, Double.random(in: 0.5...2, using: &random)) ?? 0
        statistics.set(name, value, isEstimate: true, missing: ["barrier.energy_pJ"])
      }
      if place.isMultiple(of: 7) { statistics.setNull(.reachedStep) }
      try rheobase.write(rheobase.text("sweep/runs/\(run)"), to: "\(folder)/run.yaml")
      for file in ["cores.csv", "links.csv", "marks.csv"] {
        try rheobase.write(try rheobase.text("example/\(file)"), to: "\(folder)/\(file)")
      }
      try StatisticsFile(run: example.run, statistics: statistics).write(toFolder: rheobase.path(folder))
    }
    let outcome = try await rheobase("report", "sweep")
    try #require(outcome.status.isSuccess, "\(outcome.errors)")
    return rheobase.path("sweep/report.html")
  }

  /// What a run writes of a chip.
  private func chipSheet(_ chip: String, _ rheobase: Program) async throws -> String {
    let folder = "sheet-\(chip)"
    if let known = try? rheobase.text("\(folder)/chip.json") { return known }
    let run = [
      "run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "1", "--chip", chip,
    ]
    try #require(try await rheobase(run + ["--output", folder]).status.isSuccess)
    return try rheobase.text("\(folder)/chip.json")
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

extension Program {
  /// Makes the folder of a sweep that has been collected elsewhere, without its plan.
  fileprivate func writeSweep(_ folder: String, _ lines: [String]) throws {
    try FileManager.default.createDirectory(atPath: path(folder), withIntermediateDirectories: false)
    try write(lines.map { "\($0)\n" }.joined(), to: "\(folder)/\(SweepTable.fileName)")
  }
}

/// What `report_page.py` saw of a page.
private struct Look: Decodable {
  struct Chart: Decodable {
    let name, label: String
    let role: String?
    let said, found, visible, crosses: Int
  }
  struct Hover: Decodable {
    let told, tip, key: String
    let visible, hidden, kept: Bool
  }
  struct Printed: Decodable {
    /// Names of tables.
    let too_wide, lone_heads: [String]
    /// How many lists are folded before, while and after it is printed.
    let folded: [Int]
  }
  struct Letters: Decodable {
    /// Those of charts, in pixels, by the width of the window.
    let smallest: [String: Double]
    /// Whether charts that are wider than their figures can be scrolled.
    let scrolls: Bool
  }
  struct Sort: Decodable {
    struct Order: Decodable {
      let aria: String?
      /// Of each group of lines.
      let values: [[JSONValue]]
    }
    let rows: Int
    let orders: [Order]
  }

  let page, text: String
  let bytes: Int
  let seconds: Double
  let overflow: [String: Int]
  let messages, requests, axe_light, axe_dark, cut_captions: [String]
  let letters: Letters
  /// What is told of a point and seven over it.
  let stacked: String?
  let printed: Printed
  let charts: [Chart]
  /// Of each chart.
  let hover: [Hover]
  /// Of each table with numbers.
  let sort: [Sort]
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
    #expect(hover.count == charts.count, "\(page)")
    #expect(letters.scrolls && letters.smallest.values.allSatisfy { $0 >= 11 }, "\(page): \(letters)")
    let told = stacked?.split(separator: "\n").map(String.init) ?? []
    #expect(
      told.filter { $0.hasPrefix("stacked ") }.count == 5 && told.last?.hasSuffix("more") == true, "\(page): \(told)")
    for (hover, chart) in zip(hover, charts) {
      let isTold = hover.visible && hover.tip.hasPrefix(hover.told) && !hover.told.isEmpty && !hover.key.isEmpty
      #expect(isTold && hover.hidden && hover.kept, "\(page): \(chart.name): \(hover)")
    }
  }

  /// What must hold of every page.
  func checkAll() {
    #expect(messages.isEmpty && requests.isEmpty, "\(page)")
    #expect(axe_light.isEmpty && axe_dark.isEmpty, "\(page)")
    #expect(overflow.count == 3 && overflow.values.allSatisfy { $0 <= 0 }, "\(page): \(overflow)")
    #expect(!sort.isEmpty, "\(page) has no table to sort")
    for sort in sort {
      let orders = sort.orders.map { $0.values.map { group in group.filter { $0 != .null }.map(\.sortable) } }
      #expect(sort.orders.map(\.aria) == ["ascending", "descending"])
      for values in orders[0] { #expect(zip(values, values.dropFirst()).allSatisfy(<=), "\(page)") }
      for values in orders[1] { #expect(zip(values, values.dropFirst()).allSatisfy(>=), "\(page)") }
      let all = orders[0].flatMap(\.self)
      #expect(Set(all.map(\.0)).count > 1 || Set(all.map(\.1)).count > 1, "\(page)")
    }
    #expect(cut_captions.isEmpty, "\(page)")
    #expect(printed.too_wide.isEmpty && printed.lone_heads.isEmpty, "\(page): \(printed)")
    #expect(printed.folded[1] == 0 && printed.folded[2] == printed.folded[0], "\(page): \(printed)")
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
