import DataFiles
import Foundation
import Reports

/// `rheobase run`: one configuration on one chip, into a result folder.
public struct Run {
  /// What to run.
  public let configuration: RunConfiguration
  /// The result folder; nil to write nothing.
  public let output: String?
  /// Whether it is refused if not all events of its file go into it, or what it repeats had other files.
  public var isStrict = false
  /// The file of a result that is run again: what has changed of the files that it names is told.
  public var repeated: RunFile?
  /// Whether the result folder gets a page and charts.
  public var makesReport = false

  /// A run of one configuration.
  public init(_ configuration: RunConfiguration, output: String?) {
    self.configuration = configuration
    self.output = output
  }

  /// Runs it and writes the result folder, whole or not at all.
  ///
  /// - Returns: A comparison of one row.
  public func callAsFunction(
    progress: @escaping ProgressHandler = { _ in }, notice: @escaping (String) -> Void = { _ in }
  ) throws -> Comparison {
    if let output { try configuration.checkReadsNothing(in: output) }
    let folder = try output.map { try OutputFolder(destination: $0, replacing: .ofRuns) }
    let resolved = configuration.withAbsolutePaths()
    if folder == nil, let trace = resolved.traces.intersection(RunConfiguration.tracesOfActivity).first {
      throw ExperimentError("the trace '\(trace.rawValue)' is a file; give an output folder")
    }
    var runner = Runner()
    (runner.progress, runner.notice, runner.isStrict) = (progress, notice, isStrict)
    runner.repeated = repeated
    guard let folder else {
      let run = try runner.run(resolved)
      return Comparison(rows: [run.row(try run.statistics())])
    }
    return try folder.naming {
      let run = try runner.run(resolved, traceFolder: folder.path)
      let statistics = try run.statistics()
      try run.write(into: folder.path, statistics: statistics)
      try folder.commit(makingReport: makesReport)
      return Comparison(rows: [run.row(statistics)])
    }
  }
}

extension ChipRun {
  /// The run as a row of a comparison.
  func row(_ statistics: Statistics) -> ComparisonRow {
    var row = ComparisonRow(
      image: configuration.image, bank: bankName(configuration.bank),
      input: configuration.events == nil ? configuration.input.rawValue : "events",
      model: configuration.model.rawValue, chip: chip.name, statistics: statistics)
    row.heldSteps = configuration.heldSteps
    return row
  }
}

extension RunConfiguration {
  /// Checks that nothing that is read goes with the former result whose place a new one takes.
  ///
  /// - Throws: `ExperimentError` naming the file.
  func checkReadsNothing(in folder: String) throws {
    let files = SweepInputs.fileKeys.compactMap { SweepInputs.path(of: $0, in: self) }
    if let file = files.first(where: { resolvedPath($0).hasPrefix(resolvedPath(folder) + "/") }) {
      throw ExperimentError("\(file): lies in \(folder), which the result would replace; name another folder")
    }
  }
}
