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
    for table in tables {
      try AtomicFile.write(Data(table.csv.utf8), to: "\(output)/tables/\(table.name).csv")
      try table.archive.write(to: "\(output)/tables/\(table.name).npz")
    }
    let json = JSONValue.list(tables.map(\.json))
    try AtomicFile.write(Data(json.text(expandedDepth: 2).utf8), to: "\(output)/tables.json")
    for (name, chart) in charts { try AtomicFile.write(Data(chart.svg.utf8), to: "\(output)/pictures/\(name).svg") }
    for bank in results.options.banks {
      guard let kernels = try? BankFile.read(bank.path(in: output)) else { continue }
      try kernels.picture().writePNG(to: "\(output)/pictures/bank-\(bank.name).png")
      try AtomicFile.write(
        Data(kernels.vectorPicture().utf8), to: "\(output)/pictures/bank-\(bank.name).svg")
    }
    try AtomicFile.write(Data(text(tables, charts.map(\.name)).utf8), to: "\(output)/study.md")
  }

  /// Pictures that go with a table, by their names.
  static func pictures(of table: String, among names: [String]) -> [String] {
    let known = illustrations[table] ?? []
    let ofEachChip = chipIllustrations[table]
    return names.filter { name in known.contains(name) || ofEachChip.map(name.hasPrefix) == true }
  }

  private static let illustrations: [String: [String]] = [
    "pruning": ["pruning"], "relative-pruning": ["relative-pruning"], "bandwidths": ["bandwidths"],
    "certified": ["dial-sparseness", "dial-psnr", "quality"], "equal-sparseness": ["dial-gain"],
    "orientations": ["orientations"], "amplitudes": ["amplitudes"], "local": ["local"], "learning": ["learning"],
    "refit": ["refit", "refit-orientations"], "damage": StudyWorker.damages.map { "damage-\($0.name)" },
    "chip-damage": StudyChips.damages.map { "chip-damage-\($0.name)" },
  ]
  /// How the names of pictures begin that there are for each chip.
  private static let chipIllustrations = [
    "chips": "energy-", "targets": "target-", "break-even": "break-even-", "fronts": "front-",
    "throughput-front": "throughput-",
  ]

  private func text(_ tables: [StudyTable], _ charts: [String]) -> String {
    let options = results.options
    let heldOut = (try? options.learningImages().heldOut.map(bankName)) ?? []
    var text = """
      # Kernel heterogeneity: a study of \(results.images.count) photographs

      \(results.images.map(bankName).joined(separator: ", ")) (\(results.area), locally contrast-normalised). \
      Medians with 95 % intervals (percentile bootstrap over photographs, seed \(options.seed)). With so few photographs \
      an interval is wide, and no p below \(least(results.leastSignedRank)) (paired differences) or \
      \(least(results.leastMannWhitney)) (two samples) is possible.


      """
    text += StatisticMarks.legend(of: tables.flatMap(\.marks)).map { "- \($0.replacing("*", with: "\\*"))\n" }.joined()
    text += "\n"
    if !unfinished.isEmpty {
      text += "**Not done**; run the study again to do these:\n\n"
      text += unfinished.map { "- `\($0.task)`: \($0.reason)\n" }.joined() + "\n"
    }
    text += "## In short\n\n" + findings.map { "- \($0)\n" }.joined()
    if !heldOut.isEmpty, options.learningSteps > 0 {
      text += "\nLearning never saw \(heldOut.joined(separator: ", ")).\n"
    }
    text += limits
    for table in tables {
      text += "\n## \(table.title)\n\n"
      text +=
        table.isInPage
        ? table.markdown : "\(table.rows.count) rows: [tables/\(table.name).csv](tables/\(table.name).csv).\n"
      for name in Self.pictures(of: table.name, among: charts) { text += "\n![\(name)](pictures/\(name).svg)\n" }
    }
    text += "\n## Kernels\n"
    for bank in options.banks where FileManager.default.fileExists(atPath: bank.path(in: options.output)) {
      text += "\n\(bank.name)\n\n![\(bank.name)](pictures/bank-\(bank.name).png)\n"
    }
    return text
  }

  private func least(_ p: Double) -> String { StudyTable.shown(.number(p, digits: 4)) }

  // MARK: In short

  /// The rows of the tables of differences that answer the study's questions.
  private var findings: [String] {
    let lambda = "certified, λ = \(results.options.middleLambda)"
    let wanted: [(codes: String, quantities: [String])] = [
      ("study's protocol", ["sparseness", "PSNR (dB)"]), (lambda, ["sparseness", "PSNR (dB)", "objective a pixel"]),
    ]
    let ofHeterogeneous = results.differences.filter { difference in
      difference.bank == .heterogeneous
        && wanted.contains { $0.codes == difference.codes && $0.quantities.contains(difference.quantity) }
    }
    let atEqualSparseness = results.differences.filter { $0.codes == "certified, equal sparseness" }
    let resilience = results.damageDifferences.filter { difference in
      difference.bank == .heterogeneous
        && ["pruned below 0.5", "events lost 0.1", "bits of a payload 4"].contains(difference.quantity)
    }
    return (ofHeterogeneous + atEqualSparseness).map(results.sentence)
      + resilience.map { "Loss of PSNR (dB): " + results.sentence($0) }
  }

  /// What a reader might take from the tables, and should not.
  private var limits: String {
    guard results.options.learningSteps > 0 else { return "" }
    return """

      **What this does not say.** Learnt banks are learnt here, by another protocol than the study's (table \
      `settings`): where they stand among codes by the study's protocol, the coding is the study's and the kernels are \
      not. B_θ and θ of a learnt kernel are those of a log-Gabor, and only where it explains half of the kernel's energy.

      """
  }
}
