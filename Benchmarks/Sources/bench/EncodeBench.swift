import ArgumentParser
import KernelBanks
import SparseCoding

/// Time and memory of a certified sparse code; `Rivals/sporco_cbpdn.py` does the same by ADMM.
struct EncodeBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encode", abstract: "Sparse-codes a photograph, stride 1, circular, to a certified gap.")

  @Argument(help: "Photograph.") var image: String
  @Option(help: "Side of the centre crop.") var crop = 256
  @Option(help: "Weight of the sparseness, λ.") var lambda = 0.05
  @Option(help: "Relative duality gap to certify.") var gap = 0.01
  @Option(help: "A certified bound; tells when the objective was within the gap of it.") var optimum: Double?

  func run() throws {
    let problem = try LassoProblem(
      image: Image.prepared(contentsOf: image, crop: Crop(size: crop)), bank: BankDesign.heterogeneous.bank(),
      lambda: lambda, stride: 1, boundary: .circular)
    let began = ContinuousClock.now
    var primalSeconds: Double?
    let solution = try problem.solve(relativeGap: gap) { primal, _ in
      if let optimum, primalSeconds == nil, primal <= (1 + gap) * optimum {
        primalSeconds = began.duration(to: .now).seconds
      }
    }
    try print(
      Result(
        primalSeconds: primalSeconds, seconds: solution.seconds, objective: solution.certificate.primal,
        bound: solution.certificate.dual,
        nonzeros: solution.code.nonzeroCount, updates: solution.updates, peakMemory_B: peakMemory_B()
      ).line)
  }

  private struct Result: Encodable {
    let primalSeconds: Double?
    let seconds, objective, bound: Double
    let nonzeros, updates, peakMemory_B: Int
  }
}
