import ArgumentParser
import DataFiles
import Experiments
import Foundation

struct Study: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Study kernel heterogeneity over a folder of photographs: codes, statistics, learning, damage, chips.",
    usage: "rheobase study FOLDER --output DIR [<options>]",
    discussion: """
      Writes study.md, tables (CSV, JSON) and pictures (SVG) into the results folder. What the folder already holds is \
      not done again: an interrupted study goes on; another photograph costs its own time and that of the learnt banks.
      """)

  @Argument(help: "Folder of photographs (PNG or JPEG).") var folder: String
  @Option(help: "Results folder.") var output: String
  @Option(
    parsing: .unconditional, help: "Square about the centre of each photograph, in pixels; all of it unless given.")
  var crop: Int?
  @Option(parsing: .unconditional, help: "Places on the dial of heterogeneity, 0 and 1 among them.") var dial =
    "0,0.2,0.4,0.6,1"
  @Option(
    parsing: .unconditional,
    help: "Mean of B_θ of all banks on the dial, in degrees (default: from 12° at 0 to 17.5° at 1).")
  var meanBandwidth: Double?
  @Option(
    parsing: .unconditional,
    help: "λ of the certified codes; the middle one, of two the larger, is that of damage and local statistics.")
  var lambdas = "0.05,0.1,0.2"
  @Option(parsing: .unconditional, help: "Relative duality gap of certified codes.") var tolerance = 0.001
  @Option(parsing: .unconditional, help: "Square that certified codes are made of, in pixels; 0 for all.")
  var certifiedCrop = 128
  @Option(parsing: .unconditional, help: "Steps of learning; 0 for none.") var learningSteps = 200
  @Option(
    parsing: .unconditional,
    help: "Groups of a third of the photographs that are held out from learning in turn, each for banks of its own.")
  var folds = 1
  @Flag(help: "Whiten and mask the photographs before learning, as the published study does.") var whiten = false
  @Option(help: "Chips, separated by commas, the first to be damaged; - for none.") var chips = "loihi2,seneca,loihi1"
  @Option(
    parsing: .unconditional,
    help:
      "Photographs run on chips: the first ones by name, before all others those that learnt banks have not seen."
  )
  var chipImages = 2
  @Option(parsing: .unconditional, help: "Square on which the protocol's convergence is followed, in pixels.")
  var convergenceCrop = 64
  @Option(parsing: .unconditional, help: "What decides patches, noise and damage.") var seed: UInt64 = 1
  @Option(
    parsing: .unconditional,
    help: "Processes side by side (default: one a core); results do not depend on it, but for times of the host.")
  var jobs: Int?
  @Flag(help: "Only write tables, pictures and the page from what is done.") var report = false
  @Flag(help: "Do not make the page report.html.") var noReport = false
  @OptionGroup var progress: ProgressOptions
  @Option(help: .hidden) var task: String?

  func validate() throws { _ = try options() }

  func run() throws {
    let options = try options()
    var study = Experiments.Study(options)
    study.makesReport = !noReport
    if let task { return try study.run(task: task, progress: { _ in }) }
    Terminal.note(try options.note())
    if report {
      guard FileManager.default.fileExists(atPath: options.output) else {
        throw ExperimentError("\(options.output): there is no study to report on; run it without --report first")
      }
      let missing = try study.report()
      return printResults(missing.isEmpty ? "" : " (\(missing.count.counted("task")) not done)")
    }
    let unfinished = try study(
      executable: (Rheobase.executable, Array(CommandLine.arguments.dropFirst())), progress: Terminal.progress)
    Terminal.finish()
    printResults()
    guard unfinished.isEmpty else {
      throw ExperimentError(
        "\(unfinished.count.counted("task")) \(unfinished.count == 1 ? "is" : "are") not done, of which "
          + "\(unfinished.filter(\.hasFailed).count) failed; run the study again to do them: "
          + unfinished.byReason.map(shown).joined(separator: "; "))
    }
  }

  /// A reason and the first of the tasks that it keeps; the page has all.
  private func shown(_ reason: String, _ tasks: [String]) -> String {
    let more = tasks.count > 3 ? " and \(tasks.count - 3) more" : ""
    return "\(reason) (\(tasks.prefix(3).joined(separator: ", "))\(more))"
  }

  private func printResults(_ note: String = "") {
    Terminal.print("Results: \(output)/study.md\(note)")
    if !noReport { Terminal.print("Report: \(output)/\(Experiments.Report.fileName)") }
  }

  private func options() throws -> StudyOptions {
    var options = StudyOptions(folder: folder, output: output)
    options.cropSize = crop
    options.dial = try numbers(dial, "--dial")
    options.meanBandwidth_deg = meanBandwidth
    options.lambdas = try numbers(lambdas, "--lambdas")
    options.relativeGap = tolerance
    options.certifiedCrop = certifiedCrop == 0 ? nil : certifiedCrop
    options.learningSteps = learningSteps
    (options.foldCount, options.whitens) = (folds, whiten)
    options.chips = chips == "-" ? [] : chips.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard !options.chips.contains("") else {
      throw ValidationError("--chips '\(chips)': name chips, separated by commas, or - for none")
    }
    options.chipImages = chipImages
    options.convergenceCrop = convergenceCrop
    options.seed = seed
    if let jobs { options.jobs = jobs }
    for chip in options.chips {
      var run = RunConfiguration()
      run.chip = chip
      try checkingUsage(run.checkNames)
    }
    try checkingUsage(options.check)
    return options
  }

  private func numbers(_ list: String, _ option: String) throws -> [Double] {
    try list.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let number = Double(part) else { throw ValidationError("\(option) \(list): '\(part)' is not a number") }
      return number
    }
  }
}
