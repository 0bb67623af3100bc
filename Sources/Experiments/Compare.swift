import DataFiles
import EventStreams
import Foundation
import Reports

/// `rheobase compare`: banks × inputs on one image and chip, at equal quality.
public struct Compare {
  /// What all rows share.
  public let base: RunConfiguration
  public let banks: [String]
  public let inputs: [Encoder]
  /// The result folder; nil to write nothing.
  public let output: String?

  public init(base: RunConfiguration, banks: [String], inputs: [Encoder], output: String?) {
    self.base = base
    self.banks = banks
    self.inputs = inputs
    self.output = output
  }

  /// Runs every bank × input and writes one result folder a row and the comparison, whole or not at all.
  public func callAsFunction(progress: @escaping @Sendable (String) -> Void = { _ in }) throws -> Comparison {
    guard !banks.isEmpty, !inputs.isEmpty else { throw ExperimentError("a comparison needs at least one bank and one input") }
    let folder = try output.map { try OutputFolder(destination: $0) }
    var runner = Runner()
    let references = try banks.map { bank in
      runner.progress = { progress("\(bank): \($0)") }
      return try runner.reference(configuration(bank, inputs[0]))
    }
    let common = ChipRun.CommonTarget(references, gap: base.gap)
    var rows: [ComparisonRow] = []
    for bank in banks {
      for input in inputs {
        runner.progress = { progress("\(bank), \(input.rawValue): \($0)") }
        rows.append(try row(bank, input, common: common, runner: &runner, folder: folder))
      }
    }
    let comparison = Comparison(rows: rows)
    if let folder {
      try comparison.write(toFolder: folder.path)
      try folder.commit()
    }
    return comparison
  }

  private func configuration(_ bank: String, _ input: Encoder) -> RunConfiguration {
    var run = base
    run.bank = bank
    run.input = input
    if !input.isSparse { run.primes = false }
    return run.withAbsolutePaths
  }

  private func row(
    _ bank: String, _ input: Encoder, common: ChipRun.CommonTarget, runner: inout Runner, folder: OutputFolder?
  ) throws -> ComparisonRow {
    let configuration = configuration(bank, input)
    var rowFolder: String?
    if let folder {
      let name = URL(fileURLWithPath: bank).deletingPathExtension().lastPathComponent
      let path = folder.file("\(name)-\(input.rawValue)")
      do {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      } catch {
        throw ExperimentError("two rows of the comparison are called \(name)-\(input.rawValue); rename a bank file")
      }
      rowFolder = path
    }
    let trace = configuration.traces.contains(.vcd) ? rowFolder.map { "\($0)/activity" } : nil
    let run = try runner.run(configuration, activityTrace: trace)
    let statistics = try run.statistics(common: common)
    if let rowFolder { try run.write(into: rowFolder, statistics: statistics) }
    return run.row(statistics)
  }
}

extension Encoder {
  /// Whether it encodes coefficients.
  var isSparse: Bool { !takesImage }
}
