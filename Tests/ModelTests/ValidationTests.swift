import Experiments
import Foundation
import Reports
import TestSupport
import Testing

extension ChipModelTests {
  /// `rheobase validate`: what it compares with, and that it notices.
  struct ValidationTests {
    private static let report = Result { try Validate()() }

    /// Written down from the papers once more, apart from `PublishedFigures`.
    private static let published: [String: Double] = [
      "loihi.update_active.energy": 81e-12, "loihi.update_active.time": 8.4e-9, "loihi.update_inactive.energy": 52e-12,
      "loihi.update_inactive.time": 5.3e-9, "loihi.synapse.energy": 23.6e-12, "loihi.synapse.time": 3.5e-9,
      "loihi.tile.energy": 1.7e-12, "loihi.tile.time": 2.1e-9, "loihi.hop_east_west.energy": 3e-12,
      "loihi.hop_east_west.time": 4.1e-9, "loihi.hop_north_south.energy": 4e-12, "loihi.hop_north_south.time": 6.5e-9,
      "loihi.barrier.1_tile": 113e-9, "loihi.barrier.32_tiles": 465e-9, "loihi.spike_rate": 3.44e9,
      "frady.synaptic_events": 5.76e7, "frady.neuron_updates": 4.608e6, "frady.query_energy.fewest": 1.33e-3,
      "frady.query_energy.most": 1.33e-3, "frady.query_energy.regressed.fewest": 1.33e-3,
      "frady.query_energy.regressed.most": 1.33e-3,
      // The formula: updates, synaptic operations, packets and barrier at the chips' times.
      "step_time.updates": 4096 * 2.65e-9, "step_time.synapses": 64 * 1024 * 0.7e-9,
      "step_time.shared_synapses": 64 * 128 * 0.7e-9, "step_time.link": 4 * 33 * 124 * 0.291e-9,
      "step_time.barrier": 200e-9,
      "truenorth.power.11_58_hz": 68e-3, "truenorth.power.20_07_hz": 71e-3, "truenorth.power.95_93_hz": 94e-3,
      "truenorth.power.0_775_v": 72e-3, "truenorth.power.0_75_v": 65e-3, "truenorth.trap.11_58_hz": 68e-3,
      "truenorth.trap.95_93_hz": 94e-3, "odin.power.75_mhz": 477e-6, "odin.power.1_3_mhz": 35e-6,
      "seneca.synapse.chip_file": 2.8e-12, "seneca.synapse.grouped": 2.8e-12, "seneca.synapse.single": 2.8e-12,
      "slca.objective": 0.254054, "slca.optimum.1": 0.683061, "slca.optimum.2": 0, "slca.optimum.3": 1.217790,
      "slca.rate.100.1": 0.69, "slca.rate.100.2": 0.01, "slca.rate.100.3": 1.21, "slca.rate.1000.1": 0.684,
      "slca.rate.1000.2": 0.001, "slca.rate.1000.3": 1.216,
      "lava.one_layer.float.psnr": 37.12, "lava.one_layer.float.zeros": 0.7538, "lava.one_layer.fixed.psnr": 37.80,
      "lava.one_layer.fixed.zeros": 0.7105, "lava.two_layers.float.psnr": 37.12,
      "lava.two_layers.float.zeros": 0.7551, "lava.two_layers.fixed.psnr": 27.31,
      "lava.two_layers.fixed.zeros": 0.7385, "lava.one_layer.rounded.psnr": 37.80,
      "lava.one_layer.rounded.zeros": 0.7105, "lava.two_layers.rounded.psnr": 27.31,
      "lava.two_layers.rounded.zeros": 0.7385, "lava.two_layers.coarse.psnr": 27.31,
      "lava.two_layers.coarse.zeros": 0.7385,
    ]

    private func rows() throws -> [String: ValidationRow] {
      Dictionary(uniqueKeysWithValues: try Self.report.get().rows.map { ($0.name, $0) })
    }

    @Test func everyPublishedFigureIsThatOfItsSource() throws {
      let rows = try rows()
      #expect(Set(rows.keys) == Set(Self.published.keys))
      for (name, row) in rows {
        let expected = try #require(Self.published[name])
        #expect(abs(row.published - expected) <= 1e-9 * expected, "\(name): \(row.published)")
        #expect(!row.source.isEmpty && !row.reason.isEmpty, "\(name)")
      }
    }

    @Test func judgedFiguresLieWithinTheirBandsAndTheOthersAreKnown() throws {
      let rows = try rows()
      func names(_ verdict: ValidationVerdict) -> Set<String> { Set(rows.filter { $0.value.verdict == verdict }.keys) }
      #expect(names(.outside).isEmpty)
      #expect(
        names(.shown) == [
          "frady.query_energy.most", "frady.query_energy.regressed.fewest", "frady.query_energy.regressed.most",
          "truenorth.trap.11_58_hz",
          "truenorth.trap.95_93_hz", "seneca.synapse.single", "seneca.synapse.grouped",
        ])
      #expect(names(.notRun) == Set(Self.published.keys.filter { $0.hasPrefix("lava.") }))
    }

    /// What a chip file or the network holds is no evidence; what remains is named here, so that nothing slips in.
    @Test func onlyFiguresThatNothingWasGivenCountAsEvidence() throws {
      let rows = try rows().values
      #expect(
        Set(rows.filter { $0.verdict == .within }.map(\.name))
          == Set(Self.published.keys.filter { $0.hasPrefix("slca.") }).union([
            "frady.query_energy.fewest", "truenorth.power.20_07_hz", "truenorth.power.0_775_v",
            "truenorth.power.0_75_v",
          ]))
      #expect(
        rows.filter { $0.verdict == .byFormula }.map(\.name).allSatisfy { $0.hasPrefix("step_time.") }
          && rows.count { $0.verdict == .byFormula } == 5)
    }

    /// The widest ways of the sums, added up by hand: what the bands of step times must come from.
    @Test func bandsOfStepTimesAreTheFormulasOtherTerms() throws {
      func upper(_ name: String) throws -> Double {
        guard case .relative(let range) = try #require(rows()[name]).band else { throw ReportError("no band") }
        #expect(range.lowerBound == 0)
        return range.upperBound
      }
      // 4096 inactive updates beside a barrier of one tile.
      #expect(abs(try upper("step_time.updates") - 113 / (4096 * 2.65)) < 1e-6)
      // 64 events to 1024 neurons of a core: updates, the link from the port, the barrier; input axons, port, way.
      let way = 2.1 + 7 * 4.1 + 3 * 6.5
      let others = 1024 * 2.65 + 64 * 0.291 + 113 + 64 * 16 + 64 * 4.1 + way
      #expect(abs(try upper("step_time.synapses") - others / (65_536 * 0.7)) < 1e-4)
    }

    /// No chip computes with real numbers.
    @Test func whatWasRunInFloatIsHypothetical() throws {
      for row in try rows().values where row.ours != nil {
        #expect(row.isHypothetical == row.chip.hasSuffix(", float"), "\(row.name)")
      }
    }

    @Test func aFigureWhoseCostIsNotPublishedIsNotJudged() throws {
      let synapse = "synaptic_operation.energy_pJ", names = [synapse, "synaptic_operation.time_ns"]
      let report = try withTemporaryFolder { folder in
        let text = try String(contentsOfFile: Self.chips + "loihi1.yaml", encoding: .utf8)
        let path = "\(folder)/loihi1.yaml"
        let unpublished = text.replacing(/synaptic_operation: \{.*\}/, with: "synaptic_operation: null")
        try #require(unpublished != text)
        try unpublished.write(toFile: path, atomically: true, encoding: .utf8)
        return try Validate(chipFiles: [path])()
      }
      #expect(report.isValid, "\(report.outside)")
      let withdrawn = report.rows.filter { $0.verdict == .notRun && !$0.name.hasPrefix("lava.") }
      #expect(
        Set(withdrawn.map(\.name)) == [
          "loihi.synapse.energy", "loihi.synapse.time", "loihi.tile.time", "loihi.hop_east_west.time",
          "loihi.hop_north_south.time", "frady.query_energy.fewest", "frady.query_energy.most", "step_time.link",
        ])
      for row in withdrawn {
        #expect(row.ours == nil && !row.missing.filter(names.contains).isEmpty, "\(row.name)")
        #expect(row.reason.contains("which the bundled one has"))
      }
      // The others are as they were.
      let others = report.rows.filter { row in !withdrawn.contains { $0.name == row.name } }
      let before = try rows()
      for row in others { #expect(row == before[row.name] || row.verdict == before[row.name]?.verdict) }
    }

    /// A chip file without any cost is refused nothing and judged by nothing.
    @Test func aChipOfWhichNothingIsPublishedIsNotJudged() throws {
      let report = try withTemporaryFolder { folder in
        let text = try String(contentsOfFile: Self.chips + "loihi2.yaml", encoding: .utf8)
        let path = "\(folder)/loihi2.yaml"
        let costs = text.replacing(/(?m)^  (\w+): \{energy_pJ:.*$/) { "  \($0.1): null" }
        let barrier = costs.replacing(/barrier:\n(  - .*\n)+/, with: "barrier: []\n")
        try #require(costs != text && barrier != costs)
        try barrier.write(toFile: path, atomically: true, encoding: .utf8)
        return try Validate(chipFiles: [path])()
      }
      #expect(report.isValid, "\(report.outside)")
      #expect(report.rows.filter { $0.chip == "loihi2" }.allSatisfy { $0.verdict == .notRun })
    }

    @Test func theQuerysEnergyNamesWhatBetweenChipsIsMissing() throws {
      let row = try #require(rows()["frady.query_energy.fewest"])
      #expect(row.missing.contains("hop_between_chips.energy_pJ"))
    }

    @Test func theTrapsErrAsFarAsTheyAreKnownTo() throws {
      let rows = try rows()
      let slow = try #require(rows["truenorth.trap.11_58_hz"]?.error)
      let fast = try #require(rows["truenorth.trap.95_93_hz"]?.error)
      let held = try #require(rows["truenorth.power.20_07_hz"]?.error)
      #expect(abs(slow + 0.406) < 0.002 && abs(fast - 2.561) < 0.01)
      #expect(abs(held + 0.0054) < 0.0002)
    }

    @Test func theQueryCostsItsCountsAndWhatItsPacketsCost() throws {
      let fewest = try #require(rows()["frady.query_energy.fewest"]?.ours)
      let most = try #require(rows()["frady.query_energy.most"]?.ours)
      let synapses = (667 * 76_800 * 23.6e-12, 750 * 76_800 * 23.6e-12), updates = 76_800 * 60.0
      // One step of 60, or all but the first, is active; packets are a percent or less.
      let least = synapses.0 + updates * (59 * 52e-12 + 81e-12) / 60
      let greatest = synapses.1 + updates * (52e-12 + 59 * 81e-12) / 60
      #expect((least...least * 1.01).contains(fewest) && (greatest...greatest * 1.01).contains(most))
    }

    @Test func aConstantThatIsTenPerCentOffLeavesItsBand() throws {
      try withTemporaryFolder { folder in
        let broken = try [
          ("loihi1", "energy_pJ: 23.6,", "energy_pJ: 25.96,"), ("truenorth", "{value: 0.06443,", "{value: 0.070873,"),
          ("odin", "energy_pJ: 2158.08,", "energy_pJ: 2373.888,"),
          ("seneca", "synaptic_operation: {energy_pJ: 2.8,", "synaptic_operation: {energy_pJ: 3.08,"),
        ].map { name, right, wrong in
          let text = try String(contentsOfFile: Self.chips + name + ".yaml", encoding: .utf8)
          #expect(text.contains(right), "\(name)")
          let path = "\(folder)/\(name).yaml"
          try text.replacingOccurrences(of: right, with: wrong).write(toFile: path, atomically: true, encoding: .utf8)
          return path
        }
        let report = try Validate(chipFiles: broken)()
        #expect(
          Set(report.outside) == [
            "loihi.synapse.energy", "truenorth.power.11_58_hz", "truenorth.power.20_07_hz",
            "truenorth.power.95_93_hz",
            "truenorth.power.0_775_v", "truenorth.power.0_75_v", "odin.power.75_mhz", "odin.power.1_3_mhz",
            "seneca.synapse.chip_file",
          ])
      }
    }

    private static let chips = URL(filePath: #filePath).deletingLastPathComponent().path + "/../../hwmodels/chips/"
  }
}
