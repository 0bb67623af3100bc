import DataFiles

extension KernelBank {
  /// A picture of all kernels in a grid, row by row: mid-gray is zero, each kernel scaled by its own peak.
  ///
  /// - Parameters:
  ///   - columns: Kernels side by side; if not given, the grid is about square.
  ///   - scale: Pixels of the picture per pixel of a kernel.
  public func picture(columns: Int? = nil, scale: Int = 4) -> Raster {
    let columns = max(1, min(count, columns ?? Int(Double(count).squareRoot().rounded(.up))))
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
}

extension KernelBank {
  /// The grid of `picture` as SVG: one square a kernel pixel, which stays sharp at any size, with a tip that names each
  /// kernel and, if it was designed, its θ, B_θ and phase.
  ///
  /// - Parameter columns: Kernels side by side; if not given, the grid is about square.
  public func vectorPicture(columns: Int? = nil) -> String {
    let raster = picture(columns: columns, scale: 1)
    let columns = (raster.width - 1) / (size + 1)
    let (width, height) = (raster.width, raster.height)
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(4 * width)" \
      height="\(4 * height)" shape-rendering="crispEdges">
      <title>\(count) kernels of \(size) × \(size)</title>
      <rect width="\(width)" height="\(height)" fill="#fff"/>

      """
    for index in 0..<count {
      let (top, left) = (index / columns * (size + 1) + 1, index % columns * (size + 1) + 1)
      text += "<g><title>\(tip(index))</title>"
      for y in 0..<size {
        // Runs of one gray become one rectangle.
        var x = 0
        while x < size {
          let gray = raster.samples[(top + y) * width + left + x]
          var end = x + 1
          while end < size, raster.samples[(top + y) * width + left + end] == gray { end += 1 }
          text +=
            "<path fill=\"rgb(\(gray),\(gray),\(gray))\" d=\"M\(left + x) \(top + y)h\(end - x)v1h-\(end - x)z\"/>"
          x = end
        }
      }
      text += "</g>\n"
    }
    return text + "</svg>\n"
  }

  private func tip(_ index: Int) -> String {
    guard let design = designs?[index] else { return "kernel \(index)" }
    func degrees(_ radians: Double) -> String { "\((radians * 1800 / .pi).rounded() / 10)°" }
    return
      "kernel \(index): θ \(degrees(design.theta)), B_θ \(degrees(design.bandwidth)), phase \(degrees(design.phase))"
  }
}
