import DataFiles

/// What happens where a kernel reaches over the edge of the image.
public enum Boundary: Int, Sendable, CaseIterable {
  /// Only positions at which the whole kernel lies in the image.
  case valid = 0
  /// Positions wrap round; the stride must divide height and width.
  case circular = 1
}

/// The shape of a code: which kernels stand at which positions of which image.
///
/// Coefficient (kernel, row, column) adds its value times the kernel with its top-left corner at pixel
/// (row · stride, column · stride). In arrays of all coefficients the kernel is the fastest index:
/// `(row * columns + column) * kernelCount + kernel`.
public struct CodeGeometry: Hashable, Sendable {
  /// Rows of pixels.
  public let imageHeight: Int
  /// Columns of pixels.
  public let imageWidth: Int
  /// Number of kernels K.
  public let kernelCount: Int
  /// Height and width k of a kernel, in pixels.
  public let kernelSize: Int
  /// Pixels from one position to the next, down and across.
  public let stride: Int
  /// What happens at the edge.
  public let boundary: Boundary

  /// Makes a geometry.
  ///
  /// - Throws: `SparseCodingError` if there are no kernels, the image is smaller than a kernel, the stride is not
  ///   positive or larger than the kernels, or a circular stride does not divide the image's height and width.
  public init(
    imageHeight: Int, imageWidth: Int, kernelCount: Int, kernelSize: Int, stride: Int, boundary: Boundary
  ) throws {
    guard stride >= 1 else { throw SparseCodingError("the stride is \(stride); it must be 1 or more") }
    guard kernelCount >= 1, kernelSize >= 1 else {
      throw SparseCodingError(
        "there are \(kernelCount.counted("kernel")) of \(kernelSize) × \(kernelSize); both must be 1 or more")
    }
    guard imageHeight >= kernelSize, imageWidth >= kernelSize else {
      throw SparseCodingError(
        "the image is \(imageHeight) × \(imageWidth), smaller than a kernel of \(kernelSize) × \(kernelSize)")
    }
    guard stride <= kernelSize else {
      throw SparseCodingError(
        "the stride is \(stride); with kernels of \(kernelSize) pixels it must be \(kernelSize) or less, or no kernel "
          + "reaches some pixels")
    }
    if boundary == .circular, imageHeight % stride != 0 || imageWidth % stride != 0 {
      throw SparseCodingError(
        "a circular boundary needs a stride that divides the image; \(stride) does not divide \(imageHeight) × \(imageWidth)"
      )
    }
    self.imageHeight = imageHeight
    self.imageWidth = imageWidth
    self.kernelCount = kernelCount
    self.kernelSize = kernelSize
    self.stride = stride
    self.boundary = boundary
  }

  /// Number of rows of positions.
  public var rows: Int { positions(imageHeight) }
  /// Number of columns of positions.
  public var columns: Int { positions(imageWidth) }
  /// Number of coefficients, rows × columns × kernels.
  public var coefficientCount: Int { rows * columns * kernelCount }

  /// The place of a coefficient in arrays of all coefficients.
  public func index(kernel: Int, row: Int, column: Int) -> Int {
    (row * columns + column) * kernelCount + kernel
  }

  private func positions(_ pixels: Int) -> Int {
    switch boundary {
    case .valid: (pixels - kernelSize) / stride + 1
    case .circular: pixels / stride
    }
  }
}
