import ArgumentParser
import DataFiles
import Experiments
import Foundation
import KernelBanks
import SparseCoding

struct Encode: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sparse-code a photograph to a certified gap and write the code file.",
    usage: "rheobase encode IMAGE --bank BANK --lambda λ --output CODE.npz [<options>]")

  @Argument(help: "Photograph (PNG or JPEG).") var image: String
  @Option(help: "Bank: homogeneous, heterogeneous, or a bank file (.npz).") var bank: String
  @Option(help: "Weight of the sparseness, λ.") var lambda: Double
  @Option(help: "Pixels between positions.") var stride = 1
  @Option(help: "What happens at the image's edges.") var boundary: BoundaryName = .valid
  @Option(help: "Relative duality gap to reach, with the certified solver (default: \(Self.usualTolerance)).")
  var tolerance: Double?
  @Option(help: "Square of the image, SIZE (about the centre) or SIZE@X,Y; all of it unless given.") var crop: String?
  @Option(help: "Norm of the kernels: unit (ℓ2; leaves those of files as they are) or the study's peak.") var norm:
    BankDesign.Norm = .unit
  @Option(help: "certified: down to --tolerance; admm: the study's 100 iterations (stride 1, circular).")
  var solver: Experiments.Encode.Solver = .certified
  @Option(help: "Code file to write (.npz).") var output: String
  @OptionGroup var progress: ProgressOptions

  private static let usualTolerance = 0.01

  enum BoundaryName: String, CaseIterable, ExpressibleByArgument { case valid, circular }

  func validate() throws {
    guard output.hasSuffix(".npz") else { throw ValidationError("--output \(output): a code file ends in .npz") }
    guard lambda > 0, lambda.isFinite else { throw ValidationError("--lambda \(lambda): λ must be above 0") }
    guard stride >= 1 else { throw ValidationError("--stride \(stride): it must be 1 or more") }
    if let tolerance, !(tolerance > 0 && tolerance.isFinite) {
      throw ValidationError("--tolerance \(tolerance): it must be above 0")
    }
    if solver == .admm { try checkProtocol() }
    _ = try crop.map(parsedCrop)
    try checkBank(bank)
  }

  /// The study's protocol leaves no choice.
  private func checkProtocol() throws {
    guard stride == 1 else { throw ValidationError("--stride \(stride): --solver admm needs --stride 1") }
    guard boundary == .circular else {
      throw ValidationError("--boundary \(boundary.rawValue): --solver admm needs --boundary circular")
    }
    if let tolerance {
      throw ValidationError(
        "--tolerance \(tolerance): --solver admm takes 100 iterations, whatever the gap; leave out --tolerance")
    }
  }

  func run() throws {
    let crop = try crop.map(parsedCrop)
    try AtomicFile.checkWritable(output)
    var encoding = Experiments.Encode(
      image: image, crop: crop, bank: bank, norm: norm, lambda: lambda, stride: stride,
      boundary: boundary == .valid ? .valid : .circular, tolerance: tolerance ?? Self.usualTolerance)
    encoding.solver = solver
    let code = try encoding { Terminal.progress($0.within("coding \(image)")) }
    Terminal.finish()
    try code.write(to: output)
    let sparseness = String(format: "%.2f %%", code.code.sparseness * 100)
    let gap = String(format: "%.3f %%", code.relativeGap * 100)
    Terminal.print(
      "\(output): \(code.code.nonzeroCount) non-zeros (sparseness \(sparseness)), objective \(code.objective), "
        + "certified gap \(gap), \(String(format: "%.2f", code.seconds)) s")
  }
}

extension Experiments.Encode.Solver: ExpressibleByArgument {}
