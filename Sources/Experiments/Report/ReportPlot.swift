import DataFiles
import Foundation
import Reports

extension Report {
  /// Small charts for a terminal: the energy of each run, and the gap over time where steps were recorded.
  ///
  /// - Returns: one line that says so for a sweep or a study, which have none.
  /// - Throws: as the report itself.
  public func plot(hasColours: Bool) throws -> String {
    guard !isStudy, !isSweep else {
      return "--plot draws results of run and compare; the page has the charts of this one\n"
    }
    var runs = try runs()
    for place in runs.indices { runs[place].name = runs[place].name.withVisibleControls }
    let bars = runs.map { run in
      (
        name: run.name, value: run.value(.totalEnergy) ?? 0,
        text: (run.statistics[.totalEnergy]?.displayText ?? "–") + run.marks(.totalEnergy).symbols
      )
    }
    let gap = RunCharts(runs: runs).gapOverTime.map { TerminalPlot.lines($0, hasColours: hasColours) }
    return ([TerminalPlot.bars("Total energy", bars)] + [gap].compactMap(\.self)).joined(separator: "\n")
  }
}
