import ArgumentParser
import EventStreams
import Experiments
import Reports
import SparseCoding

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare banks and inputs on one chip at equal quality: events, spikes, time, energy.")

  @Argument(help: "Photographs (PNG or JPEG).") var images: [String]
  @Option(help: "Banks, separated by commas: homogeneous, heterogeneous, or bank files.")
  var banks = "homogeneous,heterogeneous"
  @Option(help: "Inputs, separated by commas: \(Encoder.allCases.map(\.rawValue).joined(separator: ", ")).")
  var inputs = "dense,sparse"
  @OptionGroup var options: RunOptions

  func validate() throws {
    guard !images.isEmpty else { throw ValidationError("name at least one image") }
  }

  func run() throws {
    var base = RunConfiguration()
    base.crop = try Crop(size: 64)
    try options.apply(to: &base)
    let encoders = try inputs.split(separator: ",").map { try Encoder(name: String($0)) }
    for image in images {
      base.image = image
      let output = options.output.map { images.count == 1 ? $0 : "\($0)/\(stem(image))" }
      let compare = Experiments.Compare(
        base: base, banks: banks.split(separator: ",").map(String.init), inputs: encoders, output: output)
      let comparison = try compare(progress: Terminal.progress)
      Terminal.finish()
      print(comparison, image: image, output: output)
    }
  }

  private func print(_ comparison: Comparison, image: String, output: String?) {
    if options.json {
      Swift.print(comparison.json)
      return
    }
    Swift.print("\(image)\n")
    Swift.print(ComparisonTable(comparison).table.text)
    if let output { Swift.print("\nResults: \(output)") }
  }
}

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run one configuration on one chip; `rheobase run run.yaml` repeats a result bit for bit.")

  @Argument(help: "A run file, for example the run.yaml of a result folder.") var file: String?
  @Option(help: "Photograph (PNG or JPEG).") var image: String?
  @Option(help: "Event stream that drives the network.") var events: String?
  @Option(help: "Input: \(Encoder.allCases.map(\.rawValue).joined(separator: ", ")).") var input: Encoder?
  @Option(help: "Bank: homogeneous, heterogeneous, or a bank file.") var bank: String?
  @OptionGroup var options: RunOptions

  func validate() throws {
    guard file != nil || image != nil else {
      throw ValidationError("name a run file, or a photograph with --image")
    }
  }

  func run() throws {
    var run: RunConfiguration
    if let file {
      run = try RunConfiguration(contentsOf: file)
    } else {
      run = RunConfiguration()
      run.crop = try Crop(size: 64)
    }
    if let image { run.image = image }
    if let events { run.events = events }
    if let input { run.input = input }
    if let bank { run.bank = bank }
    try options.apply(to: &run)
    let comparison = try Experiments.Run(run, output: options.output)(progress: Terminal.progress)
    Terminal.finish()
    print(options.json ? comparison.json : ComparisonTable(comparison).table.text)
    if let output = options.output, !options.json { print("\nResults: \(output)") }
  }
}

/// The name of a file without folder and suffix.
func stem(_ path: String) -> String {
  let name = path.split(separator: "/").last.map(String.init) ?? path
  return name.split(separator: ".").dropLast().joined(separator: ".").isEmpty
    ? name : name.split(separator: ".").dropLast().joined(separator: ".")
}
