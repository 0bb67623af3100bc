import EventStreams
import Neuromorphic
import Testing

extension ChipModelTests {
  /// Simulated times are refused before they would wrap round, on both timing levels.
  struct TimeLimits {
    private static let second_ps = 1_000_000_000_000

    /// Events at all of 1000 places in each of 12 steps, each reaching all of 1000 neurons on one core.
    private static let places = 1000
    private static let network = Network.ofUnits(
      [Network.relays("far", places)],
      [.pairs(from: .input, places, to: 0, allPairs(places))])

    private static func allPairs(_ count: Int) -> [(source: Int, target: Int, weight: Int)] {
      (0..<count).flatMap { source in (0..<count).map { (source, $0, 127) } }
    }

    private static let input = EventStream.events(
      for: network.inputShape,
      (0..<12).flatMap { step in (0..<places).map { (step: step, place: $0, payload: 0) } })

    private func simulation(timing: TimingLevel) throws -> Simulation {
      var small = SmallChip(tilesX: 2)
      small.time_ps[.synapticOperation] = Self.second_ps
      let simulation = try Simulation(
        Self.network, mapping: .whole(Self.network, on: [1]), chip: small.description(),
        options: SimulationOptions(timing: timing))
      try simulation.inject(Self.input)
      return simulation
    }

    private func expectRefusal(_ run: () throws -> Void) throws {
      let error = try #require(#expect(throws: NeuromorphicError.self) { try run() })
      #expect(error.description.hasPrefix("timestep 9 could end after 106 days of simulated time (2^63 ps)"))
      #expect(!error.description.contains("\n") && !error.description.contains(".cpp"), "\(error)")
    }

    /// A step takes 1001 × 1000 seconds: the tenth would end after 2^63 ps.
    @Test(arguments: [TimingLevel.approximate, .detailed])
    func theStepThatCouldEndTooLateIsRefusedByName(timing: TimingLevel) throws {
      var ends: [UInt64] = []
      do {
        let simulation = try simulation(timing: timing)
        for _ in 0..<9 { ends += try simulation.run(steps: 1).records.map(\.end_ps) }
        try expectRefusal { _ = try simulation.run(steps: 1) }
        #expect(throws: NeuromorphicError.self) { _ = try simulation.run(steps: 1) }
      }
      let step_ps = UInt64(Self.places * (Self.places + 1) * Self.second_ps)
      for (place, end) in ends.enumerated() {
        let steps = UInt64(place + 1)
        #expect(end >= steps * step_ps && end < steps * (step_ps + 1_000_000_000), "\(timing), step \(place)")
      }
      // The same in the middle of a longer run, where the kernel's process finds it.
      let whole = try simulation(timing: timing)
      try expectRefusal { _ = try whole.run(steps: 12) }
    }

    /// 6500 packets that queue for one link wait for 2.1 · 10¹⁹ ps together, in 6499 seconds.
    @Test func waitingTimesThatLeaveTheirRangeAreRefused() throws {
      let count = 6500
      let network = Network.ofUnits([Network.relays("far", 1)], [])
      let small = SmallChip(tilesX: 2, linkOccupancy_ps: Self.second_ps)
      let input = EventStream.events(for: network.inputShape, (0..<count).map { _ in (step: 0, place: 0, payload: 0) })
      func run(_ timing: TimingLevel) throws -> Simulation {
        let simulation = try Simulation(
          network, mapping: .whole(network, on: [1]), chip: small.description(),
          options: SimulationOptions(timing: timing))
        try simulation.inject(input)
        return simulation
      }
      do {
        let approximate = try run(.approximate)
        let error = try #require(#expect(throws: NeuromorphicError.self) { try approximate.run(steps: 1) })
        #expect(error.description.hasPrefix("packets have waited for more than 2^64 ps together"))
      }
      // In detail, packets wait before they enter the network, which is no time in it.
      let end = try run(.detailed).run(steps: 1).records.last?.end_ps ?? 0
      #expect(end >= UInt64((count - 1) * Self.second_ps))
    }
  }
}
