import ArgumentParser
import Experiments
import Reports

struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare the simulated chips with published figures; fails if one leaves its stated band.")

  @Option(
    name: .customLong("chip"),
    help: ArgumentHelp("A chip file in place of the bundled chip of its name; may be repeated.", valueName: "file"))
  var chips: [String] = []
  @Option(help: ArgumentHelp("Dictionary and image of a published LCA run (make lava-data).", valueName: "file.npz"))
  var lavaData: String?
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var progress: ProgressOptions

  func run() throws {
    let report = try Experiments.Validate(chipFiles: chips, lavaData: lavaData)(progress: Terminal.progress)
    Terminal.finish()
    json
      ? Terminal.print(data: report.json, terminator: "")
      : Terminal.print(ValidationTable(report).table.text, terminator: "")
    try report.check()
  }
}
