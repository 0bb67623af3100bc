import KernelBanks

/// ΦΦᵀ on images: every patch of an image, analysed and put back. It has the eigenvalues of ΦᵀΦ but for zeros, and as
/// many unknowns as there are pixels.
struct FrameOperator: SymmetricOperator {
  var dimension: Int { geometry.imageHeight * geometry.imageWidth }

  /// A channel for each pixel of a patch.
  private let geometry: CodeGeometry
  /// WᵀW, where the K rows of W are the kernels: from a patch to what the kernels make of it.
  private let patchMatrix: KernelMatrix<SIMD8<Float>>

  init(_ bank: KernelBank, geometry: CodeGeometry) throws {
    let area = bank.size * bank.size
    self.geometry = try CodeGeometry(
      imageHeight: geometry.imageHeight, imageWidth: geometry.imageWidth, kernelCount: area, kernelSize: bank.size,
      stride: geometry.stride, boundary: geometry.boundary)
    var products = [Double](repeating: 0, count: area * area)
    for kernel in (0..<bank.count).map({ bank.kernel($0).map(Double.init) }) {
      for i in 0..<area {
        for j in 0..<area { products[i * area + j] += kernel[i] * kernel[j] }
      }
    }
    patchMatrix = KernelMatrix(count: area, size: bank.size, weights: products.map(Float.init))
  }

  func apply(_ v: [Float], into result: inout [Float]) {
    let patches = [Float](unsafeUninitializedCapacity: geometry.coefficientCount) { patches, count in
      v.withUnsafeBufferPointer { v in
        guard let v = v.baseAddress, let patches = patches.baseAddress else { return }
        patchMatrix.analyse(v, in: geometry, into: patches)
      }
      count = geometry.coefficientCount
    }
    result.withUnsafeMutableBufferPointer { result in
      patches.withUnsafeBufferPointer { addTogether($0, into: result) }
    }
  }

  /// Puts the patches of all positions, k × k values each, back into an image.
  private func addTogether(_ patches: UnsafeBufferPointer<Float>, into image: UnsafeMutableBufferPointer<Float>) {
    let (height, width, size) = (geometry.imageHeight, geometry.imageWidth, geometry.kernelSize)
    image.update(repeating: 0)
    var place = 0
    for top in (0..<geometry.rows).lazy.map({ $0 * geometry.stride }) {
      for left in (0..<geometry.columns).lazy.map({ $0 * geometry.stride }) {
        for y in top..<top + size {
          let line = (y < height ? y : y - height) * width
          for x in left..<left + size {
            image[line + (x < width ? x : x - width)] += patches[place]
            place += 1
          }
        }
      }
    }
  }
}
