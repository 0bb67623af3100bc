import CKissFFT

/// A Gram table on a finite grid, applied through Fourier transforms: at each frequency a Hermitian K × K matrix.
///
/// With a valid boundary the grid lies in a circular one with room for the table's reach, so that nothing wraps.
package struct GramOperator: SymmetricOperator {
  package let rows: Int
  package let columns: Int
  package let kernelCount: Int
  /// Number of unknowns.
  package var dimension: Int { rows * columns * kernelCount }

  private let transform: FourierTransform
  /// For each frequency of the half spectrum the upper triangle by rows, of each row the real, then the imaginary
  /// parts.
  private let matrices: [Float]

  /// - Parameter margin: room round a valid grid, in positions; `table.reach` keeps Gv from wrapping into the grid,
  ///   twice as much keeps all of it apart.
  /// - Parameter memoryLimit_B: the most that the matrices may take.
  package init(
    _ table: CorrelationTable, rows: Int, columns: Int, boundary: Boundary, margin: Int? = nil,
    memoryLimit_B: Int = 2 << 30
  ) throws {
    guard rows > 0, columns > 0 else { throw SparseCodingError("a grid of \(rows) × \(columns) positions is empty") }
    try table.checkSymmetry()
    self.rows = rows
    self.columns = columns
    kernelCount = table.sourceCount
    let margin = margin ?? table.reach
    transform =
      switch boundary {
      case .valid:
        try FourierTransform(
          height: FourierTransform.fastLength(rows + margin),
          width: FourierTransform.fastLength(columns + margin))
      case .circular: try FourierTransform(height: rows, width: columns)
      }
    let matrixBytes = Self.matrixBytes(kernelCount)
    guard transform.halfSpectrum.count <= memoryLimit_B / matrixBytes else {
      throw SparseCodingError(
        "the spectrum on \(rows) × \(columns) positions needs \(transform.halfSpectrum.count) matrices of "
          + "\(matrixBytes) bytes, more than \(memoryLimit_B) in all; a smaller grid bounds it")
    }
    matrices = Self.matrices(of: table, transform)
  }

  /// What a grid's matrices take, roughly enough that nothing is allocated to know.
  static func estimatedBytes(kernelCount: Int, reach: Int, rows: Int, columns: Int) -> Double {
    let (height, width) = (Double(rows + reach), Double(columns + reach))
    return height * width / 2 * Double(matrixBytes(kernelCount))
  }

  /// The side of a square grid whose matrices, with room for its whole image, and `vectors` vectors take at most
  /// `bytes`.
  static func side(_ table: CorrelationTable, vectors: Int, bytes: Int) -> Int {
    let vectorBytes = MemoryLayout<Float>.stride * table.sourceCount * vectors
    let positions = Double(bytes) / Double(matrixBytes(table.sourceCount) / 2 + vectorBytes)
    return Int(positions.squareRoot()) - 2 * table.reach
  }

  private static func matrixBytes(_ kernelCount: Int) -> Int {
    MemoryLayout<Float>.stride * kernelCount * (kernelCount + 1)
  }

  /// ‖Gv‖² outside the grid, within its margin (Parseval).
  package func squaredNormBeyondGrid(_ v: [Float]) -> Double {
    var spectrum = spectrum(of: v)
    multiply(&spectrum)
    let vectorSize = 2 * kernelCount
    var sum = 0.0
    for (n, (f, minus)) in transform.halfSpectrum.enumerated() {
      let square = spectrum[n * vectorSize..<(n + 1) * vectorSize].reduce(0.0) { $0 + Double($1) * Double($1) }
      sum += f == minus ? square : 2 * square
    }
    var within = [Float](repeating: 0, count: dimension)
    place(spectrum, into: &within)
    return max(0, sum * Double(transform.height * transform.width) - dot(within, within))
  }

  /// G v, in the layout of `CodeGeometry.index`.
  package func apply(_ v: [Float], into result: inout [Float]) {
    var spectrum = spectrum(of: v)
    multiply(&spectrum)
    place(spectrum, into: &result)
  }

  // MARK: Frequencies

  /// H_ts(f) = Σ_d T[t, d, s] e^(−2πi f·d / N), for s ≥ t; the table's symmetry gives the rest.
  private static func matrices(of table: CorrelationTable, _ transform: FourierTransform) -> [Float] {
    let (kernelCount, reach) = (table.sourceCount, table.reach)
    let (height, width) = (transform.height, transform.width)
    let matrixSize = kernelCount * (kernelCount + 1)
    let scale = 1 / Float(height * width)
    var matrices = [Float](repeating: 0, count: matrixSize * transform.halfSpectrum.count)
    var grid: [kiss_fft_cpx] = []
    for t in 0..<kernelCount {
      for s in stride(from: t, to: kernelCount, by: 2) {
        grid = Array(repeating: kiss_fft_cpx(), count: height * width)
        for dy in -reach...reach {
          for dx in -reach...reach {
            let place = modulo(dy, height) * width + modulo(dx, width)
            let entry = table.index(source: t, target: s, dy: dy, dx: dx)
            grid[place].r += table.values[entry]
            if s + 1 < kernelCount { grid[place].i += table.values[entry + 1] }
          }
        }
        transform.forward(&grid)
        let length = kernelCount - t
        for (n, (f, minus)) in transform.halfSpectrum.enumerated() {
          let (first, second) = unpack(grid[f], grid[minus], scale: scale)
          let entry = n * matrixSize + rowStart(t, kernelCount) + s - t
          (matrices[entry], matrices[entry + length]) = (first.r, first.i)
          if s + 1 < kernelCount { (matrices[entry + 1], matrices[entry + 1 + length]) = (second.r, second.i) }
        }
      }
    }
    return matrices
  }

  /// Where row t of an upper triangle begins, two numbers an entry.
  @inline(__always)
  private static func rowStart(_ t: Int, _ kernelCount: Int) -> Int { t * (2 * kernelCount - t + 1) }

  private static func modulo(_ d: Int, _ length: Int) -> Int { ((d % length) + length) % length }

  /// The values at f of the transforms of two real grids a and b, from that of a + ib at f and −f.
  @inline(__always)
  private static func unpack(
    _ z: kiss_fft_cpx, _ minus: kiss_fft_cpx, scale: Float
  ) -> (kiss_fft_cpx, kiss_fft_cpx) {
    let half = scale / 2
    return (
      kiss_fft_cpx(r: half * (z.r + minus.r), i: half * (z.i - minus.i)),
      kiss_fft_cpx(r: half * (z.i + minus.i), i: half * (minus.r - z.r))
    )
  }

  /// For each frequency of the half spectrum K real, then K imaginary parts.
  private func spectrum(of v: [Float]) -> [Float] {
    let kernelCount = kernelCount
    var spectrum = [Float](repeating: 0, count: transform.halfSpectrum.count * 2 * kernelCount)
    var grid: [kiss_fft_cpx] = []
    for kernel in stride(from: 0, to: kernelCount, by: 2) {
      let isPair = kernel + 1 < kernelCount
      grid = Array(repeating: kiss_fft_cpx(), count: transform.height * transform.width)
      for row in 0..<rows {
        for column in 0..<columns {
          let source = (row * columns + column) * kernelCount + kernel
          grid[row * transform.width + column] = kiss_fft_cpx(r: v[source], i: isPair ? v[source + 1] : 0)
        }
      }
      transform.forward(&grid)
      var place = kernel
      for (f, minus) in transform.halfSpectrum {
        let (first, second) = Self.unpack(grid[f], grid[minus], scale: 1)
        (spectrum[place], spectrum[place + kernelCount]) = (first.r, first.i)
        if isPair { (spectrum[place + 1], spectrum[place + 1 + kernelCount]) = (second.r, second.i) }
        place += 2 * kernelCount
      }
    }
    return spectrum
  }

  /// The inverse of `spectrum(of:)`, cropped to the grid.
  private func place(_ spectrum: [Float], into result: inout [Float]) {
    var grid = [kiss_fft_cpx](repeating: kiss_fft_cpx(), count: transform.height * transform.width)
    for kernel in stride(from: 0, to: kernelCount, by: 2) {
      let isPair = kernel + 1 < kernelCount
      var place = kernel
      for (f, minus) in transform.halfSpectrum {
        let first = kiss_fft_cpx(r: spectrum[place], i: spectrum[place + kernelCount])
        let second =
          isPair ? kiss_fft_cpx(r: spectrum[place + 1], i: spectrum[place + 1 + kernelCount]) : kiss_fft_cpx()
        grid[f] = kiss_fft_cpx(r: first.r - second.i, i: first.i + second.r)
        if f != minus { grid[minus] = kiss_fft_cpx(r: first.r + second.i, i: second.r - first.i) }
        place += 2 * kernelCount
      }
      transform.inverse(&grid)
      for row in 0..<rows {
        for column in 0..<columns {
          let target = (row * columns + column) * kernelCount + kernel
          let value = grid[row * transform.width + column]
          result[target] = value.r
          if isPair { result[target + 1] = value.i }
        }
      }
    }
  }

  /// Multiplies each frequency's vector by its matrix.
  private func multiply(_ spectrum: inout [Float]) {
    let (kernelCount, vectorSize) = (kernelCount, 2 * kernelCount)
    spectrum.withUnsafeMutableBufferPointer { spectrum in
      matrices.withUnsafeBufferPointer { matrices in
        guard let first = spectrum.baseAddress, let matrix = matrices.baseAddress else { return }
        // Each part has its own frequencies.
        nonisolated(unsafe) let (vectors, matrices) = (first, matrix)
        inParallel(transform.halfSpectrum.count) { frequencies in
          withUnsafeTemporaryAllocation(of: Float.self, capacity: vectorSize) { product in
            guard let y = product.baseAddress else { return }
            for n in frequencies {
              let x = vectors + n * vectorSize
              y.initialize(repeating: 0, count: vectorSize)
              Self.multiply(matrices + n * kernelCount * (kernelCount + 1), kernelCount, x, into: y)
              x.update(from: y, count: vectorSize)
            }
          }
        }
      }
    }
  }

  /// y += H x, H Hermitian and given by its upper triangle: each entry serves its row and, conjugate, its column.
  private static func multiply(
    _ matrix: UnsafePointer<Float>, _ kernelCount: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    for t in 0..<kernelCount {
      let count = kernelCount - t
      let (real, imaginary) = (matrix + rowStart(t, kernelCount), matrix + rowStart(t, kernelCount) + count)
      let (xReal, xImaginary) = (x + t, x + kernelCount + t)
      let (yReal, yImaginary) = (y + t, y + kernelCount + t)
      let (xr, xi) = (xReal[0], xImaginary[0])
      var (sumReal, sumImaginary) = (real[0] * xr, real[0] * xi)
      var (sumsReal, sumsImaginary) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
      var j = 1
      while j + 8 <= count {
        let (hr, hi) = (load(real + j), load(imaginary + j))
        let (vr, vi) = (load(xReal + j), load(xImaginary + j))
        sumsReal += hr * vr - hi * vi
        sumsImaginary += hr * vi + hi * vr
        store(load(yReal + j) + (hr * xr + hi * xi), at: yReal + j)
        store(load(yImaginary + j) + (hr * xi - hi * xr), at: yImaginary + j)
        j += 8
      }
      while j < count {
        sumReal += real[j] * xReal[j] - imaginary[j] * xImaginary[j]
        sumImaginary += real[j] * xImaginary[j] + imaginary[j] * xReal[j]
        yReal[j] += real[j] * xr + imaginary[j] * xi
        yImaginary[j] += real[j] * xi - imaginary[j] * xr
        j += 1
      }
      yReal[0] += sumReal + sumsReal.sum()
      yImaginary[0] += sumImaginary + sumsImaginary.sum()
    }
  }

  @inline(__always)
  private static func load(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
    UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
  }

  @inline(__always)
  private static func store(_ values: SIMD8<Float>, at pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: values, as: SIMD8<Float>.self)
  }
}
