import ArgumentParser
import ChipTraces
import Foundation
import HashedNetworks
import Neuromorphic

/// Writes the spikes of a long run, for row 9.
struct SpikeTraceBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spikes", abstract: "Writes made spikes of a chip, a thousand a step, as a run does.")

  @Argument(help: "csv, npz, sonata, nwb, or sqlite.") var format: String
  @Argument(help: "File to write.") var file: String
  @Option(help: "Number of spikes.") var spikes = 100_000_000

  private static let spikesOfStep = 1000
  private static let stepTime_ps = 10_000_000

  func run() throws {
    let network = HashedNetwork(topology: .local, neurons: 100_000, fanout: 1, period: 100)
    let begin = ContinuousClock.now
    if format == "sqlite" {
      try writeDatabase(network)
    } else if let format = SpikeTrace.Format(rawValue: format) {
      try SpikeTrace(network.network()).write(as: format, to: file) { append in
        for step in 0..<spikes / Self.spikesOfStep { try append(Self.spikes(ofStep: step)) }
      }
    } else {
      throw ValidationError("there is no format '\(format)'")
    }
    let seconds = begin.duration(to: .now).seconds
    try print(
      Result(
        format: format, spikes: spikes, seconds: seconds, spikesPerSecond: Double(spikes) / seconds,
        peakMemory_B: peakMemory_B()
      ).line)
  }

  private func writeDatabase(_ network: HashedNetwork) throws {
    let chip = try ChipDescription.named("loihi1-regressed")
    let header = ActivityHeader(network.network(), mapping: network.mapping(on: chip), chip: chip, properties: [])
    let database = try TraceDatabase(path: file, header)
    for step in 0..<spikes / Self.spikesOfStep {
      try database.append(StepRecord(), spikes: Self.spikes(ofStep: step), packets: [])
    }
    try database.finish()
  }

  /// Neurons by multiplicative hashing (Knuth, The Art of Computer Programming 3, section 6.4), one after the other in
  /// time.
  private static func spikes(ofStep step: Int) -> [Spike] {
    (0..<spikesOfStep).map { index in
      let bits = UInt64(step * spikesOfStep + index) &* 0x9E37_79B9_7F4A_7C15
      return Spike(
        time_ps: UInt64(step * stepTime_ps + index * 1000), step: step, population: 0,
        neuron: Int((bits >> 32) % 100_000),
        payload: 1)
    }
  }

  private struct Result: Encodable {
    let format: String
    let spikes: Int
    let seconds, spikesPerSecond: Double
    let peakMemory_B: Int
  }
}
