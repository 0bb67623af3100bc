import ArgumentParser
import EventStreams
import Experiments
import KernelBanks
import Neuromorphic
import SparseCoding

/// Options that `compare` and `run` share; those not given leave the configuration as it is.
struct RunOptions: ParsableArguments {
  @Option(help: "Neuron model: \(LCAModel.listed).") var model: LCAModel?
  @Option(help: "Bundled chip or path of a chip file.") var chip: String?
  @Option(help: "Square of the image, SIZE or SIZE@x,y; 'none' for all of it. Default: 64.") var crop: String?
  @Option(help: "Pixels between positions. Default: 2.") var stride: Int?
  @Option(help: "Weight of the sparseness, λ. Default: 0.2.") var lambda: Double?
  @Option(help: "Target: relative gap to the certified optimum. Default: 0.05.") var gap: Double?
  @Option(help: "Norm of designed kernels: unit or peak. Default: unit.") var norm: BankDesign.Norm?
  @Option(help: "Exactly so many timesteps, whatever the target.") var timesteps: Int?
  @Option(help: "Timing level: approximate.") var timing: RunConfiguration.TimingLevel?
  @Option(help: "strict: a network must fit the chip; report: run all the same, every figure hypothetical.")
  var capacity: RunConfiguration.CapacityPolicy?
  @Option(help: "Arithmetic: integer (the chip's) or float (to study quantisation).") var arithmetic: Arithmetic?
  @Flag(help: "Sparse input also sets the neurons' states (own bank, delta).") var prime = false
  @Option(
    help: "What to record, separated by commas: \(RunConfiguration.Trace.allCases.map(\.rawValue).joined(separator: ", ")).")
  var traces: String?
  @Option(name: .customLong("set"), help: ArgumentHelp("Any key of run.yaml.", valueName: "key=value"))
  var assignments: [String] = []
  @Option(help: "Result folder.") var output: String?
  @Flag(help: "Print the results as JSON.") var json = false

  enum Arithmetic: String, CaseIterable, ExpressibleByArgument { case integer, float }

  /// Applies what was given.
  func apply(to run: inout RunConfiguration) throws {
    if let model { run.model = model }
    if let chip { run.chip = chip }
    if let crop { run.crop = crop == "none" ? nil : try Crop(parsing: crop) }
    for (key, value) in [
      ("stride", stride.map { "\($0)" }), ("lambda", lambda.map { "\($0)" }), ("gap", gap.map { "\($0)" }),
      ("timesteps", timesteps.map { "\($0)" }),
    ] {
      if let value { try run.set("\(key)=\(value)", called: "--\(key) \(value)") }
    }
    if let norm { run.norm = norm }
    if let timing { run.timing = timing }
    if let capacity { run.capacity = capacity }
    if let arithmetic { run.weightBits = arithmetic == .float ? nil : run.weightBits ?? 8 }
    if prime { run.primes = true }
    if let traces { try run.set("traces=[\(traces)]", called: "--traces \(traces)") }
    for assignment in assignments { try run.set(assignment) }
  }
}

extension LCAModel: ExpressibleByArgument {}
extension BankDesign.Norm: ExpressibleByArgument {}
extension RunConfiguration.TimingLevel: ExpressibleByArgument {}
extension RunConfiguration.CapacityPolicy: ExpressibleByArgument {}
extension Encoder: ExpressibleByArgument {}
