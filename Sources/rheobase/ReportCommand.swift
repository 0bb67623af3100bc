import ArgumentParser
import Experiments
import Foundation

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a page and charts of a result: of run, compare, study or sweep.",
    usage: "rheobase report RESULT [--output REPORT.html]",
    discussion: "The page needs no network and no other file; its charts are in RESULT/charts, or beside --output.")

  @Argument(help: ArgumentHelp("A result folder.", valueName: "result")) var folder: String
  @Option(help: "The page to write (.html) (default: RESULT/report.html).") var output: String?

  @Flag(help: "Draw energy and the gap over time here too, if standard output is a terminal.") var plot = false
  @OptionGroup var progress: ProgressOptions

  func validate() throws {
    if let output, !output.hasSuffix(".html") { throw ValidationError("--output \(output): a page ends in .html") }
  }

  func run() throws {
    let page = try Experiments.Report(folder, output: output)(progress: Terminal.progress)
    Terminal.finish()
    Terminal.print("Report: \(page)")
    if plot { try Self.plot(folder) }
  }

  /// Small charts of a result, if they are read on a terminal.
  static func plot(_ folder: String) throws { Swift.print(try plots(of: folder), terminator: "") }

  /// The only control characters in them are colours.
  private static func plots(of folder: String) throws -> String {
    guard Terminal.printsToTerminal else { return "" }
    let columns = Terminal.columns(of: STDOUT_FILENO) ?? 80
    return try Experiments.Report(folder).plot(
      columns: columns, hasColours: Terminal.hasColours, isASCII: Terminal.isASCII)
  }
}
