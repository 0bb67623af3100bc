import Reports

extension ChipRun {
  /// `marks.csv`: which columns of the traces contain an estimate, lack a cost or are hypothetical. The traces themselves
  /// stay plain numbers. Nil if no trace has a time or an energy.
  package var traceMarksCSV: String? {
    let costs = marks
    let columns: [(trace: RunConfiguration.Trace, file: String, column: String, marks: Marks)] = [
      (.spikes, "spikes.csv", "time_ps", costs.time), (.steps, "steps.csv", "end_ps", costs.time),
      (.steps, "steps.csv", "packets", .none), (.steps, "steps.csv", "hops", .none),
      (.steps, "steps.csv", "energy_dynamic_pJ", costs.dynamic), (.vcd, "activity.vcd", "time", costs.time),
    ]
    let recorded = columns.filter { configuration.traces.contains($0.trace) }
    guard !recorded.isEmpty else { return nil }
    let rows = recorded.map { entry in
      let marks = StatisticMarks(
        isEstimate: entry.marks.isEstimate, missing: entry.marks.missing, isHypothetical: !hypotheses.isEmpty)
      return [entry.file, entry.column] + marks.csv
    }
    return ([["file", "column"] + StatisticMarks.csvNames] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
  }
}
