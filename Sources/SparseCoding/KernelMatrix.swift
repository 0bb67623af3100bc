import KernelBanks

/// A bank as a matrix, pixels × kernels, multiplied with image patches: one block of Φᵀx at a time.
///
/// `Lanes` chooses the arithmetic: `SIMD8<Float>` for speed, `SIMD4<Double>` for certificates.
struct KernelMatrix<Lanes: SIMD & Sendable>: Sendable where Lanes.Scalar: BinaryFloatingPoint {
  typealias Scalar = Lanes.Scalar

  /// Patches multiplied at once; with two vector registers per `Lanes` this fills the sixteen of baseline x86-64.
  static var blockSize: Int { 4 }

  let kernelCount: Int
  let kernelSize: Int
  /// `pixel * lanesPerPixel + lane group`; kernels past the last are zero.
  private let columns: [Lanes]
  private let lanesPerPixel: Int

  init(_ bank: KernelBank) { self.init(count: bank.count, size: bank.size, weights: bank.weights) }

  /// - Parameter weights: kernel × row × column.
  init(count: Int, size: Int, weights: [Float]) {
    kernelCount = count
    kernelSize = size
    let pixels = size * size
    let groups = (count + Lanes.scalarCount - 1) / Lanes.scalarCount
    var columns = [Lanes](repeating: .zero, count: pixels * groups)
    for kernel in 0..<count {
      let (group, lane) = kernel.quotientAndRemainder(dividingBy: Lanes.scalarCount)
      for pixel in 0..<pixels {
        columns[pixel * groups + group][lane] = Scalar(weights[kernel * pixels + pixel])
      }
    }
    self.columns = columns
    lanesPerPixel = groups
  }

  /// Φᵀx at every position, in the layout of `CodeGeometry.index`; rows of positions in parallel.
  func analyse(
    _ pixels: UnsafePointer<Scalar>, in geometry: CodeGeometry, into result: UnsafeMutablePointer<Scalar>
  ) {
    let rowLength = geometry.columns * kernelCount
    // Each row of positions has its own place.
    nonisolated(unsafe) let (source, target) = (pixels, result)
    inParallel(geometry.rows) { rows in
      for row in rows { analyse(row: row, of: source, in: geometry, into: target + row * rowLength) }
    }
  }

  /// Φᵀx at every position of one row, `columns × kernelCount` values with the kernel fastest.
  ///
  /// The products of one coefficient are added in the order of the kernel's pixels, whatever the position.
  func analyse(
    row: Int, of pixels: UnsafePointer<Scalar>, in geometry: CodeGeometry, into result: UnsafeMutablePointer<Scalar>
  ) {
    let block = Self.blockSize
    let patchCount = kernelSize * kernelSize
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: block * patchCount) { patches in
      for first in stride(from: 0, to: geometry.columns, by: block) {
        let count = min(block, geometry.columns - first)
        for lane in 0..<block {
          gather(row: row, column: first + min(lane, count - 1), of: pixels, in: geometry, lane: lane, into: patches)
        }
        multiply(patches, count: count, into: result + first * kernelCount)
      }
    }
  }

  /// Copies one patch into its lane of the interleaved block.
  private func gather(
    row: Int, column: Int, of pixels: UnsafePointer<Scalar>, in geometry: CodeGeometry, lane: Int,
    into patches: UnsafeMutableBufferPointer<Scalar>
  ) {
    let block = Self.blockSize
    let (height, width) = (geometry.imageHeight, geometry.imageWidth)
    let top = row * geometry.stride
    let left = column * geometry.stride
    var place = lane
    for i in 0..<kernelSize {
      let y = top + i < height ? top + i : top + i - height
      let line = pixels + y * width
      for j in 0..<kernelSize {
        let x = left + j < width ? left + j : left + j - width
        patches[place] = line[x]
        place += block
      }
    }
  }

  private func multiply(
    _ patches: UnsafeMutableBufferPointer<Scalar>, count: Int, into result: UnsafeMutablePointer<Scalar>
  ) {
    let pixels = kernelSize * kernelSize
    columns.withUnsafeBufferPointer { columns in
      for group in 0..<lanesPerPixel {
        var (sum0, sum1, sum2, sum3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
        var column = columns.baseAddress.unsafelyUnwrapped + group
        var patch = UnsafePointer(patches.baseAddress.unsafelyUnwrapped)
        for _ in 0..<pixels {
          let weights = column.pointee
          sum0 += weights * patch[0]
          sum1 += weights * patch[1]
          sum2 += weights * patch[2]
          sum3 += weights * patch[3]
          column += lanesPerPixel
          patch += 4
        }
        store(sum0, group: group, into: result)
        if count > 1 { store(sum1, group: group, into: result + kernelCount) }
        if count > 2 { store(sum2, group: group, into: result + 2 * kernelCount) }
        if count > 3 { store(sum3, group: group, into: result + 3 * kernelCount) }
      }
    }
  }

  @inline(__always)
  private func store(_ sums: Lanes, group: Int, into result: UnsafeMutablePointer<Scalar>) {
    let first = group * Lanes.scalarCount
    if first + Lanes.scalarCount <= kernelCount {
      UnsafeMutableRawPointer(result + first).storeBytes(of: sums, as: Lanes.self)
    } else {
      for kernel in first..<kernelCount { result[kernel] = sums[kernel - first] }
    }
  }
}
