import DataFiles
import Foundation
import KernelBanks
import Reports

/// The readable end of a study: `study.md`, tables as CSV, NPZ and JSON, and pictures.
struct StudyPage {
  let results: StudyResults
  let unfinished: [Study.Unfinished]

  init(_ results: StudyResults, unfinished: [Study.Unfinished]) {
    self.results = results
    self.unfinished = unfinished
  }

  func write() throws {
    let output = results.options.output
    let (tables, charts) = (results.tables, results.charts)
    try write(tables, to: "\(output)/tables")
    let json = JSONValue.list(tables.map(\.json))
    try AtomicFile.write(Data(json.text(expandedDepth: 2).utf8), to: "\(output)/tables.json")
    let drawn = JSONValue.list(charts.map { .object([.init("name", .text($0.name)), .init("chart", $0.chart.json)]) })
    try AtomicFile.write(Data(drawn.text(expandedDepth: 1).utf8), to: "\(output)/\(Self.chartsFile)")
    try write(charts, to: "\(output)/pictures")
    try AtomicFile.write(Data(text(tables, charts.map(\.name)).utf8), to: "\(output)/study.md")
  }

  /// What is drawn in the charts, as data.
  static let chartsFile = "pictures.json"

  /// Replaces the folder as a whole, so that no table of other options stays in it.
  private func write(_ tables: [StudyTable], to path: String) throws {
    let folder = try OutputFolder(destination: path, replacing: .onlyFiles(endings: [".csv", ".npz"]))
    for table in tables {
      try AtomicFile.write(Data(table.csv.utf8), to: folder.file("\(table.name).csv"))
      try table.archive.write(to: folder.file("\(table.name).npz"))
    }
    try folder.commit()
  }

  /// Replaces the folder as a whole, with charts and pictures of the kernels.
  private func write(_ charts: [(name: String, chart: Chart)], to path: String) throws {
    let folder = try OutputFolder(destination: path, replacing: .onlyFiles(endings: [".svg", ".png"]))
    for (name, chart) in charts { try AtomicFile.write(Data(chart.svg.utf8), to: folder.file("\(name).svg")) }
    for bank in results.options.bankFiles {
      guard let kernels = try? BankFile.read(bank.path(in: results.options.output)) else { continue }
      try kernels.picture().writePNG(to: folder.file("bank-\(bank.fileName).png"))
      try AtomicFile.write(Data(kernels.vectorPicture().utf8), to: folder.file("bank-\(bank.fileName).svg"))
    }
    try folder.commit()
  }

  /// Pictures that go with a table, by their names.
  static func pictures(of table: String, among names: [String]) -> [String] {
    let known = illustrations[table] ?? []
    let family = families[table]
    return names.filter { name in known.contains(name) || family.map(name.hasPrefix) == true }
  }

  private static let illustrations: [String: [String]] = [
    "bandwidths": ["bandwidths"], "quality": ["dial-sparseness", "dial-psnr", "quality", "quality-designed"],
    "equal-sparseness": ["dial-gain"], "banks": ["dial-bandwidth"], "learning": ["learning"],
    "refit": ["refit", "refit-orientations"],
  ]
  /// How the names of pictures begin that there are for each kind of code, of damage, or for each chip.
  private static let families = [
    "pruning": "pruning-", "relative-pruning": "relative-pruning-", "orientations": "orientations-",
    "amplitudes": "amplitudes-", "local": "local-", "damage": "damage-", "chip-damage": "chip-damage-",
    "chips": "energy-", "targets": "target-", "break-even": "break-even-", "fronts": "front-",
    "throughput-front": "throughput-", "convergence": "convergence-", "differences": "differences-",
    "damage-differences": "resilience-",
  ]

  private func text(_ tables: [StudyTable], _ charts: [String]) -> String {
    let options = results.options
    let count = results.images.count
    var text = """
      # Kernel heterogeneity: a study of \(count == 1 ? "one photograph" : "\(count) photographs")

      \(results.images.map(bankName).joined(separator: ", ")) (\(results.area), locally contrast-normalised).\
      \(dialNote)

      \(statistics(of: tables))


      """
    text += StatisticMarks.legend(of: tables.flatMap(\.marks)).map { "- \($0.replacing("*", with: "\\*"))\n" }.joined()
    text += "\n"
    if !unfinished.isEmpty {
      text += "**Not done**; run the study again to do these:\n\n"
      text +=
        unfinished.byReason.map { reason, tasks in
          "- \(reason): \(tasks.map { "`\($0)`" }.joined(separator: ", "))\n"
        }.joined() + "\n"
    }
    text += "## In short\n\n" + findings.map { "- \($0)\n" }.joined()
    if !results.heldOut.isEmpty, options.learningSteps > 0 {
      let names = results.heldOut.map(bankName).joined(separator: ", ")
      text +=
        results.folds.all.count == 1
        ? "\nLearning never saw \(names).\n"
        : "\nIn \(results.folds.all.count) folds, learnt banks that have not seen it code each of \(names).\n"
    }
    if !limits.isEmpty { text += "\n**What this does not say.** \(limits.joined(separator: " "))\n" }
    for table in tables { text += section(table, charts) }
    text += "\n## Kernels\n"
    for bank in options.bankFiles where FileManager.default.fileExists(atPath: bank.path(in: options.output)) {
      text += "\n\(bank.fileName)\n\n![\(bank.fileName)](pictures/bank-\(bank.fileName).svg)\n"
    }
    return text
  }

  private func section(_ table: StudyTable, _ charts: [String]) -> String {
    let rows =
      table.isInPage
      ? table.markdown : "\(table.rows.count.counted("row")): [tables/\(table.name).csv](tables/\(table.name).csv).\n"
    let pictures = Self.pictures(of: table.name, among: charts).map { "\n![\($0)](pictures/\($0).svg)\n" }
    return "\n## \(table.title)\n\n\(rows)\(pictures.joined())"
  }

  /// Which banks the dial has, if not the study's.
  private var dialNote: String {
    guard let mean = results.shownConstantMean else { return "" }
    let names = results.options.dialEnds.map { "`\($0.name)`" }.joined(separator: " and ")
    return " All banks on the dial have a mean B_θ of \(mean): its ends, which the protocol codes with and banks are "
      + "learnt from, are \(names)."
  }

  /// What medians, intervals and tests are worth.
  private func statistics(of tables: [StudyTable]) -> String {
    let (count, needed) = (results.images.count, SampleStatistics.leastCountWithInterval)
    let intervals =
      count < needed
      ? "Medians over photographs, their number in brackets; a 95 % interval needs \(needed) of them."
      : "Medians with intervals of 95 % or more (\(results.shownCoverage); none of fewer than \(needed)), the number "
        + "of photographs in brackets. With few photographs an interval is wide."
    let tests = tables.flatMap(\.tests)
    let least = (paired: results.leastSignedRank, samples: results.leastMannWhitney)
    let able = tests.count(ableToBeBelow: StudyResults.level)
    let below = StudyResults.shown(chance: tests.expectedCount(below: StudyResults.level))
    let chance =
      able > 0
      ? "\(able) have enough photographs for p < 0.05; about \(below) of them would fall below by chance alone."
      : "none has enough photographs for p < 0.05."
    let told = " The tables tell the p of \(tests.count.counted("test")), not corrected for their number: \(chance)"
    return "\(intervals) No p below \(StudyResults.shown(least: least.paired)) (paired differences) or "
      + "\(StudyResults.shown(least: least.samples)) (two samples) is possible.\(tests.isEmpty ? "" : told)"
  }

  // MARK: In short

  /// The rows of the tables of differences that answer the study's questions.
  private var findings: [String] {
    results.headlines.map(results.sentence)
      + results.damageHeadlines.map { "Loss of PSNR (dB): " + results.sentence($0) }
  }

  /// What a reader might take from the tables, and should not; a sentence or two each.
  private var limits: [String] {
    let options = results.options
    var limits = [
      "A code of zeros has a PSNR of its own (table `images`): a damaged or pruned code below it, by the column "
        + "`\(StudyResults.aboveEmpty)`, is worse than none, and what it has lost says mostly how good it was before."
    ]
    if results.headlines.contains(where: { $0.codes == .equalSparseness }) {
      limits.append(
        "PSNR at equal sparseness rests on numbers of non-zeros, which a small gap leaves open: each code starts from that "
          + "of the next larger λ, and along two lists of λ such a difference has changed by half of it on one photograph "
          + "(docs/study.md).")
    }
    if options.learningSteps > 0 {
      limits.append(
        "Learnt banks are learnt here, by another protocol than the study's (table `settings`): where they stand among "
          + "codes by the study's protocol, the coding is the study's and the kernels are not. B_θ and θ of a learnt "
          + "kernel are those of a log-Gabor, and only where it explains half of the kernel's energy.")
      limits.append(
        results.heldOut.isEmpty
          ? "There is one photograph, and banks are learnt from it: how learnt banks differ on others is not told."
          : "Differences of learnt banks are those on photographs not learnt from; their medians in other tables are "
            + "over all photographs.")
      if !options.chips.isEmpty {
        let known = results.chipImages.filter { !results.heldOut.contains($0) }
        limits.append(
          known.isEmpty
            ? "Learnt banks on chips have not seen the photographs that they code."
            : "On chips, learnt banks code photographs that they were learnt from: "
              + known.map(bankName).joined(separator: ", ") + ".")
      }
    }
    if !options.chips.isEmpty, !results.chipImages.isEmpty {
      limits.append(
        "Sparse input is not free: with the network's own bank its code has solved the problem already, and the chip "
          + "restates an answer that was paid for on the host. Tables `chips` and `targets` have the gap of that code "
          + "and of the fixed point of its drive, what encoding cost, and totals without and with it; the Pareto "
          + "fronts are given without and with it.")
      limits.append(
        "Damage on the chip that chance decides is drawn once a photograph (that of codes \(StudyProtocol.damageDraws) "
          + "times): how far another draw would lie is not told.")
    }
    return limits
  }
}
