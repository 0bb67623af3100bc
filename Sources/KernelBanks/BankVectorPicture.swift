import DataFiles

extension KernelBank {
  /// The grid of `picture` as SVG, which stays sharp at any size: one square a kernel pixel, θ and B_θ at its sides if
  /// the bank was designed, what the grays mean below, and a tip that names each kernel, or the log-Gabor that
  /// resembles it.
  ///
  /// - Parameter columns: Kernels side by side; if not given, those of `picture`.
  public func vectorPicture(columns: Int? = nil) -> String { BankVectorPicture(self, columns: columns).svg }
}

/// All lengths are in pixels of kernels.
private struct BankVectorPicture {
  private let bank: KernelBank
  private let raster: Raster
  private let columns: Int

  private static let (left, top, line) = (34, 8, 6)
  /// So wide is the text below the grid.
  private static let leastWidth = 194

  init(_ bank: KernelBank, columns: Int?) {
    self.bank = bank
    raster = bank.picture(columns: columns, scale: 1)
    self.columns = (raster.width - 1) / (bank.size + 1)
  }

  var svg: String {
    let width = Self.left + max(raster.width + Self.line, Self.leastWidth)
    let height = Self.top + raster.height + (legend.count + 1) * Self.line
    let title = "\(bank.count.counted("kernel")) of \(bank.size) × \(bank.size)"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(4 * width)" \
      height="\(4 * height)" shape-rendering="crispEdges" font-family="sans-serif" font-size="4">
      <title>\(title)</title>
      <rect width="\(width)" height="\(height)" fill="#fff"/>
      <g transform="translate(\(Self.left) \(Self.top))">
      \((0..<bank.count).map(kernel).joined())</g>
      \(sides)\(below)</svg>

      """
  }

  // MARK: Kernels

  private func kernel(_ index: Int) -> String {
    let (top, left) = (index / columns * cell + 1, index % columns * cell + 1)
    let rows = (0..<bank.size).map { row(at: left, top + $0) }
    return "<g><title>\(tip(index))</title>\(rows.joined())</g>\n"
  }

  /// Runs of one gray become one rectangle.
  private func row(at left: Int, _ y: Int) -> String {
    let grays = raster.samples[y * raster.width + left..<y * raster.width + left + bank.size]
    var (text, x) = ("", left)
    for run in grays.chunked() {
      text += "<path fill=\"rgb(\(run.gray),\(run.gray),\(run.gray))\" d=\"M\(x) \(y)h\(run.count)v1h-\(run.count)z\"/>"
      x += run.count
    }
    return text
  }

  private func tip(_ index: Int) -> String {
    guard let design = bank.knownDesigns?[index] else { return "kernel \(index)" }
    let angles = "θ \(degrees(design.theta)), B_θ \(degrees(design.bandwidth))"
    guard bank.designs != nil else { return "kernel \(index), like a log-Gabor of \(angles)" }
    return "kernel \(index): \(angles), phase \(degrees(design.phase))"
  }

  private var cell: Int { bank.size + 1 }

  private func degrees(_ radians: Double) -> String { "\((radians * 1800 / .pi).rounded() / 10)°" }

  // MARK: Words around them

  /// θ of each row, from the first of its kernels to the last, and B_θ of each column if it has one.
  private var sides: String {
    guard let designs = bank.designs else { return "" }
    let rows = stride(from: 0, to: bank.count, by: columns).map { first in
      let ends = [first, min(first + columns, bank.count) - 1].map { degrees(designs[$0].theta) }
      return text(
        ends[0] == ends[1] ? ends[0] : "\(ends[0])–\(ends[1])", x: Self.left - 1,
        y: Self.top + first / columns * cell + bank.size / 2 + 2, anchor: "end")
    }
    let bandwidths = columnBandwidths.enumerated().map { column, bandwidth in
      text(degrees(bandwidth), x: Self.left + column * cell + 1 + bank.size / 2, y: Self.top - 2, anchor: "middle")
    }
    return (rows + bandwidths).joined()
  }

  /// B_θ of each column; none if a column has several.
  private var columnBandwidths: [Double] {
    guard let designs = bank.designs else { return [] }
    let isOfOne = designs.indices.allSatisfy { designs[$0].bandwidth == designs[$0 % columns].bandwidth }
    return isOfOne ? designs.prefix(columns).map(\.bandwidth) : []
  }

  private var legend: [String] {
    let kernels = "\(bank.count.counted("kernel")) of \(bank.size) × \(bank.size) pixels, each scaled to its own peak: "
    let grays = "gray is 0, white above, black below"
    guard bank.designs != nil else { return [kernels + grays] }
    return [kernels + grays, columnBandwidths.isEmpty ? "at the left θ" : "at the left θ, above the columns B_θ"]
  }

  private var below: String {
    legend.enumerated().map { number, line in
      text(line, x: Self.left, y: Self.top + raster.height + (number + 1) * Self.line, anchor: "start")
    }.joined()
  }

  private func text(_ text: String, x: Int, y: Int, anchor: String) -> String {
    "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\">\(text)</text>\n"
  }
}

extension ArraySlice<UInt16> {
  /// Runs of equal grays.
  fileprivate func chunked() -> [(gray: UInt16, count: Int)] {
    reduce(into: []) { runs, gray in
      if runs.last?.gray == gray { runs[runs.count - 1].count += 1 } else { runs.append((gray, 1)) }
    }
  }
}
