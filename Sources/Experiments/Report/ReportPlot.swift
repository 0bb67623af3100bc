import DataFiles
import Foundation
import Reports

extension Report {
  /// Small charts for a terminal: the energy of each run, and the gap over time where steps were recorded.
  ///
  /// - Parameters:
  ///   - columns: What a line of the terminal holds.
  ///   - hasColours: Whether escape sequences for colours are written.
  ///   - isASCII: Whether nothing is drawn of blocks, braille and lines.
  /// - Returns: one line that says so for a sweep or a study, which have none, and for a terminal that is too narrow.
  /// - Throws: as the report itself.
  public func plot(columns: Int, hasColours: Bool, isASCII: Bool = false) throws -> String {
    guard !isStudy, !isSweep else {
      return "--plot draws results of run and compare; the page has the charts of this one\n"
    }
    guard columns >= Self.leastColumns else {
      return "--plot needs \(Self.leastColumns) columns; this terminal has \(columns)\n"
    }
    var runs = try runs()
    for place in runs.indices {
      runs[place].name = runs[place].name.withVisibleControls.shortened(toColumns: columns / 2)
    }
    let bars = runs.map { run in
      (
        name: run.name, value: run.value(.totalEnergy) ?? 0,
        text: (run.statistics[.totalEnergy]?.displayText ?? "–") + run.marks(.totalEnergy).symbols
      )
    }
    let gap = RunCharts(runs: runs).gapOverTime.map {
      TerminalPlot.lines($0, columns: columns, hasColours: hasColours, isASCII: isASCII)
    }
    return ([TerminalPlot.bars("Total energy", bars, columns: columns, isASCII: isASCII)] + [gap].compactMap(\.self))
      .joined(separator: "\n")
  }

  private static let leastColumns = 50
}
