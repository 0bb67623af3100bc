import EventStreams
import Neuromorphic
import Testing

extension ChipModelTests {
  /// Closed forms of time, to the picosecond.
  struct Timing {
    /// One relay on core 0, alone.
    private let alone = Network.ofUnits([Network.relays("relay", 1)], [])

    @Test func oneNeuronTakesTheInactiveThenTheActiveUpdateTimeAndItsSpike() throws {
      let chip = SmallChip()
      let run = try simulate(
        alone, .whole(alone, on: [0]), on: chip.description(), .events(for: alone.inputShape, [(0, 0, 9)]), steps: 4)

      // Step 0: nothing to update with; the host's event is the longest work.
      let host = chip[.hostEvent] + chip[.tile] + chip[.axonIn] + chip[.synapticOperation]
      #expect(run.work_ps(0) == max(host, chip[.updateInactive]) && host > chip[.updateInactive])
      #expect(run.work_ps(1) == chip[.updateActive] + chip[.spikeOut])
      // `hold` keeps the input, so the neuron stays active, but it has sent everything.
      #expect(run.work_ps(2) == chip[.updateActive] && run.work_ps(3) == chip[.updateActive])
      #expect(run.records.map(\.updatesActive) == [0, 1, 2, 3] && run.records.map(\.updatesInactive) == [1, 1, 1, 1])
      #expect(run.spikes.map(\.step) == [1])
      #expect(Int(run.spikes[0].time_ps) == Int(run.records[0].end_ps) + chip[.updateActive] + chip[.spikeOut])
    }

    @Test func aNeuronSpikesAtItsThresholdAndNotBelow() throws {
      for (payload, spikes) in [(99, 0), (100, 1), (-99, 0), (-100, 1)] {
        let neuron = Network.Population(
          name: "n", shape: .init(rows: 1, columns: 1, channels: 1),
          model: DeltaModel(lambda: 7, sendThreshold: 93, stepShift: 0), scale: .units)
        let network = Network.ofUnits([neuron], [])
        let run = try simulate(
          network, .whole(network, on: [0]), on: SmallChip().description(),
          .events(for: neuron.shape, [(0, 0, payload)]), steps: 2)
        #expect(run.spikes.count == spikes, "payload \(payload)")
        #expect(run.work_ps(1) == 1009 + spikes * 211, "payload \(payload)")
        #expect(run.spikes.allSatisfy { $0.payload == (payload > 0 ? 93 : -93) })
      }
    }

    @Test(arguments: [1, 2, 7]) func spikesOfACoreFollowOneAnotherInIndexOrder(count: Int) throws {
      let chip = SmallChip()
      let network = Network.ofUnits([Network.relays("relay", count)], [])
      let driven = Array(stride(from: 0, to: count, by: 2))
      let run = try simulate(
        network, .whole(network, on: [0]), on: chip.description(),
        .events(for: network.inputShape, driven.map { (0, $0, 5) }), steps: 2)
      var time = Int(run.records[0].end_ps)
      var expected: [Int] = []
      for neuron in 0..<count {
        time += driven.contains(neuron) ? chip[.updateActive] + chip[.spikeOut] : chip[.updateInactive]
        if driven.contains(neuron) { expected.append(time) }
      }
      #expect(run.spikes.map { Int($0.time_ps) } == expected && run.spikes.map(\.neuron) == driven)
      #expect(Int(run.records[1].end_ps) == time + run.barrierTime_ps)
    }

    /// A relay at `from` sends one packet to a neuron at `to` with that many synapses; the packet decides the step.
    private func onePacket(
      _ chip: SmallChip, chips: Int = 1, from: Int, to: Int, synapses: Int = 1, timing: TimingLevel = .approximate
    ) throws -> (run: Outcome, last: StepRecord, before: StepRecord) {
      let network = Network.ofUnits(
        [Network.relays("relay", 1), Network.relays("target", 1)],
        [.pairs(from: .population(0), 1, to: 1, (0..<synapses).map { _ in (0, 0, 100) })])
      let run = try simulate(
        network, .whole(network, on: [from, to], chips: chips), on: chip.description(),
        .events(for: network.inputShape, [(0, 0, 3)]), steps: 3, options: SimulationOptions(timing: timing))
      #expect(run.states[1]["u"] == [Double(300 * synapses)])
      return (run, run.records[1], run.records[0])
    }

    @Test(arguments: [(0, 0), (1, 0), (4, 0), (0, 1), (0, 3), (3, 2)], TimingLevel.allCases)
    func aPacketTakesEachHopOnceAndItsTileOnce(hops: (x: Int, y: Int), timing: TimingLevel) throws {
      let chip = SmallChip(tilesX: 5, tilesY: 4, coresPerTile: 2)
      let straight =
        chip[.updateActive] + chip[.spikeOut] + chip[.axonOut] + chip[.tile] + hops.x * chip[.hopEastWest]
        + hops.y * chip[.hopNorthSouth] + chip[.axonIn] + chip[.synapticOperation]
      let ends = [
        (chip.core(x: 0, y: 0), chip.core(x: hops.x, y: hops.y, core: 1)),
        (chip.core(x: 4, y: 3), chip.core(x: 4 - hops.x, y: 3 - hops.y, core: 1)),
      ]
      for (from, to) in ends {
        let (run, last, before) = try onePacket(chip, from: from, to: to, timing: timing)
        #expect(run.work_ps(1) == straight, "from core \(from) to core \(to)")
        #expect(
          last.hopsEastWest - before.hopsEastWest == hops.x && last.hopsNorthSouth - before.hopsNorthSouth == hops.y)
        #expect(last.hopsBetweenChips == 0 && last.packetWait_ps == 0)
        #expect(last.corePackets == 1 && last.packetsSent == 2 && last.packetsReceived == 2)
      }
    }

    @Test(arguments: TimingLevel.allCases) func aHopThatLeavesTheChipCostsItsOwnTime(timing: TimingLevel) throws {
      let chip = SmallChip(tilesX: 2, tilesY: 2)
      // Four chips in a row are 8 × 2 tiles: from x = 1 to x = 6 are 5 hops, of which 1|2, 3|4 and 5|6 leave a chip.
      for (from, to) in [(1, 6), (6, 1)] {
        let (run, last, before) = try onePacket(
          chip, chips: 4, from: chip.core(x: from, y: 1), to: chip.core(x: to, y: 0), timing: timing)
        #expect(last.hopsBetweenChips - before.hopsBetweenChips == 3)
        #expect(last.hopsEastWest - before.hopsEastWest == 2 && last.hopsNorthSouth - before.hopsNorthSouth == 1)
        let fixed =
          chip[.updateActive] + chip[.spikeOut] + chip[.axonOut] + chip[.tile] + chip[.axonIn]
          + chip[.synapticOperation]
        #expect(run.work_ps(1) == fixed + 3 * 5003 + 2 * 1301 + 1709)
      }
    }

    @Test(arguments: [1, 2, 50]) func eachSynapseTakesOneSynapticOperation(synapses: Int) throws {
      let chip = SmallChip(tilesX: 2)
      let one = try onePacket(chip, from: 0, to: 1, synapses: 1)
      let many = try onePacket(chip, from: 0, to: 1, synapses: synapses)
      #expect(many.run.work_ps(1) - one.run.work_ps(1) == (synapses - 1) * chip[.synapticOperation])
      #expect(many.last.synapticOperations - many.before.synapticOperations == synapses)
    }

    @Test func theBusierOfSomasAndSynapseEngineIsTheBusyTimeOfACore() throws {
      let chip = SmallChip(tilesX: 2)
      let (run, _, _) = try onePacket(chip, from: 0, to: 1, synapses: 200)
      let target =
        chip[.updateInactive] + (chip[.axonIn] + 200 * chip[.synapticOperation])
        + (chip[.updateActive] + chip[.spikeOut])
      #expect(Int(run.records[2].busiestCore_ps) == target)
    }

    @Test(arguments: [1, 2, 5]) func hostEventsAreInjectedOneAfterTheOther(count: Int) throws {
      var chip = SmallChip(tilesX: 3, tilesY: 2, hostTile: (2, 1))
      chip.time_ps[.updateInactive] = 1
      let network = Network.ofUnits([Network.relays("relay", count)], [])
      let run = try simulate(
        network, .whole(network, on: [chip.core(x: 0, y: 0)]), on: chip.description(),
        .events(for: network.inputShape, (0..<count).map { (0, $0, 1) }), steps: 1)
      let path = chip[.tile] + 2 * chip[.hopEastWest] + chip[.hopNorthSouth]
      #expect(run.work_ps(0) == count * chip[.hostEvent] + path + chip[.axonIn] + chip[.synapticOperation])
      #expect(
        run.records[0].hostEvents == count && run.records[0].hostPackets == count && run.records[0].corePackets == 0)
    }

    @Test func theBarrierIsInterpolatedBetweenPublishedPointsOverTheTilesInUse() throws {
      let points = [(tiles: 2, time_ps: 1000), (tiles: 5, time_ps: 1601), (tiles: 7, time_ps: 1201)]
      let chip = SmallChip(tilesX: 10, coresPerTile: 2, barrier: points)
      // Below, at and between the points, falling ones too, and beyond. Whole picoseconds, fractions dropped.
      let expected = [1: 1000, 2: 1000, 3: 1200, 4: 1400, 5: 1601, 6: 1401, 7: 1201, 8: 1201, 10: 1201]
      for (tiles, time) in expected {
        let network = Network.ofUnits((0..<tiles).map { Network.relays("p\($0)", 1) } + [Network.relays("last", 1)], [])
        // Two cores on the first tile count as one tile.
        let cores = (0..<tiles).map { $0 * 2 } + [1]
        let run = try simulate(
          network, .whole(network, on: cores), on: chip.description(), .events(for: network.inputShape, []), steps: 1)
        #expect(run.barrierTime_ps == time, "\(tiles) tiles")
        #expect(Int(run.records[0].end_ps) == time + 503, "\(tiles) tiles")
      }
    }

    @Test func aTickIsWaitedForAndAnOverrunIsCounted() throws {
      // An idle step takes 503 + 10,007 ps.
      for (tick, duration, overruns) in [(10_511, 10_511, 0), (10_510, 10_510, 0), (10_509, 10_510, 3)] {
        let run = try simulate(
          alone, .whole(alone, on: [0]), on: SmallChip(tick_ps: tick).description(), .events(for: alone.inputShape, []),
          steps: 3)
        #expect(run.records.map { Int($0.end_ps) } == [1, 2, 3].map { $0 * duration }, "tick \(tick)")
        #expect(run.records[2].overruns == overruns, "tick \(tick)")
      }
    }

    /// One relay sends to two cores of one remote tile: its second packet leaves one axon-out time after the first.
    @Test(arguments: [(306, 0), (307, 0), (308, 1), (599, 292)])
    func aSecondPacketWaitsExactlyAsLongAsItsLinkIsTaken(occupancy: Int, wait: Int) throws {
      let chip = SmallChip(tilesX: 3, coresPerTile: 2, linkOccupancy_ps: occupancy)
      let network = Network.ofUnits(
        [Network.relays("relay", 1), Network.relays("a", 1), Network.relays("b", 1)],
        [.pairs(from: .population(0), 1, to: 1, [(0, 0, 100)]), .pairs(from: .population(0), 1, to: 2, [(0, 0, 100)])])
      let run = try simulate(
        network, .whole(network, on: [0, chip.core(x: 2, y: 0), chip.core(x: 2, y: 0, core: 1)]),
        on: chip.description(),
        .events(for: network.inputShape, [(0, 0, 1)]), steps: 2)
      #expect(Int(run.records[1].packetWait_ps) - Int(run.records[0].packetWait_ps) == wait)
      let first = chip[.updateActive] + chip[.spikeOut] + chip[.axonOut]
      #expect(
        run.work_ps(1) == first + chip[.axonOut] + wait + chip[.tile] + 2 * chip[.hopEastWest] + chip[.axonIn]
          + chip[.synapticOperation])
    }

    /// The near packet is sent while the far one, sent before, is still far from the link that both need in the end.
    @Test(arguments: [0, 599, 3399, 3400, 3401, 5000])
    func aPacketDoesNotWaitForOneThatComesLater(occupancy: Int) throws {
      let chip = SmallChip(tilesX: 8, coresPerTile: 2, linkOccupancy_ps: occupancy)
      let run = try twoPackets(chip, idle: 1, far: (1, 1), near: (6, 1), target: 5)
      // The far one gets there 3400 ps after the near one: only a longer occupancy is in the way, of the near one.
      let sent = chip[.updateActive] + chip[.spikeOut] + chip[.axonOut]
      let farArrives = sent + chip[.tile] + 4 * chip[.hopEastWest]
      let nearArrives = sent + chip[.updateInactive] + chip[.tile] + chip[.hopEastWest]
      #expect(farArrives - nearArrives == 3400)
      let wait = occupancy <= 3400 ? 0 : farArrives + occupancy - nearArrives
      #expect(Int(run.records[2].packetWait_ps) - Int(run.records[1].packetWait_ps) == wait)
      let last = max(farArrives, nearArrives + wait)
      #expect(run.work_ps(2) == last + chip[.axonIn] + chip[.synapticOperation])
    }

    /// (0,0) → (1,1) and (1,0) → (1,2) share the link south of (1,0) if packets go along x first, and none if along y
    /// first.
    @Test func packetsGoAlongXFirst() throws {
      let chip = SmallChip(tilesX: 2, tilesY: 3, coresPerTile: 2, linkOccupancy_ps: 599)
      // The second source's driven neuron comes after two idle ones, so its packet leaves 1006 ps later.
      let network = Network.ofUnits(
        [
          Network.relays("input", 2), Network.relays("first", 1), Network.relays("second", 3), Network.relays("a", 1),
          Network.relays("b", 1),
        ],
        [
          .pairs(from: .population(0), 2, to: 1, [(0, 0, 100)]), .pairs(from: .population(0), 2, to: 2, [(1, 2, 100)]),
          .pairs(from: .population(1), 1, to: 3, [(0, 0, 100)]), .pairs(from: .population(2), 3, to: 4, [(2, 0, 100)]),
        ])
      let cores = [(0, 2), (0, 0), (1, 0), (1, 1), (1, 2)].map { chip.core(x: $0.0, y: $0.1) }
      let run = try simulate(
        network, .whole(network, on: cores), on: chip.description(),
        .events(for: network.inputShape, [(0, 0, 1), (0, 1, 1)]), steps: 3)
      let injected = chip[.updateActive] + chip[.spikeOut] + chip[.axonOut]
      let firstAtSouth = injected + chip[.tile] + chip[.hopEastWest]
      let secondAtSouth = injected + 2 * chip[.updateInactive] + chip[.tile]
      let wait = firstAtSouth + 599 - secondAtSouth
      #expect(Int(run.records[2].packetWait_ps) - Int(run.records[1].packetWait_ps) == wait && wait > 0)
      #expect(
        run.work_ps(2) == secondAtSouth + wait + 2 * chip[.hopNorthSouth] + chip[.axonIn] + chip[.synapticOperation])
    }

    /// Sources on tiles of one row send to the tile in the middle: the near packet is sent later and arrives earlier.
    private func twoPackets(
      _ chip: SmallChip, idle: Int, far: (tile: Int, synapses: Int), near: (tile: Int, synapses: Int), target: Int
    ) throws -> Outcome {
      let network = Network.ofUnits(
        [
          Network.relays("input", 2), Network.relays("far", 1), Network.relays("near", idle + 1),
          Network.relays("target", 1),
        ],
        [
          .pairs(from: .population(0), 2, to: 1, [(0, 0, 100)]),
          .pairs(from: .population(0), 2, to: 2, [(1, idle, 100)]),
          .pairs(from: .population(1), 1, to: 3, (0..<far.synapses).map { _ in (0, 0, 100) }),
          .pairs(from: .population(2), idle + 1, to: 3, (0..<near.synapses).map { _ in (idle, 0, 100) }),
        ])
      return try simulate(
        network,
        .whole(network, on: [0, far.tile, near.tile, target].map { $0 * chip.coresPerTile + ($0 == 0 ? 1 : 0) }),
        on: chip.description(), .events(for: network.inputShape, [(0, 0, 1), (0, 1, 1)]), steps: 3)
    }

    @Test func theSynapseEngineServesInOrderOfArrival() throws {
      let chip = SmallChip(tilesX: 8, coresPerTile: 2)
      let run = try twoPackets(chip, idle: 1, far: (1, 100), near: (6, 400), target: 5)
      let sent = chip[.updateActive] + chip[.spikeOut] + chip[.axonOut]
      let farArrives = sent + chip[.tile] + 4 * chip[.hopEastWest]
      let nearArrives = sent + chip[.updateInactive] + chip[.tile] + chip[.hopEastWest]
      let nearServed = nearArrives + chip[.axonIn] + 400 * chip[.synapticOperation]
      #expect(nearArrives < farArrives && farArrives < nearServed)
      #expect(run.work_ps(2) == nearServed + chip[.axonIn] + 100 * chip[.synapticOperation])
    }

    /// The second packet is sent in the very picosecond in which the first one arrives: the first is served in full.
    @Test(arguments: [-1, 0, 1], [false, true])
    func aPacketSentAsAnotherArrivesDoesNotCutItsServiceShort(offset: Int, isMirrored: Bool) throws {
      var chip = SmallChip(tilesX: 8, coresPerTile: 2)
      chip.time_ps[.updateInactive] = chip[.tile] + chip[.hopEastWest] + offset
      // The near packet leaves after one idle neuron, when the far one has done its tile and one hop.
      let run = try twoPackets(
        chip, idle: 1, far: (isMirrored ? 6 : 4, 300), near: (isMirrored ? 4 : 6, 1), target: 5)
      let sent = chip[.updateActive] + chip[.spikeOut] + chip[.axonOut]
      let farServed = sent + chip[.tile] + chip[.hopEastWest] + chip[.axonIn] + 300 * chip[.synapticOperation]
      #expect(run.work_ps(2) == farServed + chip[.axonIn] + chip[.synapticOperation])
    }
  }
}
