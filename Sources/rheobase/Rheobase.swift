import ArgumentParser
import DataFiles
import Foundation

@main
struct Rheobase: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rheobase",
    abstract: "Simulates a spiking neuromorphic chip while it sparse-codes natural images.",
    subcommands: [Compare.self, Run.self, Encode.self, Bank.self, Events.self, Chip.self])

  static func main() {
    Interrupt.removePartialFiles()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error where isOwn(error) {
      exit(withError: error)
    } catch {
      // A library's error is one line; only this program knows what to do with it.
      FileHandle.standardError.write(Data("rheobase: error: \(error)\n".utf8))
      Foundation.exit(1)
    }
  }

  /// Errors of the command line itself: wrong usage, help, version.
  private static func isOwn(_ error: any Error) -> Bool {
    exitCode(for: error) != .failure || error is ExitCode || error is CleanExit || error is ValidationError
  }
}
