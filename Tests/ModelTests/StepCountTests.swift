import HashedNetworks
import Neuromorphic
import StepCounters
import Testing

extension ChipModelTests {
  /// What a step costs in allocations and in the kernel's events once its buffers have grown: counts that must not grow.
  @Suite struct StepCountTests {
    /// With times by reservation the kernel plays out cores and the barrier; packets are none of its business.
    @Test(arguments: [HashedNetwork.Topology.local, .rand, .grid])
    func approximateTimingCostsTheKernelNothingByPacket(_ topology: HashedNetwork.Topology) throws {
      let counts = try counts(topology, .approximate)
      #expect(counts.allocations <= 10)
      #expect(counts.deltaCycles <= 11 * counts.steps)
      #expect(counts.packets > 100 * counts.steps)
    }

    /// With each hop an event a packet costs what its injection, its links and its arrival need.
    @Test(arguments: [HashedNetwork.Topology.local, .rand])
    func detailedTimingCostsAtMostFiveDeltaCyclesAPacket(_ topology: HashedNetwork.Topology) throws {
      let counts = try counts(topology, .detailed)
      #expect(counts.allocations <= 10)
      #expect(counts.deltaCycles <= 5 * counts.packets)
      #expect(counts.packets > 100 * counts.steps)
    }

    private struct Counts {
      let steps, allocations, deltaCycles, packets: Int
    }

    private func counts(_ topology: HashedNetwork.Topology, _ timing: TimingLevel) throws -> Counts {
      let network = HashedNetwork(topology: topology, neurons: 4096, fanout: 50, period: 20)
      let chip = try ChipDescription.named("loihi1-regressed")
      let simulation = try Simulation(
        network.network(), mapping: network.mapping(on: chip), chip: chip, options: SimulationOptions(timing: timing))
      try simulation.inject(network.start)
      let warm = try #require(simulation.run(steps: 200).records.last)
      let (allocations, deltaCycles) = (step_counters_allocations(), step_counters_delta_cycles())
      let last = try #require(simulation.run(steps: 100).records.last)
      return Counts(
        steps: 100, allocations: Int(step_counters_allocations() - allocations),
        deltaCycles: Int(step_counters_delta_cycles() - deltaCycles), packets: last.packetsSent - warm.packetsSent)
    }

    /// The counter counts: a network that is built allocates.
    @Test func buildingANetworkAllocates() throws {
      let before = step_counters_allocations()
      let network = HashedNetwork(topology: .grid, neurons: 16, fanout: 9, period: 20)
      let chip = try ChipDescription.named("loihi1-regressed")
      _ = try Simulation(network.network(), mapping: network.mapping(on: chip), chip: chip)
      #expect(step_counters_allocations() > before + 10)
    }
  }
}
