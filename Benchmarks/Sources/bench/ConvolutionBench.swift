import ArgumentParser
import BareLoop
import EventStreams
import Foundation
import Neuromorphic

/// Synaptic operations a second of convolutional events, beside a bare loop over the same memory.
struct ConvolutionBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convolution",
    abstract: "Synops a second of events through 144 kernels of 12 × 12 into 32 × 32 positions, one thread.")

  @Option(help: "Events a step.") var events = 2000
  @Option(help: "Steps that are timed.") var steps = 20
  @Option(help: "How often they are timed.") var repetitions = 5

  private static let kernels = 144, size = 12, side = 32
  private var imageSide: Int { Self.side + Self.size - 1 }

  func run() throws {
    let stream = self.stream(steps: (repetitions + 1) * steps)
    let chip = try ChipDescription.named("loihi2")
    let network = self.network(Self.weights.map(Float.init))
    // All neurons on one core, whatever it could hold: additions, not packets, are what is timed.
    let box = Box(rows: 0..<Self.side, columns: 0..<Self.side, channels: 0..<Self.kernels)
    let mapping = Mapping(placements: [Placement(population: 0, core: 0, box: box)], chips: 1)
    let simulation = try Simulation(network, mapping: mapping, chip: chip)
    try simulation.inject(stream)
    var last = try simulation.run(steps: steps).records[steps - 1]
    var rates: [Double] = []
    for _ in 0..<repetitions {
      let first = last
      let begin = ContinuousClock.now
      last = try simulation.run(steps: steps).records[steps - 1]
      rates.append(Double(last.synapticOperations - first.synapticOperations) / begin.duration(to: .now).seconds)
    }
    try print(
      Result(
        synopsPerSecond: rates.max() ?? 0, bareMultiplyAddsPerSecond: bare(stream, multiplies: true),
        bareAddsPerSecond: bare(stream, multiplies: false)
      ).line)
  }

  private static let weights = (0..<kernels * size * size).map { Int8($0 * 37 % 255 - 127) }

  /// Events all over the image.
  private func stream(steps: Int) -> EventStream {
    var stream = EventStream(
      encoder: "bench", channels: 1, rows: imageSide, columns: imageSide, steps: steps, payloadExponent: 0)
    let pixels = imageSide * imageSide
    for i in 0..<steps * events {
      let (row, column) = (i * 7919 % pixels).quotientAndRemainder(dividingBy: imageSide)
      stream.append(
        Event(
          step: Int32(i / events), time_ns: Int64(i), channel: 0, row: Int32(row), column: Int32(column),
          payload: Int32(i % 127 + 1)))
    }
    return stream
  }

  private func network(_ weights: [Float]) -> Network {
    let shape = Network.Shape(rows: Self.side, columns: Self.side, channels: Self.kernels)
    let population = Network.Population(
      name: "code", shape: shape, model: LIFModel(threshold: 1e6),
      scale: NumberScale(isInteger: true, stateExponent: 0, payloadExponent: 0))
    let table = ConvolutionTable(
      sourceChannels: 1, extent: Self.size, targetChannels: Self.kernels,
      weights: QuantizedWeights(weights, arithmetic: .integer(weightBits: 8)))
    return Network(
      arithmetic: .integer(weightBits: 8),
      inputShape: Network.Shape(rows: imageSide, columns: imageSide, channels: 1), inputExponent: 0,
      populations: [population], tables: [table],
      projections: [
        .init(
          source: .input, target: 0, compartment: .pulse,
          connectivity: .convolution(table: 0, sourceStride: 1, targetStride: 1, origin: 0))
      ])
  }

  /// Operations a second of a bare loop that does the same additions: each event a rectangle of rows.
  private func bare(_ stream: EventStream, multiplies: Bool) -> Double {
    var sums = [Int32](repeating: 0, count: Self.side * Self.side * Self.kernels)
    var best = 0.0
    for _ in 0..<repetitions {
      sums.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
      var operations = 0
      let begin = ContinuousClock.now
      for i in 0..<events * steps {
        let y = Self.reach(of: Int(stream.row[i])), x = Self.reach(of: Int(stream.column[i]))
        let count = x.count * Self.kernels
        let corner = (y.first * Self.side + x.first) * Self.kernels
        let entry = (y.offset * Self.size + x.offset) * Self.kernels
        sums.withUnsafeMutableBufferPointer { sums in
          Self.weights.withUnsafeBufferPointer { weights in
            guard let s = sums.baseAddress, let w = weights.baseAddress else { return }
            if multiplies {
              bare_multiply_add(
                Int32(y.count), Int32(count), w + entry, Self.size * Self.kernels, stream.payload[i], s + corner,
                Self.side * Self.kernels)
            } else {
              bare_add(
                Int32(y.count), Int32(count), w + entry, Self.size * Self.kernels, s + corner, Self.side * Self.kernels)
            }
          }
        }
        operations += y.count * count
      }
      best = max(best, Double(operations) / begin.duration(to: .now).seconds)
    }
    precondition(sums.contains { $0 != 0 })
    return best
  }

  /// Positions along one axis that a pixel drives, and the first one's place in a row of weights, stored by falling
  /// offset.
  private static func reach(of pixel: Int) -> (first: Int, count: Int, offset: Int) {
    let first = max(0, pixel - size + 1), end = min(side, pixel + 1)
    return (first, end - first, size - 1 - (pixel - first))
  }

  private struct Result: Encodable {
    let synopsPerSecond, bareMultiplyAddsPerSecond, bareAddsPerSecond: Double
  }
}
