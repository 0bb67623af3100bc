import HashedNetworks
import Neuromorphic
import StepCounters
import Testing

extension ChipModelTests {
  /// What a step costs in allocations and in the kernel's events once its buffers have grown: counts that must not
  /// grow.
  @Suite struct StepCountTests {
    /// With times by reservation the kernel plays out cores and the barrier; packets are none of its business.
    @Test(arguments: [HashedNetwork.Topology.local, .rand, .grid])
    func approximateTimingCostsTheKernelNothingByPacket(_ topology: HashedNetwork.Topology) throws {
      let counts = try counts(topology, .approximate, neurons: 4096)
      #expect(counts.allocations <= 10)
      #expect(counts.deltaCycles <= 11 * counts.steps)
      #expect(counts.packets > 100 * counts.steps)
    }

    /// With each hop an event a packet costs what its injection, its links and its arrival need: on one tile, and on
    /// four with 1.5 hops between them.
    @Test(arguments: [(HashedNetwork.Topology.local, 4096, 4.5), (.rand, 4096, 4.5), (.rand, 16_384, 6.5)])
    func detailedTimingCostsAFewDeltaCyclesAPacket(
      _ topology: HashedNetwork.Topology, _ neurons: Int, _ most: Double
    ) throws {
      let counts = try counts(topology, .detailed, neurons: neurons)
      let label: Comment = "\(Double(counts.deltaCycles) / Double(counts.packets)), \(counts.hops) hops"
      #expect(counts.allocations <= 10, label)
      #expect(Double(counts.deltaCycles) <= most * Double(counts.packets), label)
      #expect(counts.packets > 100 * counts.steps, label)
      #expect((counts.hops > counts.packets) == (neurons > 4096), label)
    }

    /// Convolutions, with each neuron model that solves, while spikes come.
    @Test(arguments: LCAModel.allCases) func aNetworkThatSolvesAllocatesNothingInAStep(_ model: LCAModel) throws {
      let size = SmallProblem.Size(kernels: 8, kernelSize: 5, stride: 1, imageSize: 20)
      let problem = try SmallProblem(size, seed: 3, model: model, arithmetic: .integer(weightBits: 8))
      let simulation = try problem.simulation()
      let warm = try #require(simulation.run(steps: 10).records.last)
      let before = step_counters_allocations()
      let last = try #require(simulation.run(steps: 100).records.last)
      let allocations = step_counters_allocations() - before
      #expect(allocations <= 10, "\(allocations)")
      #expect(last.spikes - warm.spikes > 100, "\(last.spikes - warm.spikes)")
    }

    private struct Counts {
      let steps, allocations, deltaCycles, packets, hops: Int
    }

    private func counts(_ topology: HashedNetwork.Topology, _ timing: TimingLevel, neurons: Int) throws -> Counts {
      let network = HashedNetwork(topology: topology, neurons: neurons, fanout: 50, period: 20)
      let chip = try ChipDescription.named("loihi1-regressed")
      let simulation = try Simulation(
        network.network(), mapping: network.mapping(on: chip), chip: chip, options: SimulationOptions(timing: timing))
      try simulation.inject(network.start)
      let warm = try #require(simulation.run(steps: 200).records.last)
      let (allocations, deltaCycles) = (step_counters_allocations(), step_counters_delta_cycles())
      let last = try #require(simulation.run(steps: 100).records.last)
      return Counts(
        steps: 100, allocations: Int(step_counters_allocations() - allocations),
        deltaCycles: Int(step_counters_delta_cycles() - deltaCycles), packets: last.packetsSent - warm.packetsSent,
        hops: last.hopsEastWest + last.hopsNorthSouth - warm.hopsEastWest - warm.hopsNorthSouth)
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
