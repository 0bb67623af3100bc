import KernelBanks

/// The LASSO, or convolutional basis pursuit denoising: E(a) = ½‖x − Φa‖² + λ‖a‖₁ over the codes a of an image x.
///
/// The kernels need not have unit norm. No factor 1/n anywhere (the form of sporco, SPAMS and lca-pytorch;
/// scikit-learn's `Lasso` has α = λ / pixels).
public struct LassoProblem: Sendable {
  /// x.
  public let image: Image
  /// λ, the price of a coefficient's magnitude.
  public let lambda: Double
  /// Φ.
  public let synthesisOperator: ConvolutionOperator

  /// The kernels of Φ.
  public var bank: KernelBank { synthesisOperator.bank }
  /// Where they can stand.
  public var geometry: CodeGeometry { synthesisOperator.geometry }

  /// Poses the problem.
  ///
  /// - Throws: `SparseCodingError` if λ is not positive and finite, a pixel is not finite, or the image, the kernels,
  ///   the stride and the boundary do not fit together (see `CodeGeometry`).
  public init(image: Image, bank: KernelBank, lambda: Double, stride: Int = 1, boundary: Boundary = .valid) throws {
    guard lambda > 0, lambda.isFinite else {
      throw SparseCodingError("λ is \(lambda); it must be positive and finite")
    }
    let geometry = try CodeGeometry(
      imageHeight: image.height, imageWidth: image.width, kernelCount: bank.count, kernelSize: bank.size,
      stride: stride,
      boundary: boundary)
    if let place = image.pixels.firstIndex(where: { !$0.isFinite }) {
      throw SparseCodingError(
        "the image's pixel at row \(place / image.width), column \(place % image.width) is \(image.pixels[place]); "
          + "every pixel must be finite")
    }
    self.image = image
    self.lambda = lambda
    synthesisOperator = try ConvolutionOperator(bank: bank, geometry: geometry)
  }
}

/// What the solver found, and the proof of how good it is.
public struct LassoSolution: Sendable {
  /// The code found.
  public let code: SparseCode
  /// What E is, and how far from the optimum at most.
  public let certificate: Certificate
  /// Changes of single coefficients on the way.
  public let updates: Int
  /// Wall-clock time on the host, for information only.
  public let seconds: Double
  /// Processor time on the host, in seconds, of all threads of the process: what runs beside it does not count.
  public let processorSeconds: Double
}
