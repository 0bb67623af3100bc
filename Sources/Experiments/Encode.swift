import DataFiles
import Foundation
import KernelBanks
import SparseCoding

/// `rheobase encode`: one photograph to one certified sparse code.
public struct Encode {
  /// Path of the photograph.
  public let image: String
  /// Which square of it; nil for all.
  public let crop: Crop?
  /// Name or path of the bank.
  public let bank: String
  /// Norm of designed kernels.
  public let norm: BankDesign.Norm
  /// Weight of the sparseness, λ.
  public let lambda: Double
  /// Pixels between positions.
  public let stride: Int
  /// What happens at the edges.
  public let boundary: Boundary
  /// Relative duality gap to reach.
  public let tolerance: Double
  /// How the code is found.
  public var solver = Solver.certified

  /// A way to a code.
  public enum Solver: String, CaseIterable, Sendable {
    /// Down to the tolerance.
    case certified
    /// The study's protocol: 100 iterations of ADMM, wherever they lead.
    case admm
  }

  /// An encoding of one photograph.
  public init(
    image: String, crop: Crop?, bank: String, norm: BankDesign.Norm, lambda: Double, stride: Int, boundary: Boundary,
    tolerance: Double
  ) {
    self.image = image
    self.crop = crop
    self.bank = bank
    self.norm = norm
    self.lambda = lambda
    self.stride = stride
    self.boundary = boundary
    self.tolerance = tolerance
  }

  /// Solves to the tolerance, or as far as the study's protocol goes; the gap is certified either way.
  public func callAsFunction(progress: ProgressHandler = { _ in }) throws -> CodeFile {
    var run = RunConfiguration()
    run.norm = norm
    let bank = try run.resolvedBank(bank)
    let picture = try Image.prepared(contentsOf: image, crop: crop, minimum: bank.size)
    let problem = try LassoProblem(
      image: picture, bank: bank, lambda: lambda, stride: stride, boundary: boundary)
    try RunConfiguration.checkCount(problem.geometry)
    return CodeFile(problem: problem, solution: try solution(of: problem, progress))
  }

  private func solution(of problem: LassoProblem, _ progress: ProgressHandler) throws -> LassoSolution {
    guard solver == .certified else { return try problem.solveByADMM().solution }
    var gap = GapProgress(tolerance: tolerance)
    do {
      return try problem.solve(relativeGap: tolerance) { progress(gap.update($0, $1)) }
    } catch let error as SparseCodingError {
      throw ExperimentError("\(image): no certified code, as \(error); use a larger --tolerance or --lambda")
    }
  }
}
