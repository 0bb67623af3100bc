import DataFiles
import Reports
import Testing

@Suite struct ProgressBarTests {
  @Test func aBarTellsHowMuchIsDoneHowFastAndHowLongItTakesStill() {
    var bar = ProgressBar()
    func line(_ done: Double, at time_s: Double) -> String {
      bar.line(ProgressUpdate("x", done: done, of: 200, unit: "steps"), at: time_s)
    }
    // No rate before anything was measured.
    #expect(line(50, at: 10) == "x █████··············· 25 %  50/200 steps")
    #expect(line(51, at: 10.1) == "x █████··············· 25 %  51/200 steps")
    // 50 steps in 2 seconds, from where counting began; 100 are left.
    #expect(line(100, at: 12) == "x ██████████·········· 50 %  100/200 steps  25.0 steps/s  0:04 left")
    #expect(line(101, at: 12.04).hasPrefix("x ██████████·········· 50 %"))
    #expect(line(103, at: 12.12).hasPrefix("x ██████████▎········· 51 %"))
    // Another piece of work begins anew.
    #expect(line(0, at: 20) == "x ···················· 0 %  0/200 steps")
  }

  @Test func aRateBelowOneASecondIsToldByTheMinuteOrHour() {
    for (seconds, rate) in [
      (0.5, "2.00 points/s"), (2, "30.0 points/min"), (60, "1.00 points/min"), (90, "40.0 points/h"),
    ] {
      var bar = ProgressBar()
      _ = bar.line(ProgressUpdate("", done: 0, of: 9, unit: "points"), at: 0)
      let line = bar.line(ProgressUpdate("", done: 1, of: 9, unit: "points"), at: seconds)
      #expect(line.contains(" \(rate) "), "\(line)")
    }
  }

  @Test func whatMayEndEarlyOrHasNoEndSaysSo() {
    var bar = ProgressBar()
    _ = bar.line(ProgressUpdate("", done: 0, of: 7260, unit: "steps", mayEndEarly: true), at: 0)
    let line = bar.line(ProgressUpdate("", done: 60, of: 7260, unit: "steps", mayEndEarly: true), at: 60)
    #expect(line.hasSuffix("1.00 steps/s  at most 2:00:00 left"))
    _ = bar.line(ProgressUpdate("e", done: 0, unit: "events"), at: 0)
    #expect(bar.line(ProgressUpdate("e", done: 3e6, unit: "events"), at: 2) == "e 3.00 M events  1.50 M events/s")
    #expect(bar.line("reading", at: 3) == "reading")
    // What comes after it is measured anew, and a share needs no numbers.
    #expect(bar.line(ProgressUpdate("e", done: 4e6, unit: "events"), at: 30) == "e 4.00 M events")
    _ = bar.line(ProgressUpdate("s", done: 1, of: 4), at: 40)
    #expect(bar.line(ProgressUpdate("s", done: 2, of: 4), at: 41) == "s ██████████·········· 50 %  0:02 left")
    let update: ProgressUpdate = "reading"
    #expect(update.within("file").description == "file: reading")
  }

  /// What matters least goes first; the time left stays to the last.
  @Test(arguments: [
    (100, "12 running, 3 failed ████████············ 40 %  400/1000 points  25.0 points/s  0:24 left"),
    (79, "12 running, 3 failed ████████············ 40 %  400/1000 points  0:24 left"),
    (69, "12 running, 3 failed 40 %  400/1000 points  0:24 left"),
    (49, "12 running, 3 failed 40 %  0:24 left"), (30, "12 r… 3 failed 40 %  0:24 left"), (5, "… 40"),
  ])
  func aNarrowTerminalStillTellsTheTimeLeft(_ columns: Int, _ expected: String) {
    var bar = ProgressBar()
    func line(_ done: Double, at time_s: Double) -> String {
      bar.line(.init("12 running, 3 failed", done: done, of: 1000, unit: "points"), at: time_s, columns: columns)
    }
    _ = line(0, at: 0)
    let shown = line(400, at: 16)
    #expect(shown == expected && shown.displayWidth <= columns, "\(shown)")
  }

  @Test func whatIsBeingDoneTakesItsColumnsAndIsNotObeyed() {
    var bar = ProgressBar()
    #expect(bar.line("日本語日本語\n\u{1B}[2K", at: 0, columns: 12).displayWidth <= 12)
    #expect(bar.line("a\tb\u{1B}", at: 0) == "a␉b\\u{1B}")
    let wide = ProgressUpdate("日本語日本語日本語", done: 3e6, unit: "events")
    #expect(bar.line(wide, at: 1, columns: 24).hasSuffix(" 3.00 M events"))
    #expect(bar.line(wide, at: 1, columns: 24).displayWidth <= 24)
  }

  @Test func aPlotHasALineForEachBarAndItsDotsWhereTheValuesAre() {
    let bars = TerminalPlot.bars(
      "Energy", [("a", 4, "4 J*"), ("long", 1, "1 J"), ("none", .nan, "–")], columns: 21)
    #expect(bars == "Energy\n  a     ████████ 4 J*\n  long  ██ 1 J\n  none   –\n")
    let chart = Chart(
      "t", x: .init("x"), y: .init("y"), [.init("up", [.init(0, 0), .init(10, 10)]), .init("no", [.init(.nan, 1)])])
    let lines = TerminalPlot.lines(chart, columns: 16, rows: 5, hasColours: false).split(separator: "\n")
    let cells = lines[1...5].map { $0.drop { $0 != "│" }.dropFirst() }
    // A diagonal: one cell in ten columns a half row each, from the bottom left to the top right.
    for (row, line) in cells.enumerated() {
      let places = line.enumerated().filter { $0.element != " " }.map(\.offset)
      #expect(places == [8 - 2 * row, 9 - 2 * row], "\(line)")
    }
    for columns in [50, 60, 80, 200] {
      let named = Chart(
        "Gap", x: .init("time"), y: .init("gap (%)"),
        ["heterogeneous, sparse", "homogeneous, dense"].map { .init($0, [.init(0, 0.0001), .init(10, 12345)]) })
      let text =
        TerminalPlot.lines(named, columns: columns, hasColours: false)
        + TerminalPlot.bars("Energy", [("heterogeneous, sparse", 4, "4.005 mJ*†")], columns: columns)
      let widest = text.split(separator: "\n").map(\.count).max() ?? 0
      #expect((min(columns, 74) - 10...min(columns, 80)).contains(widest), "\(columns): \(widest)\n\(text)")
    }
    // Where colours do not tell curves apart, marks do.
    let crossing = Chart(
      "t", x: .init("x"), y: .init("y"),
      [.init("up", [.init(0, 0), .init(10, 10)]), .init("down", [.init(0, 10), .init(10, 0)])])
    let marked = TerminalPlot.lines(crossing, columns: 16, rows: 5, hasColours: false).split(separator: "\n")
    #expect(marked.suffix(2) == ["  * up", "  + down"])
    #expect(marked[1].hasSuffix("│++      **") && marked[5].hasSuffix("│**      ++"), "\(marked)")
    #expect(TerminalPlot.lines(crossing, hasColours: true).contains("\u{1B}[33m⣿\u{1B}[0m down"))
    #expect(TerminalPlot.lines(chart).contains("\u{1B}[34m"))
    // Where there is nothing but ASCII, all is drawn with it.
    let plain =
      TerminalPlot.bars("Energy", [("a", 4, "4 J"), ("long", 1, "1 J")], columns: 21, isASCII: true)
      + TerminalPlot.lines(chart, columns: 16, rows: 5, isASCII: true)
    #expect(
      plain.hasPrefix("Energy\n  a     ######### 4 J\n  long  ## 1 J\n") && plain.allSatisfy(\.isASCII), "\(plain)")
    #expect(plain.contains("|        **\n") && plain.contains("+----------\n") && !plain.contains("\u{1B}"))
    #expect(TerminalPlot.lines(Chart("", x: .init(""), y: .init(""), [])).isEmpty)
  }
}
