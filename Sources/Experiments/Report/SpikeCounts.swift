import DataFiles
import Foundation
import Reports

/// Spikes of the coding layer by kernel and, as a raster shows them, by some steps together.
struct SpikeCounts {
  let kernels: Int
  let steps: Int
  /// `counts[column * kernels + kernel]`, with the columns of a `SpikeRaster`.
  let counts: [Int]

  /// Counts the lines of a `spikes.csv`, with the column `neuron` or, as older ones are, without; nil if there is no such file, or none of its spikes is the coding layer's.
  ///
  /// - Parameters:
  ///   - steps: How many steps the run had, of which the last may be without spikes.
  ///   - kernels: How many kernels its bank has.
  /// - Throws: `FileError` if it cannot be read.
  init?(file: String, steps: Int?, kernels: Int?) throws {
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    let data = try bytes(ofFile: file, maximumBytes: Self.most_bytes)
    var (lastStep, lastKernel) = (-1, -1)
    Self.forEachSpike(in: data) { step, kernel in
      (lastStep, lastKernel) = (max(lastStep, step), max(lastKernel, kernel))
    }
    guard lastStep >= 0 else { return nil }
    // Results of former versions do not say how many kernels there are.
    let allSteps = max(min(steps ?? 0, Self.mostSteps), lastStep + 1)
    let allKernels = max(min(kernels ?? 0, Self.mostKernels), lastKernel + 1)
    let stepsPerColumn = SpikeRaster.stepsPerColumn(of: allSteps)
    var counts = [Int](repeating: 0, count: SpikeRaster.columns(of: allSteps) * allKernels)
    Self.forEachSpike(in: data) { step, kernel in counts[step / stepsPerColumn * allKernels + kernel] += 1 }
    (self.steps, self.kernels, self.counts) = (allSteps, allKernels, counts)
  }

  /// Longer files are not read: they are held as a whole.
  static let most_bytes = 1 << 31

  /// The step of the first line of a run's files.
  private static let firstStep = 0
  /// Most steps and kernels; larger numbers are damage.
  private static let (mostSteps, mostKernels) = (10_000_000, 1 << 16)

  /// Calls `body` with the step, from 0, and the kernel of each spike. Such a file can have millions of lines.
  private static func forEachSpike(in data: Data, _ body: (_ step: Int, _ kernel: Int) -> Void) {
    data.withUnsafeBytes { (text: UnsafeRawBufferPointer) in
      let header = text.firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      let hasNeurons = String(decoding: text[..<header], as: UTF8.self).split(separator: ",").contains("neuron")
      var place = header + 1
      while place < text.count {
        let end = text[place...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
        if let (step, kernel) = spike(text[place..<end], hasNeurons: hasNeurons) { body(step, kernel) }
        place = end + 1
      }
    }
  }

  /// The fields are time_ps, step, population, neuron, kernel and others.
  private static func spike(_ line: Slice<UnsafeRawBufferPointer>, hasNeurons: Bool) -> (step: Int, kernel: Int)? {
    var fields = line.split(separator: UInt8(ascii: ","), maxSplits: 5, omittingEmptySubsequences: false).makeIterator()
    guard fields.next() != nil, let number = fields.next().flatMap(number), let population = fields.next(),
      population.elementsEqual("coding".utf8), !hasNeurons || fields.next() != nil,
      let kernel = fields.next().flatMap(self.number)
    else { return nil }
    let step = number - firstStep
    return (0..<mostSteps).contains(step) && kernel < mostKernels ? (step, kernel) : nil
  }

  private static func number(_ digits: Slice<UnsafeRawBufferPointer>) -> Int? {
    guard !digits.isEmpty, digits.count < 10 else { return nil }
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = 10 * value + Int(digit - UInt8(ascii: "0"))
    }
    return value
  }
}
