import KernelBanks

/// Exact minimisation along one coefficient after the other, over a working set of coefficients, in the image's domain.
///
/// One step costs two passes over the k² pixels of a kernel, whatever the stride and the number of kernels: nothing but
/// the residual x − Φa is kept up to date.
struct CoordinateDescent {
  /// One coefficient of the working set.
  struct Entry {
    /// Place in `CodeGeometry.index`.
    let index: Int
    let kernel: Int
    /// First pixel row and column under the kernel.
    let top: Int
    let left: Int
    var value: Float

    init(index: Int, value: Float, in geometry: CodeGeometry) {
      let place = geometry.coefficient(at: index, value: value)
      self.index = index
      self.value = value
      kernel = Int(place.kernel)
      top = Int(place.row) * geometry.stride
      left = Int(place.column) * geometry.stride
    }
  }

  let geometry: CodeGeometry
  let lambda: Float
  /// The working set; a coefficient may stand in it once.
  var entries: [Entry] = []

  /// Kernel side rounded up to whole vectors.
  private let side: Int
  /// K × side × side, zero beyond the kernel.
  private let kernels: [Float]
  private let squaredNorms: [Float]
  /// The image's width plus room for the kernel's zeros.
  private let pitch: Int
  /// x − Φa, with a margin that never leaves zero.
  var residual: [Float]

  init(_ problem: LassoProblem) {
    let bank = problem.bank
    let size = bank.size
    geometry = problem.geometry
    lambda = Float(problem.lambda)
    side = (size + 3) / 4 * 4
    var kernels = [Float](repeating: 0, count: bank.count * side * side)
    for kernel in 0..<bank.count {
      for i in 0..<size {
        for j in 0..<size {
          kernels[(kernel * side + i) * side + j] = bank.weights[(kernel * size + i) * size + j]
        }
      }
    }
    self.kernels = kernels
    squaredNorms = (0..<bank.count).map { kernel in
      let weights = bank.weights[kernel * size * size..<(kernel + 1) * size * size]
      return Float(weights.reduce(0.0) { $0 + Double($1) * Double($1) })
    }
    pitch = geometry.imageWidth + side - size
    residual = [Float](repeating: 0, count: (geometry.imageHeight + side - size) * pitch)
  }

  /// Starts again from a residual computed from scratch, which is what bounds rounding drift.
  mutating func setResidual(_ pixels: [Double]) {
    for y in 0..<geometry.imageHeight {
      for x in 0..<geometry.imageWidth { residual[y * pitch + x] = Float(pixels[y * geometry.imageWidth + x]) }
    }
  }

  /// Minimises along each coefficient of the working set in turn.
  ///
  /// - Returns: the number of coefficients that changed, and Σ δ²‖φ‖², twice the least decrease of E.
  mutating func sweep() -> (updates: Int, progress: Float) {
    var (updates, progress) = (0, Float(0))
    let (side, pitch, lambda, geometry) = (side, pitch, lambda, geometry)
    let lastTop = geometry.imageHeight - geometry.kernelSize
    let lastLeft = geometry.imageWidth - geometry.kernelSize
    withBuffers { residual, kernels, squaredNorms, entries, seam in
      for n in entries.indices {
        let entry = entries[n]
        let kernel = kernels + entry.kernel * side * side
        let wraps = entry.top > lastTop || entry.left > lastLeft
        let patch =
          wraps
          ? Patch(start: seam, pitch: side, side: side)
          : Patch(start: residual + entry.top * pitch + entry.left, pitch: pitch, side: side)
        if wraps { Self.gather(entry, geometry, from: residual, pitch, to: patch) }

        let squaredNorm = squaredNorms[entry.kernel]
        let drive = patch.product(with: kernel) + squaredNorm * entry.value
        let value = Self.softThreshold(drive, lambda) / squaredNorm
        let change = value - entry.value
        guard change != 0 else { continue }
        patch.subtract(change, times: kernel)
        if wraps { Self.scatter(entry, geometry, from: patch, to: residual, pitch) }
        entries[n].value = value
        updates += 1
        progress += change * change * squaredNorm
      }
    }
    return (updates, progress)
  }

  /// T_λ(u) = sign(u)·max(|u| − λ, 0).
  @inline(__always)
  private static func softThreshold(_ u: Float, _ lambda: Float) -> Float {
    u > lambda ? u - lambda : u < -lambda ? u + lambda : 0
  }

  private mutating func withBuffers(
    _ body: (
      _ residual: UnsafeMutablePointer<Float>, _ kernels: UnsafePointer<Float>, _ squaredNorms: UnsafePointer<Float>,
      _ entries: UnsafeMutableBufferPointer<Entry>, _ seam: UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: side * side) { seam in
      seam.initialize(repeating: 0)
      residual.withUnsafeMutableBufferPointer { residual in
        kernels.withUnsafeBufferPointer { kernels in
          squaredNorms.withUnsafeBufferPointer { squaredNorms in
            entries.withUnsafeMutableBufferPointer { entries in
              guard let residual = residual.baseAddress, let kernels = kernels.baseAddress,
                let squaredNorms = squaredNorms.baseAddress, let seam = seam.baseAddress
              else { return }
              body(residual, kernels, squaredNorms, entries, seam)
            }
          }
        }
      }
    }
  }

  /// Copies a patch that wraps round the image to a contiguous one.
  private static func gather(
    _ entry: Entry, _ geometry: CodeGeometry, from residual: UnsafeMutablePointer<Float>, _ pitch: Int, to patch: Patch
  ) {
    for i in 0..<geometry.kernelSize {
      let line = residual + wrapped(entry.top + i, geometry.imageHeight) * pitch
      for j in 0..<geometry.kernelSize {
        patch.start[i * patch.pitch + j] = line[wrapped(entry.left + j, geometry.imageWidth)]
      }
    }
  }

  /// Copies it back.
  private static func scatter(
    _ entry: Entry, _ geometry: CodeGeometry, from patch: Patch, to residual: UnsafeMutablePointer<Float>, _ pitch: Int
  ) {
    for i in 0..<geometry.kernelSize {
      let line = residual + wrapped(entry.top + i, geometry.imageHeight) * pitch
      for j in 0..<geometry.kernelSize {
        line[wrapped(entry.left + j, geometry.imageWidth)] = patch.start[i * patch.pitch + j]
      }
    }
  }

  @inline(__always)
  private static func wrapped(_ place: Int, _ length: Int) -> Int { place < length ? place : place - length }
}

/// The pixels under a kernel, `side` a multiple of four.
private struct Patch {
  let start: UnsafeMutablePointer<Float>
  let pitch: Int
  let side: Int

  @inline(__always)
  func product(with kernel: UnsafePointer<Float>) -> Float {
    var (sum0, sum1, sum2, sum3) = (SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero)
    for i in stride(from: 0, to: side, by: 4) {
      let (line, weights) = (start + i * pitch, kernel + i * side)
      for j in stride(from: 0, to: side, by: 4) {
        sum0 += vector(line + j) * vector(weights + j)
        sum1 += vector(line + pitch + j) * vector(weights + side + j)
        sum2 += vector(line + 2 * pitch + j) * vector(weights + 2 * side + j)
        sum3 += vector(line + 3 * pitch + j) * vector(weights + 3 * side + j)
      }
    }
    return ((sum0 + sum1) + (sum2 + sum3)).sum()
  }

  @inline(__always)
  func subtract(_ factor: Float, times kernel: UnsafePointer<Float>) {
    for i in 0..<side {
      let (line, weights) = (start + i * pitch, kernel + i * side)
      for j in stride(from: 0, to: side, by: 4) {
        let difference = vector(line + j) - factor * vector(weights + j)
        UnsafeMutableRawPointer(line + j).storeBytes(of: difference, as: SIMD4<Float>.self)
      }
    }
  }

  @inline(__always)
  private func vector(_ pointer: UnsafePointer<Float>) -> SIMD4<Float> {
    UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Float>.self)
  }
}
