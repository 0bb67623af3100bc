import DataFiles
import Foundation
import Reports

/// Spikes of the coding layer by kernel and, as a raster shows them, by some steps together.
struct SpikeCounts {
  let kernels: Int
  let steps: Int
  /// `counts[column * kernels + kernel]`, with the columns of a `SpikeRaster`.
  let counts: [Int]

  /// Counts the lines of a `spikes.csv` of any length, with the column `neuron` or, as older ones are, without; nil if
  /// there is no such file, or none of its spikes is the coding layer's.
  ///
  /// - Parameters:
  ///   - steps: How many steps the run had, of which the last may be without spikes.
  ///   - kernels: How many kernels its bank has.
  /// - Throws: `FileError` if it cannot be read.
  init?(file: String, steps: Int?, kernels: Int?) throws {
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    var (lastStep, lastKernel) = (-1, -1)
    try Self.forEachSpike(of: file) { step, kernel in
      (lastStep, lastKernel) = (max(lastStep, step), max(lastKernel, kernel))
    }
    guard lastStep >= 0 else { return nil }
    // Results of former versions do not say how many kernels there are.
    let allSteps = max(min(steps ?? 0, Self.mostSteps), lastStep + 1)
    let allKernels = max(min(kernels ?? 0, Self.mostKernels), lastKernel + 1)
    let stepsPerColumn = SpikeRaster.stepsPerColumn(of: allSteps)
    var counts = [Int](repeating: 0, count: SpikeRaster.columns(of: allSteps) * allKernels)
    // Read twice, as its size decides about the columns and it need not fit into memory; it may have grown since.
    try Self.forEachSpike(of: file) { step, kernel in
      guard step < allSteps, kernel < allKernels else { return }
      counts[step / stepsPerColumn * allKernels + kernel] += 1
    }
    (self.steps, self.kernels, self.counts) = (allSteps, allKernels, counts)
  }

  /// The step of the first line of a run's files.
  private static let firstStep = 0
  /// Most steps and kernels; larger numbers are damage.
  private static let (mostSteps, mostKernels) = (10_000_000, 1 << 16)

  /// Calls `body` with the step, from 0, and the kernel of each spike. Such a file can have millions of lines.
  private static func forEachSpike(of file: String, _ body: (_ step: Int, _ kernel: Int) -> Void) throws {
    var hasNeurons: Bool?
    try ByteReader(path: file).forEachLine { line in
      if let hasNeurons {
        if let (step, kernel) = spike(line, hasNeurons: hasNeurons) { body(step, kernel) }
      } else {
        hasNeurons = String(decoding: line, as: UTF8.self).split(separator: ",").contains("neuron")
      }
    }
  }

  /// The fields are time_ps, step, population, neuron, kernel and others.
  private static func spike(_ line: UnsafeRawBufferPointer, hasNeurons: Bool) -> (step: Int, kernel: Int)? {
    var fields = Fields(line: line)
    guard fields.next() != nil, let number = fields.next().flatMap(number), let population = fields.next(),
      population.elementsEqual("coding".utf8), !hasNeurons || fields.next() != nil,
      let kernel = fields.next().flatMap(self.number)
    else { return nil }
    let step = number - firstStep
    return (0..<mostSteps).contains(step) && kernel < mostKernels ? (step, kernel) : nil
  }

  /// What stands between the commas of a line.
  private struct Fields: IteratorProtocol {
    let line: UnsafeRawBufferPointer
    var place = 0

    mutating func next() -> UnsafeRawBufferPointer? {
      guard place <= line.count else { return nil }
      let start = place
      while place < line.count, line[place] != UInt8(ascii: ",") { place += 1 }
      defer { place += 1 }
      return UnsafeRawBufferPointer(rebasing: line[start..<place])
    }
  }

  private static func number(_ digits: UnsafeRawBufferPointer) -> Int? {
    guard !digits.isEmpty, digits.count < 10 else { return nil }
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = 10 * value + Int(digit - UInt8(ascii: "0"))
    }
    return value
  }
}
