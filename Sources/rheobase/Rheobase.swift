import ArgumentParser
import DataFiles
import Experiments
import Foundation

@main
struct Rheobase: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rheobase",
    abstract: "Simulates a spiking neuromorphic chip while it sparse-codes natural images.",
    version: ProgramVersion.current,
    subcommands: [
      Compare.self, Run.self, Encode.self, Bank.self, Events.self, Chip.self, Validate.self, Study.self, Sweep.self,
      Report.self,
    ])

  static func main() {
    Terminal.occupyClosedStreams()
    Interrupt.endCleanly()
    var arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == TetheredProcesses.argument {
      arguments.removeFirst()
      TetheredProcesses.whenParentHasGone { Interrupt.end(by: SIGTERM) }
    }
    do {
      try checkingUsage(checkArguments)
      var command = try parseAsRoot(arguments)
      try command.run()
      try Terminal.flush()
    } catch {
      end(error)
    }
  }

  /// Arguments are texts in UTF-8; a name that is none would become another one, that of a new folder say.
  private static func checkArguments() throws {
    for place in 1..<max(1, Int(CommandLine.argc)) {
      guard let bytes = CommandLine.unsafeArgv[place], String(validatingCString: bytes) == nil else { continue }
      throw ValidationError("\(String(cString: bytes)): is not UTF-8; rename the file or folder")
    }
  }

  /// The path of this program, for processes that it starts.
  static let executable = Bundle.main.executablePath ?? CommandLine.arguments[0]

  /// One line for every error: 64 for wrong usage, 1 for a run that failed. Help and version are no errors.
  private static func end(_ error: any Error) -> Never {
    Terminal.finish()
    let code = exitCode(for: error)
    guard code != .success else { exit(withError: error) }
    PartialFiles.removeEmptyFolders()
    if code == .validationFailure {
      Terminal.error("\(message(for: error)) (see rheobase --help)")
    } else {
      // A library's error is one line; only this program knows what to do with it.
      Terminal.error("\(error)")
    }
    Foundation.exit(code.rawValue)
  }
}

/// Runs a check of the command line: what a library finds wrong is wrong usage then.
func checkingUsage<Result>(_ check: () throws -> Result) throws -> Result {
  do {
    return try check()
  } catch let error as ValidationError {
    throw error
  } catch {
    throw ValidationError("\(error)")
  }
}

/// The same of one option and its value, with which the line begins.
func checkingUsage<Result>(of option: String, _ check: () throws -> Result) throws -> Result {
  do {
    return try check()
  } catch {
    throw ValidationError("\(option): \(error)")
  }
}
