import DataFiles
import Foundation
import KernelBanks
import Reports

/// The readable end of a study: `study.md`, tables as CSV, NPZ and JSON, and pictures.
struct StudyPage {
  let results: StudyResults
  let failed: [String]

  init(_ results: StudyResults, failed: [String]) {
    self.results = results
    self.failed = failed
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
    "pruning": ["pruning"], "certified": ["dial-sparseness", "dial-psnr", "quality"], "equal-sparseness": ["dial-gain"],
    "orientations": ["orientations"], "amplitudes": ["amplitudes"], "local": ["local"], "learning": ["learning"],
    "refit": ["refit"], "damage": StudyWorker.damages.map { "damage-\($0.name)" },
  ]
  /// How the names of pictures begin that there are for each chip.
  private static let chipIllustrations = ["chips": "energy-", "fronts": "front-", "throughput-front": "throughput-"]

  private func text(_ tables: [StudyTable], _ charts: [String]) -> String {
    let options = results.options
    let heldOut = (try? options.learningImages().heldOut.map(bankName)) ?? []
    var text = """
      # Kernel heterogeneity: a study of \(results.images.count) photographs

      \(results.images.map(bankName).joined(separator: ", ")) (\(options.cropSize.map { "the central \($0) × \($0) pixels" } ?? "whole"), \
      locally contrast-normalised). Medians with 95 % intervals (percentile bootstrap over photographs, seed \
      \(options.seed)); p: two-sided Mann–Whitney. With so few photographs an interval is wide, and no p below \
      \(String(format: "%.4f", smallestP)) is possible.


      """
    text += StatisticMarks.legend(of: tables.flatMap(\.marks)).map { "- \($0.replacing("*", with: "\\*"))\n" }.joined()
    text += "\n"
    if !failed.isEmpty {
      text += "**Not done:** \(failed.joined(separator: ", ")). Run the study again to do these.\n\n"
    }
    text += "## In short\n\n" + findings.map { "- \($0)\n" }.joined()
    if !heldOut.isEmpty, options.learningSteps > 0 {
      text += "\nLearning never saw \(heldOut.joined(separator: ", ")).\n"
    }
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

  /// The least p of the exact test: all of one sample above all of the other, twice.
  private var smallestP: Double {
    let values = results.images.indices.map { Double($0) }
    return SampleStatistics.mannWhitney(values, values.map { $0 + Double(values.count) }).p
  }

  // MARK: In short

  private var findings: [String] {
    let (homogeneous, heterogeneous) = (StudyBank(origin: .dial(0)), StudyBank(origin: .dial(1)))
    let options = results.options
    func published(_ name: String) -> String? {
      compared(results.published(heterogeneous), results.published(homogeneous), name)
    }
    func certified(_ name: String) -> String? {
      compared(
        results.codes(heterogeneous, options.middleLambda), results.codes(homogeneous, options.middleLambda), name)
    }
    var lines: [String?] = [
      published("sparseness").map { "Published protocol, sparseness, heterogeneous less homogeneous: \($0)." },
      published("psnr").map { "Published protocol, PSNR (dB), heterogeneous less homogeneous: \($0)." },
      certified("sparseness").map {
        "Certified at λ = \(options.middleLambda), sparseness, heterogeneous less homogeneous: \($0)."
      },
      certified("psnr").map {
        "Certified at λ = \(options.middleLambda), PSNR (dB), heterogeneous less homogeneous: \($0)."
      },
      certified("objective").map {
        "Certified at λ = \(options.middleLambda), objective, heterogeneous less homogeneous: \($0)."
      },
    ]
    let reference = results.psnrAtEqualSparseness(homogeneous)
    for bank in options.banks where bank != homogeneous {
      let values = results.psnrAtEqualSparseness(bank)
      guard values.count == reference.count else { continue }
      lines.append(
        difference(zip(values, reference).map { $0 - $1 }, name: "psnr").map {
          "PSNR (dB) at equal sparseness, \(bank.name) less homogeneous: \($0)."
        })
    }
    return lines.compactMap { $0 }
  }

  /// The median of differences on one photograph each.
  private func compared(_ a: [JSONValue], _ b: [JSONValue], _ name: String) -> String? {
    guard a.count == b.count else { return nil }
    return difference(zip(a, b).map { $0.number(name) - $1.number(name) }, name: name)
  }

  private func difference(_ values: [Double], name: String) -> String? {
    let finite = values.filter(\.isFinite)
    guard !finite.isEmpty else { return nil }
    let estimate = results.median(finite)
    let digits = name == "sparseness" ? 4 : 2
    return StudyTable.shown(.estimate(estimate, digits: digits))
      + ", above 0 on \(finite.filter { $0 > 0 }.count) of \(finite.count)"
  }
}
