import KernelBanks
import SparseCoding

/// `rheobase encode`: one photograph to one certified sparse code.
public struct Encode {
  public let image: String
  public let crop: Crop?
  public let bank: String
  public let norm: BankDesign.Norm
  public let lambda: Double
  public let stride: Int
  public let boundary: Boundary
  public let tolerance: Double

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

  /// Solves to the tolerance.
  public func callAsFunction() throws -> CodeFile {
    var run = RunConfiguration()
    run.norm = norm
    let bank = try run.resolvedBank(bank)
    let picture = try Image.prepared(contentsOf: image, crop: crop, minimum: bank.size)
    let problem = try LassoProblem(
      image: picture, bank: bank, lambda: lambda, stride: stride, boundary: boundary)
    try RunConfiguration.checkCount(problem.geometry)
    return CodeFile(problem: problem, solution: try problem.solve(relativeGap: tolerance))
  }
}
