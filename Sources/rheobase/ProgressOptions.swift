import ArgumentParser

/// How much is said while long work is done.
struct ProgressOptions: ParsableArguments {
  @Flag(help: "Say nothing but results, what they lack, and errors.") var quiet = false
  @Flag(help: "Log what is done on standard error, a line each.") var verbose = false

  func validate() throws {
    guard !(quiet && verbose) else { throw ValidationError("--quiet and --verbose exclude each other") }
    Terminal.say(quiet ? .nothing : verbose ? .everything : .progress)
  }
}
