import ArgumentParser
import EventStreams
import Experiments
import Reports
import SparseCoding

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare banks and inputs on one chip at equal quality: events, spikes, time, energy.",
    usage:
      "rheobase compare IMAGE ... [--banks homogeneous,heterogeneous] [--inputs dense,sparse] [--output DIR] [<options>]"
  )

  @Argument(help: ArgumentHelp("Photographs (PNG or JPEG).", valueName: "image")) var images: [String]
  @Option(help: "Banks, separated by commas: homogeneous, heterogeneous, or bank files (.npz).")
  var banks = "homogeneous,heterogeneous"
  @Option(help: "Inputs, separated by commas: \(Encoder.allCases.map(\.rawValue).joined(separator: ", ")).")
  var inputs = "dense,sparse"
  @Flag(help: "Do not make the page report.html and the charts in the result folder.") var noReport = false
  @OptionGroup var options: RunOptions

  func validate() throws {
    let names = images.map(stem)
    if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }), options.output != nil {
      throw ValidationError("two images are called '\(names[twice])', and so would be their result folders; rename one")
    }
    for assignment in options.assignments {
      for (key, instead) in [("image", "the argument"), ("bank", "--banks"), ("input", "--inputs")]
      where assignment.hasPrefix(key + "=") {
        throw ValidationError("--set \(assignment): a comparison takes \(instead)")
      }
    }
    for comparison in try comparisons() { try checkingUsage(comparison.checkRows) }
  }

  func run() throws {
    var done: [Comparison] = []
    let comparisons = try comparisons()
    for comparison in comparisons { try comparison.check() }
    sayFarewell(0, of: comparisons.count)
    for var comparison in comparisons {
      let number = done.count + 1
      comparison.whenWritten = { sayFarewell(number, of: comparisons.count) }
      let result = try comparison(progress: Terminal.progress)
      Terminal.finish()
      done.append(result)
      if options.json { sayReport(of: comparison) } else { try print(result, of: comparison) }
    }
    Terminal.warn(KernelWarnings.notice)
    if options.json { Terminal.print(data: Comparison(rows: done.flatMap(\.rows)).json) }
  }

  /// Lets an interruption tell what there is of the comparisons: each is written when all of its rows are done.
  private func sayFarewell(_ written: Int, of all: Int) {
    let text =
      switch (options.output, written) {
      case (let output?, all): "the results are in \(output)"
      case (let output?, 1...):
        "\(written) of \(all) images \(written == 1 ? "is" : "are") done, in \(output); nothing was written of "
          + "the others"
      default: "nothing was written"
      }
    Interrupt.sayFarewell { text }
  }

  /// One for each image.
  private func comparisons() throws -> [Experiments.Compare] {
    var base = RunConfiguration()
    base.crop = try Crop(size: 64)
    try options.apply(to: &base)
    let encoders = try checkingUsage { try inputs.listed.map(Encoder.init(name:)) }
    return images.map { image in
      base.image = image
      let output = options.output.map { images.count == 1 ? $0 : "\($0)/\(stem(image))" }
      var comparison = Experiments.Compare(base: base, banks: banks.listed, inputs: encoders, output: output)
      comparison.makesReport = !noReport
      return comparison
    }
  }

  /// What is printed is for a program; the page is for people.
  private func sayReport(of comparison: Experiments.Compare) {
    guard comparison.makesReport, let output = comparison.output else { return }
    Terminal.note("Report: \(output)/\(Experiments.Report.fileName)")
  }

  private func print(_ result: Comparison, of comparison: Experiments.Compare) throws {
    if let image = comparison.base.image { Terminal.print("\(image)\n") }
    let encodes = comparison.inputs.contains { !$0.takesImage }
    Terminal.print(ComparisonTable(result, notes: encodes ? [comparison.base.encodingNote] : []).table.text)
    guard let output = comparison.output else { return }
    Terminal.print("Results: \(output)")
    if comparison.makesReport { Terminal.print("Report: \(output)/\(Experiments.Report.fileName)") }
    Terminal.print()
    if options.plot { try Report.plot(output) }
  }
}

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run one configuration on one chip; `rheobase run run.yaml` repeats a result bit for bit.",
    usage: """
      rheobase run --image IMAGE [--input dense] [--bank heterogeneous] [--output DIR] [<options>]
      rheobase run RUN.yaml [<options>]
      """)

  @Argument(help: "A run file, for example the run.yaml of a result folder.") var file: String?
  @Option(help: "Photograph (PNG or JPEG): what is coded, and what events are judged against.") var image: String?
  @Option(help: "Event stream that drives the network instead of the image; a camera's recording needs no image.")
  var events: String?
  @Option(help: "Input (default: dense).") var input: Encoder?
  @Option(help: "Bank: homogeneous, heterogeneous, or a bank file (.npz) (default: heterogeneous).") var bank: String?
  @Flag(
    help:
      "Refuse events of which something would be left out, and files that have changed since the result of a run.yaml.")
  var strict = false
  @Flag(help: "With --output: make the page report.html and the charts in the result folder, too.") var report = false
  @OptionGroup var options: RunOptions

  func validate() throws {
    guard file != nil || image != nil || events != nil else {
      throw ValidationError(
        "nothing to run: name a run file, or a photograph with --image, or a recording with --events")
    }
    guard events == nil || input == nil else {
      throw ValidationError("--input and --events exclude each other: a stream says itself how it was encoded")
    }
    guard options.output != nil || !report else {
      throw ValidationError("--report: a page is made in a result folder; name it with --output")
    }
    // What the options say must be right whatever the file says.
    if file == nil { _ = try configuration(RunConfiguration()) }
  }

  func run() throws {
    var base = RunConfiguration()
    base.crop = try Crop(size: 64)
    let runFile = try file.map(RunFile.init(contentsOf:))
    if let runFile { base = runFile.configuration }
    let run = try configuration(base)
    var notices: [String] = []
    var experiment = Experiments.Run(run, output: options.output)
    (experiment.repeated, experiment.isStrict, experiment.makesReport) = (runFile, strict, report)
    let comparison = try experiment(progress: Terminal.progress) { notices.append($0) }
    Terminal.finish()
    for notice in notices { Terminal.loss(notice) }
    Terminal.warn(KernelWarnings.notice)
    if options.json {
      if report, let output = options.output { Terminal.note("Report: \(output)/\(Experiments.Report.fileName)") }
      return Terminal.print(data: comparison.json)
    }
    let encodes = run.events == nil && !run.input.takesImage
    Terminal.print(ComparisonTable(comparison, notes: encodes ? [run.encodingNote] : []).table.text)
    guard let output = options.output else { return }
    Terminal.print("Results: \(output)")
    if report { Terminal.print("Report: \(output)/\(Experiments.Report.fileName)") }
    if options.plot { try Report.plot(output) }
  }

  private func configuration(_ base: RunConfiguration) throws -> RunConfiguration {
    var run = base
    if let image { run.image = image }
    if let events { run.events = events }
    if let input {
      run.input = input
      run.events = nil
    }
    if let bank { run.bank = bank }
    try options.apply(to: &run)
    return run
  }
}

extension String {
  /// The parts between commas.
  fileprivate var listed: [String] { split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
}

/// The name of a file without folder and suffix.
func stem(_ path: String) -> String {
  let name = path.split(separator: "/").last.map(String.init) ?? path
  let parts = name.split(separator: ".").dropLast()
  return parts.isEmpty ? name : parts.joined(separator: ".")
}
