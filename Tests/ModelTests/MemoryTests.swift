import Foundation
import HashedNetworks
import Neuromorphic
import Testing

#if os(Linux) && compiler(>=6.2)
  extension ChipModelTests {
    /// The most memory that a process has while it describes, builds and runs a network: counts that must not grow.
    @Suite struct MemoryTests {
      /// Bands of neighbours are kept as runs: a synapse is a byte of weight. The rest belongs to neurons and their
      /// spikes.
      @Test func aSynapseOfABandTakesLessThanEightBytesAtThePeak() async {
        await #expect(processExitsWith: .success) {
          let peak_B = try peakOfASynapse_B(.local)
          #expect(peak_B <= 7)
        }
      }

      /// A listed synapse has three bytes more, for its target, and each packet that a spike is sent as has its own.
      /// With four bytes it were 10.1.
      @Test func aSynapseOfAListTakesLessThanTenBytesAtThePeak() async {
        await #expect(processExitsWith: .success) {
          let peak_B = try peakOfASynapse_B(.rand)
          #expect(peak_B <= 9.7)
        }
      }
    }
  }

  /// 50,000 neurons with a hundred synapses each, run for a hundred steps in which each spikes five times.
  private func peakOfASynapse_B(_ topology: HashedNetwork.Topology) throws -> Double {
    let chip = try ChipDescription.named("loihi1-regressed")
    func run(neurons: Int, fanout: Int, steps: Int) throws {
      let network = HashedNetwork(topology: topology, neurons: neurons, fanout: fanout, period: 20)
      let simulation = try Simulation(network.network(), mapping: network.mapping(on: chip), chip: chip)
      try simulation.inject(network.start)
      let spikes = try simulation.run(steps: steps).spikes
      #expect(spikes.count > neurons * steps / 25)
    }
    try run(neurons: 100, fanout: 1, steps: 50)
    let floor_B = try peakMemory_B()
    try run(neurons: 50_000, fanout: 100, steps: 100)
    return try Double(peakMemory_B() - floor_B) / 5_000_000
  }

  /// Of this process, so far. Not `ru_maxrss`, which begins with that of the process that started it.
  private func peakMemory_B() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) }) * 1024
  }
#endif
