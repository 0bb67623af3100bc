import DataFiles
import KernelBanks
import SparseCoding
import TestSupport
import Testing

/// Random problems, the same on every machine, and the same problems written out as matrices.
enum Random {
  /// Kernels of normal numbers, scaled to unit norm or to norms from 1 to 3.
  static func bank(_ count: Int, size: Int, seed: UInt64, unitNorm: Bool = true) throws -> KernelBank {
    var generator = SplitMix64(seed: seed)
    var weights: [Float] = []
    for _ in 0..<count {
      let kernel = (0..<size * size).map { _ in generator.nextNormal() }
      let norm = kernel.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let length = unitNorm ? 1 : Double.random(in: 1...3, using: &generator)
      weights += kernel.map { Float($0 * length / norm) }
    }
    return try KernelBank(name: "random", count: count, size: size, weights: weights)
  }

  static func image(_ height: Int, _ width: Int, seed: UInt64) -> Image {
    var generator = SplitMix64(seed: seed)
    return Image(
      height: height, width: width, pixels: (0..<height * width).map { _ in Float(generator.nextNormal()) })
  }

  static func code(_ geometry: CodeGeometry, density: Double, seed: UInt64) -> SparseCode {
    var generator = SplitMix64(seed: seed)
    return SparseCode(
      geometry: geometry,
      dense: (0..<geometry.coefficientCount).map { _ in
        Double.random(in: 0..<1, using: &generator) < density ? Float(generator.nextNormal()) : 0
      })
  }
}

/// Where and how kernels are placed in the tests of operators and problems.
struct Layout: CustomTestStringConvertible, Sendable {
  let height: Int
  let width: Int
  let kernelSize: Int
  let stride: Int
  let boundary: Boundary

  var testDescription: String { "\(height) × \(width), kernel \(kernelSize), stride \(stride), \(boundary)" }

  static let all = [
    Layout(height: 10, width: 11, kernelSize: 4, stride: 1, boundary: .valid),
    Layout(height: 13, width: 12, kernelSize: 5, stride: 2, boundary: .valid),
    Layout(height: 14, width: 12, kernelSize: 5, stride: 3, boundary: .valid),
    Layout(height: 9, width: 11, kernelSize: 4, stride: 1, boundary: .circular),
    Layout(height: 10, width: 12, kernelSize: 5, stride: 2, boundary: .circular),
    Layout(height: 6, width: 9, kernelSize: 6, stride: 3, boundary: .circular),
  ]

  func problem(kernels: Int = 7, lambda: Double = 0.3, seed: UInt64 = 1, unitNorm: Bool = true) throws -> LassoProblem {
    try LassoProblem(
      image: Random.image(height, width, seed: seed),
      bank: Random.bank(kernels, size: kernelSize, seed: seed + 100, unitNorm: unitNorm), lambda: lambda,
      stride: stride, boundary: boundary)
  }
}

extension LassoProblem {
  /// Φ column by column in double precision, written from the definition alone.
  var columns: [[Double]] {
    let (size, height, width) = (bank.size, image.height, image.width)
    var columns: [[Double]] = []
    for row in 0..<geometry.rows {
      for column in 0..<geometry.columns {
        for kernel in 0..<bank.count {
          var pixels = [Double](repeating: 0, count: height * width)
          for i in 0..<size {
            for j in 0..<size {
              let y = (row * geometry.stride + i) % height
              let x = (column * geometry.stride + j) % width
              pixels[y * width + x] += Double(bank.weights[(kernel * size + i) * size + j])
            }
          }
          columns.append(pixels)
        }
      }
    }
    return columns
  }

  /// The problem as an oracle reads it.
  var archive: NumPyArchive {
    NumPyArchive([
      "image": NumPyArray(shape: [image.height, image.width], image.pixels),
      "kernels": NumPyArray(shape: [bank.count, bank.size, bank.size], bank.weights),
      "lambda": NumPyArray(lambda), "stride": NumPyArray(geometry.stride),
      "boundary": NumPyArray(geometry.boundary.rawValue),
    ])
  }
}

func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

extension Array where Element == Float {
  var doubles: [Double] { map(Double.init) }
}
