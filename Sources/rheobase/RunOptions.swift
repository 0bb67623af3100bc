import ArgumentParser
import EventStreams
import Experiments
import KernelBanks
import Neuromorphic
import SparseCoding

/// Options that `compare` and `run` share; those not given leave the configuration as it is.
struct RunOptions: ParsableArguments {
  @Option(help: "Model of the network (default: delta).") var model: LCAModel?
  @Option(help: "Bundled chip (see rheobase chip list) or chip file (.yaml) (default: loihi2).") var chip: String?
  @Option(
    parsing: .unconditional,
    help: "Square of the image, SIZE (about the centre) or SIZE@X,Y; none: all of it (default: 64).")
  var crop: String?
  @Option(parsing: .unconditional, help: "Pixels between positions (default: 2).") var stride: Int?
  @Option(parsing: .unconditional, help: "Weight of the sparseness, λ (default: 0.2).") var lambda: Double?
  @Option(parsing: .unconditional, help: "Target: relative gap to the certified optimum (default: 0.05).") var gap:
    Double?
  @Option(
    help: "Norm of the kernels: unit (ℓ2; leaves those of files as they are) or the study's peak (default: unit).")
  var norm: BankDesign.Norm?
  @Option(parsing: .unconditional, help: "Exactly so many timesteps, whatever the target.") var timesteps: Int?
  @Option(help: "Timing level of the network on chip (default: approximate).") var timing: TimingLevel?
  @Option(parsing: .unconditional, help: "Threads of the simulation; results do not depend on it (default: 1).")
  var threads: Int?
  @Option(
    help: "strict: a network must fit the chip; report: run all the same, every figure hypothetical (default: strict).")
  var capacity: RunConfiguration.CapacityPolicy?
  @Option(help: "The chip's integers, or float to study quantisation (default: integer).") var arithmetic: Arithmetic?
  @Flag(help: "Sparse input also sets the neurons' states (network's own bank; not with spiking).") var prime = false
  @Option(
    help:
      "What to record in the result folder, separated by commas: \(RunConfiguration.Trace.allCases.map(\.rawValue).joined(separator: ", ")) (default: spikes,steps,pictures)."
  )
  var traces: String?
  @Option(
    name: .customLong("set"), help: ArgumentHelp("Sets any key of run.yaml; may be repeated.", valueName: "key=value"))
  var assignments: [String] = []
  @Option(help: "Result folder to write; nothing is written without it.") var output: String?
  @Flag(help: "Print the results as JSON: a list of rows.") var json = false
  @Flag(help: "With --output: draw energy and the gap over time here too, if standard output is a terminal.") var plot =
    false
  @OptionGroup var progress: ProgressOptions

  enum Arithmetic: String, CaseIterable, ExpressibleByArgument { case integer, float }

  /// Applies what was given.
  ///
  /// - Throws: `ValidationError`.
  func apply(to run: inout RunConfiguration) throws {
    run = try checkingUsage {
      var changed = run
      try change(&changed)
      try changed.checkNames()
      return changed
    }
  }

  private func change(_ run: inout RunConfiguration) throws {
    if let model { run.model = model }
    if let chip { run.chip = chip }
    if let crop { run.crop = crop == "none" ? nil : try parsedCrop(crop) }
    for (key, value) in [
      ("stride", stride.map { "\($0)" }), ("lambda", lambda.map { "\($0)" }), ("gap", gap.map { "\($0)" }),
      ("timesteps", timesteps.map { "\($0)" }), ("threads", threads.map { "\($0)" }),
    ] {
      if let value { try run.set("\(key)=\(value)", called: "--\(key) \(value)") }
    }
    if let norm { run.norm = norm }
    if let timing { run.timing = timing }
    if let capacity { run.capacity = capacity }
    if let arithmetic { run.weightBits = arithmetic == .float ? nil : run.weightBits ?? 8 }
    if prime { run.primes = true }
    if let traces { try run.set("traces=[\(checkedList(traces, "--traces"))]", called: "--traces \(traces)") }
    for assignment in assignments { try run.set(assignment) }
    if output == nil, plot {
      throw ValidationError("--plot: charts are drawn of a result folder; name it with --output")
    }
    if output == nil, !run.traces.isEmpty, let tracesAsGiven {
      throw ValidationError("\(tracesAsGiven): traces are files of the result folder; name it with --output")
    }
  }

  private var tracesAsGiven: String? {
    assignments.last { $0.hasPrefix("traces=") }.map { "--set \($0)" } ?? traces.map { "--traces \($0)" }
  }
}

/// A list from the command line, if it has a name on both sides of every comma; it may be empty.
private func checkedList(_ text: String, _ option: String) throws -> String {
  let names = text.split(separator: ",", omittingEmptySubsequences: false)
  guard names.count < 2 || names.allSatisfy({ $0.contains { !$0.isWhitespace } }) else {
    throw ValidationError("\(option) \(text): a name is missing beside a comma")
  }
  return text
}

/// A crop from the command line.
func parsedCrop(_ text: String) throws -> Crop {
  try checkingUsage {
    do {
      return try Crop(parsing: text)
    } catch {
      throw ValidationError("--crop \(text): \(error)")
    }
  }
}

extension LCAModel: ExpressibleByArgument {}
extension BankDesign.Norm: ExpressibleByArgument {}
extension TimingLevel: ExpressibleByArgument {}
extension RunConfiguration.CapacityPolicy: ExpressibleByArgument {}
extension Encoder: ExpressibleByArgument {}
