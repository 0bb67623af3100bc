import EventStreams
import Foundation
import Neuromorphic
import TestSupport
import Testing

extension ChipModelTests {
  /// The VCD of the cores' activity, read by an independent parser.
  struct ActivityTraces {
    private struct Signal: Decodable {
      let busy_ps: Int
      let last: Int
      let largest: Int
      let end_ps: Int
    }

    /// Somas are busy for their updates and spikes, synapse engines for their packets and operations: no more, no less.
    @Test(.enabled(if: PythonOracle.isAvailable, "needs the Python oracles; run by make test"))
    func theTraceShowsEachCoreBusyForExactlyItsWork() throws {
      var longestQueue = 0
      for seed in UInt64(500)...505 {
        var chip = SmallChip(tilesX: 3, tilesY: 2, coresPerTile: 2, stateBits: 24, weightBits: 16)
        // Slow synapses, so that packets queue.
        chip.time_ps[.synapticOperation] = 409
        let random = RandomCase(seed: seed)
        var generator = SplitMix64(seed: seed)
        let mapping = RandomCase.mapping(random.network, chip, chips: 1, &generator)
        var (run, signals) = try traced(random.network, mapping, chip, random.input, steps: 20)
        let steps = try #require(signals.keys.first { $0.contains("chip.steps") })
        #expect(signals.removeValue(forKey: steps)?.last == 20, "seed \(seed)")
        let r = run.records[19]
        let somas =
          r.updatesActive * chip[.updateActive] + r.updatesInactive * chip[.updateInactive] + r.spikes * chip[.spikeOut]
        let engines = r.packetsReceived * chip[.axonIn] + r.synapticOperations * chip[.synapticOperation]
        func sum(_ name: String) -> Int {
          signals.filter { $0.key.hasSuffix(name) }.reduce(0) { $0 + $1.value.busy_ps }
        }
        #expect(sum(".soma_busy") == somas, "seed \(seed)")
        #expect(sum(".synapse_engine_busy") == engines, "seed \(seed)")
        #expect(signals.count == 3 * mapping.coreCount, "seed \(seed)")
        // Nothing is left behind when the last step closes.
        #expect(signals.allSatisfy { $0.value.last == 0 && $0.value.end_ps <= Int(r.end_ps) }, "seed \(seed)")
        longestQueue = max(
          longestQueue, signals.filter { $0.key.hasSuffix(".packets_queued") }.map(\.value.largest).max() ?? 0)
      }
      #expect(longestQueue > 3)
    }

    private func traced(
      _ network: Network, _ mapping: Mapping, _ chip: SmallChip, _ input: EventStream, steps: Int
    ) throws -> (Outcome, [String: Signal]) {
      try withTemporaryFolder { folder in
        let run = try simulate(
          network, mapping, on: chip.description(), input, steps: steps,
          options: SimulationOptions(activityTrace: "\(folder)/activity"))
        let end = String(run.records[steps - 1].end_ps)
        return (run, try PythonOracle.json("vcd_activity.py", ["\(folder)/activity.vcd", end]))
      }
    }

    @Test func aTraceThatCannotBeWrittenIsAnError() throws {
      let network = Network.ofUnits([Network.relays("relay", 1)], [])
      let error = #expect(throws: NeuromorphicError.self) {
        _ = try simulate(
          network, .whole(network, on: [0]), on: SmallChip().description(),
          .events(for: network.inputShape, [(0, 0, 1)]),
          steps: 1, options: SimulationOptions(activityTrace: "/nonexistent/folder/activity"))
      }
      #expect(error?.description == "/nonexistent/folder/activity.vcd: the trace cannot be written")
      // And the next simulation is none the worse.
      let run = try simulate(
        network, .whole(network, on: [0]), on: SmallChip().description(), .events(for: network.inputShape, [(0, 0, 1)]),
        steps: 2)
      #expect(run.spikes.count == 1)
    }
  }
}
