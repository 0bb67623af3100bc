import ArgumentParser
import Experiments
import Foundation
import KernelBanks
import SparseCoding

struct Encode: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sparse-code a photograph to a certified gap and write the code file.")

  @Argument(help: "Photograph (PNG or JPEG).") var image: String
  @Option(help: "Bank: homogeneous, heterogeneous, or a bank file.") var bank: String
  @Option(help: "Weight of the sparseness, λ.") var lambda: Double
  @Option(help: "Pixels between positions.") var stride = 1
  @Option(help: "valid or circular.") var boundary: BoundaryName = .valid
  @Option(help: "Relative duality gap to reach.") var tolerance = 0.01
  @Option(help: "Square of the image, SIZE or SIZE@x,y; all of it unless given.") var crop: String?
  @Option(help: "Norm of designed kernels: unit or peak.") var norm: BankDesign.Norm = .unit
  @Option(help: "Code file to write (.npz).") var output: String

  enum BoundaryName: String, CaseIterable, ExpressibleByArgument { case valid, circular }

  func validate() throws {
    guard output.hasSuffix(".npz") else { throw ValidationError("--output \(output): a code file ends in .npz") }
  }

  func run() throws {
    let crop = try crop.map { try Crop(parsing: $0) }
    let encoding = Experiments.Encode(
      image: image, crop: crop, bank: bank, norm: norm, lambda: lambda, stride: stride,
      boundary: boundary == .valid ? .valid : .circular, tolerance: tolerance)
    Terminal.progress("coding \(image)")
    let code = try encoding()
    Terminal.finish()
    try code.write(to: output)
    let sparseness = String(format: "%.2f %%", code.code.sparseness * 100)
    let gap = String(format: "%.3f %%", code.relativeGap * 100)
    print(
      "\(output): \(code.code.nonzeroCount) non-zeros (sparseness \(sparseness)), objective \(code.objective), "
        + "certified gap \(gap), \(String(format: "%.2f", code.seconds)) s")
  }
}
