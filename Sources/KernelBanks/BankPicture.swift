import DataFiles

extension KernelBank {
  /// A picture of all kernels in a grid, row by row: mid-gray is zero, each kernel scaled by its own peak.
  ///
  /// - Parameters:
  ///   - columns: Kernels side by side; if not given, the grid is about square, with whole orientations of a designed
  ///     bank in a row.
  ///   - scale: Pixels of the picture per pixel of a kernel.
  public func picture(columns: Int? = nil, scale: Int = 4) -> Raster {
    let columns = max(1, min(count, columns ?? pictureColumns))
    let rows = (count + columns - 1) / columns
    let scale = max(1, scale)
    // A line of one kernel pixel around each kernel.
    let cell = (size + 1) * scale
    let width = columns * cell + scale
    let height = rows * cell + scale
    var samples = [UInt16](repeating: 255, count: width * height)
    for index in 0..<count {
      let kernel = self.kernel(index)
      let peak = kernel.reduce(0) { max($0, abs($1)) }
      let corner = ((index / columns) * cell + scale) * width + (index % columns) * cell + scale
      for pixel in 0..<size * scale * size * scale {
        let (y, x) = pixel.quotientAndRemainder(dividingBy: size * scale)
        let value = kernel[kernel.startIndex + (y / scale) * size + x / scale]
        samples[corner + y * width + x] = UInt16(128 + 127 * (value / peak))
      }
    }
    return Raster(width: width, height: height, channels: 1, bitDepth: 8, samples: samples)
  }

  /// About as many as rows, and as many whole orientations as go into them, one at least.
  private var pictureColumns: Int {
    let side = Double(count).squareRoot()
    let period = designPeriod
    return period == 1 ? Int(side.rounded(.up)) : period * max(1, Int((side / Double(period)).rounded()))
  }

  /// Kernels of one orientation, if all orientations have the same B_θ and phases in the same order; else 1.
  private var designPeriod: Int {
    guard let designs else { return 1 }
    let period = designs.prefix { $0.theta == designs[0].theta }.count
    let isGrid = designs.indices.allSatisfy { index in
      let (design, first) = (designs[index], designs[index % period])
      return design.bandwidth == first.bandwidth && design.phase == first.phase
    }
    return isGrid ? period : 1
  }
}
