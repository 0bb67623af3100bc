import ArgumentParser
import Experiments
import Neuromorphic

struct Chip: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, show and check chips.", subcommands: [List.self, Show.self, Check.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the chips that come with Rheobase.")

    func run() throws {
      for name in ChipDescription.bundledNames { print("\(name)  \(try ChipDescription.named(name).title)") }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show a chip's costs with their sources.")

    @Argument(help: "Bundled chip or chip file (.yaml).") var chip: String

    func validate() throws {
      var run = RunConfiguration()
      run.chip = chip
      try checkingUsage(run.checkNames)
    }

    func run() throws {
      let chip = try ChipDescription.named(chip)
      print(chip.summary)
    }
  }
}
