import DataFiles
import EventStreams
import Foundation
import Reports

/// `rheobase compare`: banks × inputs on one image and chip, at equal quality.
public struct Compare {
  /// What all rows share.
  public let base: RunConfiguration
  /// Names or paths of banks.
  public let banks: [String]
  /// Encoders of the input.
  public let inputs: [Encoder]
  /// The result folder; nil to write nothing.
  public let output: String?
  /// Whether the result folder gets a page and charts.
  public var makesReport = true
  /// Called when the result folder is in place, before an interruption can come in between.
  public var whenWritten: () -> Void = {}

  /// A comparison of every bank with every input.
  public init(base: RunConfiguration, banks: [String], inputs: [Encoder], output: String?) {
    self.base = base
    self.banks = banks
    self.inputs = inputs
    self.output = output
  }

  /// Runs every bank × input and writes one result folder a row and the comparison, whole or not at all.
  public func callAsFunction(progress: @escaping ProgressHandler = { _ in }) throws -> Comparison {
    try check()
    let folder = try output.map { try OutputFolder(destination: $0, replacing: .ofRuns) }
    var runner = Runner()
    let references = try banks.map { bank in
      runner.progress = { progress($0.within(bank)) }
      return try runner.reference(configuration(bank, inputs[0]))
    }
    let common = (1 + base.gap) * (references.map(\.dualValue).max() ?? 0)
    var rows: [ComparisonRow] = []
    for bank in banks {
      for input in inputs {
        let row = "\(rows.count + 1) of \(banks.count * inputs.count), \(bank), \(input.rawValue)"
        runner.progress = { progress($0.within(row)) }
        func makeRow() throws -> ComparisonRow {
          try self.row(bank, input, common: common, runner: &runner, folder: folder)
        }
        rows.append(try folder.map { try $0.naming(makeRow) } ?? makeRow())
      }
    }
    let comparison = Comparison(rows: rows)
    if let folder {
      try comparison.write(toFolder: folder.path)
      try folder.commit(makingReport: makesReport, whenInPlace: whenWritten)
    }
    return comparison
  }

  /// Checks all that takes no time, files included: of several comparisons, each before the first one runs.
  public func check() throws {
    try checkRows()
    var runner = Runner()
    for bank in banks {
      for input in inputs {
        let run = configuration(bank, input)
        if let output { try run.checkReadsNothing(in: output) }
        try runner.prepare(run)
      }
    }
  }

  /// Checks the names of the rows, without a look at any file.
  ///
  /// - Throws: `ExperimentError` if there are no rows, a bank is not known, or two rows would have one name.
  public func checkRows() throws(ExperimentError) {
    guard !banks.isEmpty, !inputs.isEmpty else {
      throw ExperimentError("a comparison needs at least one bank and one input")
    }
    for bank in banks { try configuration(bank, inputs[0]).checkNames() }
    let names = banks.flatMap { bank in inputs.map { rowName(bank, $0) } }
    if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw ExperimentError("two rows would be called \(names[twice]); name each bank and input once")
    }
    guard base.events == nil else {
      throw ExperimentError("a comparison makes its own inputs; events are for rheobase run")
    }
  }

  private func rowName(_ bank: String, _ input: Encoder) -> String { "\(bankName(bank))-\(input.rawValue)" }

  private func configuration(_ bank: String, _ input: Encoder) -> RunConfiguration {
    var run = base
    run.bank = bank
    run.input = input
    if !input.isSparse { run.primes = false }
    return run.withAbsolutePaths()
  }

  private func row(
    _ bank: String, _ input: Encoder, common: Double, runner: inout Runner, folder: OutputFolder?
  ) throws -> ComparisonRow {
    var configuration = configuration(bank, input)
    configuration.commonObjective = common
    let rowFolder = folder.map { $0.file(rowName(bank, input)) }
    if let rowFolder { try makeFolder(rowFolder) }
    let run = try runner.run(configuration, traceFolder: rowFolder)
    let statistics = try run.statistics()
    if let rowFolder { try run.write(into: rowFolder, statistics: statistics) }
    return run.row(statistics)
  }

  private func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    } catch {
      throw ExperimentError("\(output ?? path): the folder of a row cannot be made in it")
    }
  }
}

/// What a bank is called in tables and folder names.
func bankName(_ nameOrPath: String) -> String {
  URL(fileURLWithPath: nameOrPath).deletingPathExtension().lastPathComponent
}

extension Encoder {
  /// Whether it encodes coefficients.
  var isSparse: Bool { !takesImage }
}
