import DataFiles
import Foundation

/// One row of a comparison: a bank and an input, with the statistics of their run.
public struct ComparisonRow: Equatable, Sendable {
  /// Path of the image; nil if it is not told.
  public let image: String?
  /// Name of the kernel bank.
  public let bank: String
  /// Name of the input's encoder.
  public let input: String
  /// Name of the neuron model.
  public let model: String
  /// Name of the chip.
  public let chip: String
  /// What the run measured.
  public let statistics: Statistics
  /// For how many more steps a target had to be held; nil if it is not told.
  public var heldSteps: Int?

  /// Makes a row.
  public init(image: String? = nil, bank: String, input: String, model: String, chip: String, statistics: Statistics) {
    self.image = image
    self.bank = bank
    self.input = input
    self.model = model
    self.chip = chip
    self.statistics = statistics
  }
}

/// What `compare` writes: `comparison.json` and `comparison.csv`.
public struct Comparison: Equatable, Sendable {
  /// The rows, in the order in which they are shown.
  public let rows: [ComparisonRow]

  /// Makes a comparison of rows.
  public init(rows: [ComparisonRow]) {
    self.rows = rows
  }

  /// The text of `comparison.json`: a list of rows, names mapped to plain values, and under `marks` the marks of those
  /// figures that have any.
  public var json: String {
    let rows = rows.map { row in
      JSONValue.object(
        row.identity.map { .init($0.name, .text($0.value)) }
          + row.statistics.ordered.map { .init($0.name, $0.value.json) }
          + [.init("marks", .object(row.marks.map { .init($0.name, .object($0.marks.json)) }))])
    }
    return JSONValue.list(rows).text(expandedDepth: 3)
  }

  /// The text of `comparison.csv`: a column for each name that occurs in a row, then the names that are marked:
  /// `estimate` and `hypothetical` separated by spaces, `missing_costs` as `name:cost,cost`.
  public var csv: String {
    let names = Set(rows.flatMap { $0.statistics.ordered.map(\.name) }).sorted(by: Statistics.precedes)
    let lines = rows.map { row in
      ComparisonRow.identityNames(of: rows).map { name in row.identity.first { $0.name == name }?.value ?? "" }
        + names.map { row.statistics[$0]?.known.plainText ?? "" } + row.marksAsFields
    }
    return CSV.text([ComparisonRow.identityNames(of: rows) + names + StatisticMarks.csvNames] + lines)
  }

  /// Writes `comparison.json` and `comparison.csv` into a folder.
  ///
  /// - Throws: `FileError` if a file cannot be written.
  public func write(toFolder folder: String) throws {
    try AtomicFile.write(Data(json.utf8), to: folder + "/comparison.json")
    try AtomicFile.write(Data(csv.utf8), to: folder + "/comparison.csv")
  }
}

extension ComparisonRow {
  var identity: [(name: String, value: String)] {
    (image.map { [("image", $0)] } ?? []) + [("bank", bank), ("input", input), ("model", model), ("chip", chip)]
  }

  /// The figures that have marks.
  var marks: [(name: String, marks: StatisticMarks)] {
    statistics.ordered.map { ($0.name, statistics.marks(of: $0)) }.filter { !$0.1.isEmpty }
  }

  /// Three fields, in the order of `StatisticMarks.csvNames`.
  fileprivate var marksAsFields: [String] {
    [
      marks.filter(\.marks.isEstimate).map(\.name),
      marks.filter { !$0.marks.missing.isEmpty }.map { "\($0.name):\($0.marks.missing.joined(separator: ","))" },
      marks.filter(\.marks.isHypothetical).map(\.name),
    ].map { $0.joined(separator: " ") }
  }

  /// The names that a table of rows needs.
  static func identityNames(of rows: [ComparisonRow]) -> [String] {
    (rows.contains { $0.image != nil } ? ["image"] : []) + ["bank", "input", "model", "chip"]
  }
}
