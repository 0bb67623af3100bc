import DataFiles
import KernelBanks

/// A bank at all positions of a geometry: synthesis Φa, from a code to an image, and its adjoint, analysis Φᵀx.
public struct ConvolutionOperator: Sendable {
  /// The kernels.
  public let bank: KernelBank
  /// Where they stand.
  public let geometry: CodeGeometry

  private let matrix: KernelMatrix<SIMD8<Float>>

  /// Prepares a bank for a geometry.
  ///
  /// - Throws: `SparseCodingError` if the geometry was made for another number or size of kernels.
  public init(bank: KernelBank, geometry: CodeGeometry) throws {
    guard bank.count == geometry.kernelCount, bank.size == geometry.kernelSize else {
      throw SparseCodingError(
        "the bank has \(bank.count.counted("kernel")) of \(bank.size) × \(bank.size), the code's geometry "
          + "\(geometry.kernelCount) of \(geometry.kernelSize) × \(geometry.kernelSize)")
    }
    self.bank = bank
    self.geometry = geometry
    matrix = KernelMatrix(bank)
  }

  /// Φa, the image that a code stands for, summed in double precision; `code` must have this geometry.
  public func synthesis(of code: SparseCode) -> Image {
    Image(height: geometry.imageHeight, width: geometry.imageWidth, pixels: synthesisInDouble(of: code).map(Float.init))
  }

  /// Φᵀx, every kernel's inner product with the image at every position, in the layout of `CodeGeometry.index`.
  public func analysis(of image: Image) -> [Float] {
    precondition(
      image.height == geometry.imageHeight && image.width == geometry.imageWidth, "the image must fit the geometry")
    return [Float](unsafeUninitializedCapacity: geometry.coefficientCount) { result, count in
      if let result = result.baseAddress {
        image.pixels.withUnsafeBufferPointer { analyse($0, into: result) }
      }
      count = geometry.coefficientCount
    }
  }

  /// `analysis(of:)` into memory of the caller.
  func analyse(_ pixels: UnsafeBufferPointer<Float>, into result: UnsafeMutablePointer<Float>) {
    if let pixels = pixels.baseAddress { matrix.analyse(pixels, in: geometry, into: result) }
  }

  /// Φa in double precision, row by row.
  package func synthesisInDouble(of code: SparseCode) -> [Double] {
    precondition(code.geometry == geometry, "the code must have the operator's geometry")
    let (height, width, size) = (geometry.imageHeight, geometry.imageWidth, geometry.kernelSize)
    var pixels = [Double](repeating: 0, count: height * width)
    for c in code.coefficients {
      let (top, left) = (Int(c.row) * geometry.stride, Int(c.column) * geometry.stride)
      var weight = Int(c.kernel) * size * size
      for i in 0..<size {
        let y = top + i < height ? top + i : top + i - height
        for j in 0..<size {
          let x = left + j < width ? left + j : left + j - width
          pixels[y * width + x] += Double(c.value) * Double(bank.weights[weight])
          weight += 1
        }
      }
    }
    return pixels
  }
}
