import DataFiles
import KernelBanks

/// A code with the problem that it solves, as stored in a code file (`.npz`).
///
/// Arrays: `image` float32 H × W, `kernels` float32 K × k × k, `index` int32 n × 3 (kernel, row, column), `value`
/// float32 n; scalars `lambda`, `stride`, `boundary` (0 valid, 1 circular), `objective`, `gap` (relative), `seconds`.
public struct CodeFile: Sendable {
  /// The image, bank, λ, stride and boundary.
  public let problem: LassoProblem
  /// The code found.
  public let code: SparseCode
  /// E(a), as certified when the code was made.
  public let objective: Double
  /// The certified relative gap.
  public let relativeGap: Double
  /// What the code cost to find, in seconds on the host that did.
  public let seconds: Double

  /// Takes what the solver found.
  public init(problem: LassoProblem, solution: LassoSolution) {
    self.problem = problem
    code = solution.code
    objective = solution.certificate.primal
    relativeGap = solution.certificate.relativeGap
    seconds = solution.seconds
  }

  /// Reads a code file.
  ///
  /// - Throws: `FileError` naming the file and the array if one is missing, has another shape, or holds what no code
  ///   can.
  public init(contentsOf path: String) throws {
    let archive = try NumPyArchive(contentsOf: path, maximumBytes: Self.maximumBytes)
    problem = try Self.problem(in: archive)
    code = try Self.code(in: archive, geometry: problem.geometry)
    objective = try Self.notNegative("objective", in: archive)
    relativeGap = try Self.notNegative("gap", in: archive)
    seconds = try Self.notNegative("seconds", in: archive)
  }

  /// Writes the code file, whole or not at all.
  ///
  /// - Throws: `FileError` if it cannot be written.
  public func write(to path: String) throws {
    let (image, bank, geometry) = (problem.image, problem.bank, problem.geometry)
    let coefficients = code.coefficients
    try NumPyArchive([
      "image": NumPyArray(shape: [image.height, image.width], image.pixels),
      "kernels": NumPyArray(shape: [bank.count, bank.size, bank.size], bank.weights),
      "index": NumPyArray(shape: [coefficients.count, 3], coefficients.flatMap { [$0.kernel, $0.row, $0.column] }),
      "value": NumPyArray(shape: [coefficients.count], coefficients.map(\.value)),
      "lambda": NumPyArray(problem.lambda),
      "stride": NumPyArray(geometry.stride),
      "boundary": NumPyArray(geometry.boundary.rawValue),
      "objective": NumPyArray(objective),
      "gap": NumPyArray(relativeGap),
      "seconds": NumPyArray(seconds),
    ]).write(to: path, deflated: true)
  }

  /// Far more than any code of an image that can be sparse-coded here.
  private static let maximumBytes = 1 << 30

  private static func problem(in archive: NumPyArchive) throws -> LassoProblem {
    let image = try archive.array("image", rank: 2).shape
    let kernels = try archive.array("kernels", rank: 3).shape
    guard kernels[1] == kernels[2] else {
      throw archive.error("kernels", "has shape \(kernels); K × k × k is needed")
    }
    guard let boundary = Boundary(rawValue: try archive.integer("boundary")) else {
      throw archive.error("boundary", "is \(try archive.integer("boundary")); it must be 0 (valid) or 1 (circular)")
    }
    do {
      return try LassoProblem(
        image: Image(height: image[0], width: image[1], pixels: try archive.floats("image")),
        bank: KernelBank(
          name: "code file", count: kernels[0], size: kernels[1], weights: try archive.floats("kernels")),
        lambda: try archive.number("lambda"), stride: try archive.integer("stride"), boundary: boundary)
    } catch let error as FileError {
      throw error
    } catch {
      throw FileError(path: archive.source, "holds no problem to solve: \(error)")
    }
  }

  private static func code(in archive: NumPyArchive, geometry: CodeGeometry) throws -> SparseCode {
    let shape = try archive.array("index", rank: 2).shape
    let index = try archive.int32s("index")
    let values = try archive.floats("value", rank: 1)
    guard shape == [values.count, 3] else {
      throw archive.error(
        "index", "has shape \(shape); with \(values.count.counted("value")) it must be [\(values.count), 3]")
    }
    do {
      return try SparseCode(
        geometry: geometry,
        coefficients: values.indices.map {
          Coefficient(kernel: index[3 * $0], row: index[3 * $0 + 1], column: index[3 * $0 + 2], value: values[$0])
        })
    } catch let error as SparseCodingError {
      throw archive.error("index", "and 'value' are no code: \(error)")
    }
  }

  private static func notNegative(_ name: String, in archive: NumPyArchive) throws -> Double {
    let value = try archive.number(name)
    guard value >= 0 else { throw archive.error(name, "is \(value); it must not be negative") }
    return value
  }
}
