import ArgumentParser
import Experiments
import Neuromorphic
import Reports

struct Chip: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, show and check chips.", subcommands: [List.self, Show.self, Check.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the chips that come with Rheobase.")

    @Flag(help: "Print the chips with all their numbers as JSON.") var json = false

    func run() throws {
      let list = ChipList(try ChipDescription.bundledNames.map(ChipDescription.named))
      json
        ? Terminal.print(data: list.json.text(expandedDepth: 4), terminator: "")
        : Terminal.print(list.table.text, terminator: "")
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show every number of a chip with its source.")

    @Argument(help: "Bundled chip or chip file (.yaml).") var chip: String
    @Flag(help: "Print the numbers as JSON.") var json = false
    @Flag(help: "Print the chip file itself, for a copy to edit.") var yaml = false

    func validate() throws {
      var run = RunConfiguration()
      run.chip = chip
      try checkingUsage(run.checkNames)
      guard !(json && yaml) else { throw ValidationError("--json and --yaml exclude each other") }
    }

    func run() throws {
      if yaml { return Terminal.print(data: try ChipDescription.text(of: chip), terminator: "") }
      let sheet = ChipSheet(try ChipDescription.named(chip))
      json
        ? Terminal.print(data: sheet.json.text(expandedDepth: 3), terminator: "")
        : Terminal.print(sheet.text, terminator: "")
    }
  }
}
