import Neuromorphic
import Reports

/// The comparisons side by side: what must be equal, and times, which need not.
struct ComparisonTable {
  let comparisons: [Comparison]
  let cycleSteps: Int

  var text: String {
    Table(
      columns: [.init([""], .leading)]
        + comparisons.map { .init([$0.network.topology.rawValue, "\($0.network.neurons)"]) },
      rows: counts + energies + times, legend: legend
    ).text
  }

  private func row(_ label: String, _ cell: (Comparison) -> String) -> Table.Row {
    .cells([Table.Cell("  " + label)] + comparisons.map { Table.Cell(cell($0)) })
  }

  /// A figure of ours, and an equals sign if theirs is the same.
  private func count(_ label: String, _ value: KeyPath<Account, Int>) -> Table.Row {
    row(label) { c in
      let mine = c.ours[.approximate]?.account[keyPath: value] ?? 0
      return (mine == c.theirs.account[keyPath: value] ? "= " : "≠ ") + "\(mine)"
    }
  }

  private var counts: [Table.Row] {
    [
      .section("Counts, equal in both programs"),
      row("format of synapses") { $0.format.rawValue },
      count("spikes", \.spikeCount), count("active updates", \.updates), count("packets", \.packets),
      count("hops", \.hops), count("synops", \.synops),
    ]
  }

  private func energy(_ label: String, _ value: @escaping (Account) -> Double) -> [Table.Row] {
    [
      row(label) { NumberFormat.engineering(value($0.theirs.account), unit: "J", significantDigits: 7) },
      row("  difference") { c in
        let mine = (c.ours[.approximate]?.account).map(value) ?? .nan
        return NumberFormat.plain(Account.difference(mine, value(c.theirs.account)), unit: "1")
      },
    ]
  }

  private var energies: [Table.Row] {
    [.section("Energy in SANA-FE, and the relative difference of ours")] + energy("synapses", \.synapses_J)
      + energy("somas", \.somas_J) + energy("axons and hops", \.axonsAndHops_J)
  }

  private func time(_ value: Double?) -> String {
    value.map { NumberFormat.engineering($0, unit: "s", significantDigits: 4) } ?? "–"
  }

  private var times: [Table.Row] {
    let levels = TimingLevel.allCases
    return [.section("Mean time of a step without its barrier")]
      + [
        row("SANA-FE simple") { time($0.meanTime(SanaFE.Timing.simple)) },
        row("SANA-FE detailed") { time($0.meanTime(SanaFE.Timing.detailed)) },
      ] + levels.map { level in row("ours \(level.rawValue)") { time($0.meanTime(level)) } }
      + [.section("The same of the first \(cycleSteps) steps")]
      + [row("SANA-FE cycle") { time($0.meanTime(SanaFE.Timing.cycle)) }]
      + levels.map { level in row("ours \(level.rawValue)") { time($0.meanTime(level, steps: cycleSteps)) } }
      + [
        .section("Barrier"), row("SANA-FE") { time($0.simple.barrier_s) },
        row("ours") { time($0.ours[.approximate]?.barrier_s) },
      ]
  }

  private var legend: [String] {
    comparisons.filter { !$0.exceeded.isEmpty }.map {
      "\($0.title) is hypothetical: its fullest core needs \($0.exceeded.joined(separator: ", "))"
    }
  }
}
