import Neuromorphic
import Reports

extension ChipRun {
  /// `marks.csv`: which columns of `cores.csv`, of `links.csv` and of the traces contain an estimate, lack a cost or
  /// are hypothetical. The files themselves stay plain numbers.
  package var columnMarksCSV: String {
    let time = marks.time
    let columns: [(trace: RunConfiguration.Trace, file: String, column: String, marks: Marks)] = [
      (.spikes, "spikes.csv", "time_ps", time), (.npz, "spikes.npz", "time_ps", time),
      (.sonata, "spikes.sonata.h5", "timestamps", time), (.sonata, "spikes.sonata.h5", "time_ps", time),
      (.nwb, "spikes.nwb", "spike_times", time),
      (.sqlite, "trace.sqlite", "times", time), (.sqlite, "trace.sqlite", "energies", marks.dynamic),
      (.sqlite, "trace.sqlite", "packets and hops", marks.traffic),
      (.perfetto, "trace.perfetto.json", "times", time), (.perfetto, "trace.perfetto.json", "energies", marks.dynamic),
      (.fst, "activity.fst", "time", time), (.steps, "steps.csv", "end_ps", time),
      (.steps, "steps.csv", "packets", marks.traffic), (.steps, "steps.csv", "hops", marks.traffic),
      (.steps, "steps.csv", "energy_dynamic_pJ", marks.dynamic), (.steps, "steps.csv", "spikes", .none),
      (.steps, "steps.csv", "synops", .none), (.steps, "steps.csv", "updates_active", .none),
      (.steps, "steps.csv", "saturations", .none), (.steps, "steps.csv", "objective", .none),
      (.steps, "steps.csv", "gap", .none), (.steps, "steps.csv", "nonzeros", .none),
      (.vcd, "activity.vcd", "time", time),
    ]
    let ofTraces = columns.filter { configuration.traces.contains($0.trace) }.map { ($0.file, $0.column, $0.marks) }
    let ofCores =
      ["busy_ps", "soma_ps", "engine_ps"].map { ("cores.csv", $0, time) }
      + ["packets_sent", "packets_received"].map { ("cores.csv", $0, marks.traffic) }
    let ofLinks = [("links.csv", "packets", marks.traffic)]
    let ofLimits = CoreNeeds.none.limits(of: chip).flatMap { limit in
      [(limit.column, limit.isNeedEstimate), ("\(limit.column)_limit", limit.isLimitEstimate)].map {
        ("cores.csv", $0, Marks(isEstimate: $1, missing: []))
      }
    }
    let rows = (ofCores + ofLimits + ofLinks + ofTraces).map { file, column, marks in
      let marks = StatisticMarks(
        isEstimate: marks.isEstimate, missing: marks.missing, isHypothetical: !hypotheses.isEmpty)
      return [file, column] + marks.csv
    }
    return ([["file", "column"] + StatisticMarks.csvNames] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
  }
}
