import ArgumentParser
import Foundation
import HashedNetworks
import Neuromorphic

/// Steps a second of a network that other simulators can rebuild.
struct HashedNetworkBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "network", abstract: "Steps a second of a hashed network on loihi1-regressed, one thread.")

  @Option(help: "rand or local.") var topology = HashedNetwork.Topology.rand
  @Option(help: "Neurons.") var neurons = 10_000
  @Option(help: "Synapses a neuron.") var fanout = 100
  @Option(help: "Mean steps between spikes of a neuron.") var period = 20
  @Option(help: "Steps that are timed.") var steps = 100
  @Option(help: "How often they are timed.") var repetitions = 3
  @Option(help: "approximate or detailed.") var timing = TimingLevel.approximate

  func run() throws {
    let chip = try ChipDescription.named("loihi1-regressed")
    let network = HashedNetwork(topology: topology, neurons: neurons, fanout: fanout, period: period)
    let begin = ContinuousClock.now
    let simulation = try Simulation(
      network.network(), mapping: network.mapping(on: chip), chip: chip, options: SimulationOptions(timing: timing))
    try simulation.inject(network.start)
    let build = begin.duration(to: .now).seconds
    // The first step sets the neurons' potentials; the second makes what a run needs only once.
    var last = try simulation.run(steps: 2).records[1]
    var seconds: [Double] = []
    for _ in 0..<repetitions {
      let first = last
      let begin = ContinuousClock.now
      last = try simulation.run(steps: steps).records[steps - 1]
      seconds.append(begin.duration(to: .now).seconds)
      try check(spikes: last.spikes - first.spikes)
    }
    try print(
      Result(
        topology: topology.rawValue, neurons: neurons, fanout: fanout, steps: steps, timing: timing.rawValue,
        build_s: build, seconds: seconds, stepsPerSecond: Double(steps) / (seconds.min() ?? .infinity),
        packets: last.packetsSent, synops: last.synapticOperations, peakMemory_B: peakMemory_B()
      ).line)
  }

  /// Weights have a mean of zero, so a neuron still spikes about every `period` steps.
  private func check(spikes: Int) throws {
    let expected = Double(neurons * steps) / Double(period)
    guard abs(Double(spikes) - expected) < 0.05 * expected else {
      throw ValidationError("\(spikes) spikes in \(steps) steps; about \(Int(expected)) should come")
    }
  }

  private struct Result: Encodable {
    let topology: String
    let neurons, fanout, steps: Int
    let timing: String
    let build_s: Double
    let seconds: [Double]
    let stepsPerSecond: Double
    let packets, synops, peakMemory_B: Int
  }
}

extension HashedNetwork.Topology: @retroactive ExpressibleByArgument {}
extension TimingLevel: @retroactive ExpressibleByArgument {}
