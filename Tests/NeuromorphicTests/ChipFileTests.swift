import DataFiles
import Foundation
import Neuromorphic
import TestSupport
import Testing

/// Chip files: what they say is read, and every kind of mistake is one line with its place.
@Suite struct ChipFileTests {
  @Test func theseChipsComeAlong() {
    let expected: Set = ["custom", "loihi1", "loihi2", "odin", "seneca", "truenorth"]
    #expect(expected.isSubset(of: ChipDescription.bundledNames))
  }

  @Test(arguments: ChipDescription.bundledNames) func everyNumberOfABundledChipHasASource(name: String) throws {
    let chip = try ChipDescription.named(name)
    #expect(chip.name == name && !chip.title.isEmpty)
    #expect(chip.models.allSatisfy { NeuronModelName(rawValue: $0) != nil } && !chip.models.isEmpty)
    for entry in chip.entries {
      let isKnown = entry.fields.contains { $0.content != nil }
      #expect(!isKnown || (entry.provenance?.text.count ?? 0) > 10, "\(entry.name)")
    }
    let costs = Set(chip.entries.filter { $0.section == "costs" }.map { $0.key.prefix { $0 != "." } }.map(String.init))
    #expect(costs.isSuperset(of: ChipOperation.allCases.map(\.rawValue)))
  }

  /// As many numbers in the file's text as entries that are read, so that no number can be without an entry.
  @Test(arguments: ChipDescription.bundledNames) func everyNumberOfAFileIsAnEntry(name: String) throws {
    let lines = try ChipDescription.text(of: name).split(separator: "\n").map { $0.drop { $0 == " " } }
    let written = lines.count { !$0.hasPrefix("#") && ($0.contains("source: ") || $0.contains("estimate: ")) }
    #expect(try ChipDescription.named(name).entries.count { $0.provenance != nil } == written)
  }

  @Test func noNumberOfTheTemplateCanBeTakenForSilicon() throws {
    let chip = try ChipDescription.named("custom")
    #expect(chip.entries.allSatisfy { $0.provenance?.isEstimate != false })
    #expect(chip.entries.compactMap(\.provenance).allSatisfy { $0.text.contains("placeholder") })
    #expect(chip.title.contains("no silicon"))
  }

  @Test func otherChipsHoldThePublishedFigures() throws {
    let trueNorth = try ChipDescription.named("truenorth")
    #expect(trueNorth.coreCount == 4096 && trueNorth.neuronsPerCore.value == 256 && trueNorth.stateBits.value == 20)
    #expect(trueNorth.inputAxonsPerCore.value == 256 && trueNorth.tick_ns?.value == 1e6 && trueNorth.isBinary)
    #expect(trueNorth.staticPower_W?.value == 0.06443 && trueNorth[.synapticOperation].energy_pJ == 2.297)

    // 27.3 µW + 1.78 µW/MHz × f + 8.43 pJ × rate is 477 µW where 75 MHz give an operation every second cycle.
    let odin = try ChipDescription.named("odin")
    let event_J = try #require(odin[.axonIn].energy_pJ) * 1e-12, event_s = try #require(odin[.axonIn].time_ns) * 1e-9
    let idle_W = try #require(odin.staticPower_W?.value)
    #expect(abs(idle_W - (27.3e-6 + 1.78e-6 * 75)) < 1e-12)
    #expect(abs(event_J / 256 - 8.43e-12) < 1e-18 && abs(event_s - 512 / 75e6) < 1e-12)
    #expect(abs(idle_W + event_J / event_s - 477e-6) < 0.5e-6)
    #expect(abs((idle_W + event_J / event_s) / (256 / event_s) - 12.7e-12) < 0.05e-12)

    let seneca = try ChipDescription.named("seneca")
    #expect(seneca[.synapticOperation].energy_pJ == 2.8 && seneca[.tile].energy_pJ == 2)
    #expect(seneca[.spikeOut].energy_pJ == 1.1 && seneca.staticPower_W == nil)
    let update = 2 * 3.7 + 2 * 1.4 + 1.2 + 3.9 + 0.5
    #expect(abs(try #require(seneca[.updateActive].energy_pJ) - update) < 1e-9)
  }

  /// 26 pJ are a whole chip's average; no chip may charge such a figure for an operation beside its static power.
  @Test func trueNorthsMarginalCostIsNotItsAverage() throws {
    let chip = try ChipDescription.named("truenorth")
    let static_W = try #require(chip.staticPower_W?.value),
      marginal_J = try #require(chip[.synapticOperation].energy_pJ) * 1e-12
    // 2^20 neurons at 20 Hz with 128 synapses each.
    let rate = Double(1 << 20) * 20 * 128
    #expect(abs((static_W + marginal_J * rate) / rate - 26e-12) < 0.1 * 26e-12)
    #expect(marginal_J < 0.1 * 26e-12)
  }

  @Test func loihi1HoldsTheConstantsOfDaviesEtAl() throws {
    let chip = try ChipDescription.named("loihi1")
    let table: [(ChipOperation, Double, Double)] = [
      (.synapticOperation, 23.6, 3.5), (.updateActive, 81, 8.4), (.updateInactive, 52, 5.3), (.tile, 1.7, 2.1),
      (.hopEastWest, 3.0, 4.1), (.hopNorthSouth, 4.0, 6.5),
    ]
    for (operation, energy, time) in table {
      #expect(chip[operation].energy_pJ == energy && chip[operation].time_ns == time)
      #expect(chip[operation].provenance?.isEstimate == false)
    }
    #expect(chip.barrier.map(\.tiles) == [1, 32] && chip.barrier.map(\.time_ns) == [113, 465])
    #expect(chip[.axonOut] == .unpublished && chip.isBinary)
  }

  /// Regressed from silicon by SANA-FE 2.2.9 (`arch/loihi.yaml`); an update there is an access and an update.
  @Test func loihi1RegressedHoldsTheConstantsOfSANAFE() throws {
    let chip = try ChipDescription.named("loihi1-regressed")
    let formats: [(SynapseFormat, Double, Double)] = [
      (.dense, 35.5, 3.8), (.sparse, 33.6, 4.7), (.convolution, 24.0, 3.1),
    ]
    for (format, energy, time) in formats {
      #expect(chip.synapticCost(format).energy_pJ == energy && chip.synapticCost(format).time_ns == time)
    }
    let table: [(ChipOperation, Double, Double)] = [
      (.updateActive, 51.2 + 21.6, 6.0 + 3.7), (.updateInactive, 51.2, 6.0), (.spikeOut, 69.3, 30),
      (.axonOut, 111, 5.1),
      (.axonIn, 0, 16), (.hopEastWest, 3.0, 4.1), (.hopNorthSouth, 4.2, 6.5),
    ]
    for (operation, energy, time) in table {
      let cost = chip[operation]
      #expect(
        abs((cost.energy_pJ ?? .nan) - energy) < 1e-9 && abs((cost.time_ns ?? .nan) - time) < 1e-9, "\(operation)")
      #expect(cost.provenance?.isEstimate == false)
    }
    #expect(chip.barrier.map(\.tiles) == [1, 2, 4, 29] && chip.barrier.map(\.time_ns) == [600, 1000, 1400, 1800])
    #expect(chip[.tile] == .unpublished && chip.entries.contains { $0.key == "synaptic_operation.sparse" })
  }

  @Test func oneCostOfASynapticOperationHoldsForAllFormats() throws {
    let chip = try ChipDescription.named("loihi1")
    #expect(SynapseFormat.allCases.allSatisfy { chip.synapticCost($0) == chip[.synapticOperation] })
    #expect(chip.prices.filter { $0.operation == .synapticOperation }.map(\.name) == ["synaptic_operation"])
  }

  @Test func costsByFormatAreCompleteOrAMistake() throws {
    let good = try String(contentsOf: Self.file("loihi1-regressed"), encoding: .utf8)
    for (from, to, says) in [
      ("    sparse: {", "    spare: {", "unknown key 'spare'"),
      (
        "    sparse: {energy_pJ: 33.6, time_ns: 4.7, source: \"SANA-FE 2.2.9 arch/loihi.yaml: loihi_sparse_synapse\"}\n",
        "", "'sparse' is missing"
      ),
      ("{energy_pJ: 33.6,", "{energy_pJ: -33.6,", "-33.6"),
      ("{energy_pJ: 33.6,", "{estimate: x, energy_pJ: 33.6,", "source"),
    ] {
      let range = try #require(good.range(of: from))
      let bad = good.replacingCharacters(in: range, with: to)
      let error = #expect(throws: YAMLError.self) { _ = try ChipDescription(yaml: bad, file: "my.yaml") }
      #expect(error?.description.contains(says) == true && error?.description.hasPrefix("my.yaml:") == true)
    }
    let range = try #require(
      good.range(of: "{energy_pJ: 33.6, time_ns: 4.7, source: \"SANA-FE 2.2.9 arch/loihi.yaml: loihi_sparse_synapse\"}")
    )
    let unpublished = try ChipDescription(yaml: good.replacingCharacters(in: range, with: "null"), file: "my.yaml")
    #expect(unpublished.synapticCost(.sparse) == .unpublished && unpublished.synapticCost(.dense).energy_pJ == 35.5)
  }

  @Test func everyEnergyOfLoihi2IsMarkedAsAnEstimate() throws {
    let chip = try ChipDescription.named("loihi2")
    for operation in ChipOperation.allCases where chip[operation].energy_pJ != nil {
      #expect(chip[operation].provenance?.isEstimate == true, "\(operation)")
    }
    #expect(chip[.synapticOperation].time_ns == 0.7 && chip[.updateActive].time_ns == 4.2)
  }

  /// What is changed in a good file, and what the message must say; the line is that of the change.
  struct Mistake: CustomTestStringConvertible, Sendable {
    let from: String
    let to: String
    let says: String
    var line = true
    var testDescription: String { to.isEmpty ? "without \(from)" : to }
  }

  static let mistakes = [
    Mistake(from: "schema: rheobase.chip/1", to: "schema: rheobase.chip/2", says: "rheobase.chip/1"),
    Mistake(from: "name: loihi1", to: "name: loihi1\ncolour: blue", says: "unknown key 'colour'", line: false),
    Mistake(from: "tile: {energy_pJ: 1.7", to: "tyle: {energy_pJ: 1.7", says: "tyle"),
    Mistake(from: "tile: {energy_pJ: 1.7", to: "tile: {energy_nJ: 1.7", says: "energy_nJ"),
    Mistake(
      from: "{energy_pJ: 1.7, time_ns: 2.1, source: \"Davies et al. 2018, Table 2: spike within a tile\"}",
      to: "{energy_pJ: 1.7, time_ns: 2.1}", says: "source"),
    Mistake(from: "{energy_pJ: 1.7,", to: "{energy_pJ: 1.7, estimate: \"x\",", says: "source"),
    Mistake(from: "energy_pJ: 23.6", to: "energy_pJ: -23.6", says: "-23.6"),
    Mistake(from: "energy_pJ: 23.6", to: "energy_pJ: much", says: "number"),
    Mistake(from: "energy_pJ: 23.6", to: "energy_pJ: .nan", says: "number"),
    Mistake(from: "energy_pJ: 23.6", to: "energy_pJ: 1e300", says: "1e+300"),
    Mistake(from: "energy_pJ: 23.6", to: "energy_pJ: .inf", says: "that is finite; '.inf' is not"),
    Mistake(
      from: "time_ns: 3.5", to: "time_ns: 1e12",
      says: "costs.synaptic_operation.time_ns: 1000000000000.0 is out of range; 0.0 to 1000000000.0 is possible"),
    Mistake(from: "time_ns: 113", to: "time_ns: 2e9", says: "0.0 to 1000000000.0 is possible"),
    Mistake(from: "tiles_x: {value: 8,", to: "tiles_x: {value: 010,", says: "'010' could be octal"),
    Mistake(from: "tiles_x: {value: 8,", to: "tiles_x: {value: 0x8,", says: "'0x8' could be octal or another base"),
    Mistake(from: "tiles_x: {value: 8,", to: "tiles_x: {value: 1:30,", says: "whole number"),
    Mistake(from: "energy_pJ: 23.6", to: "energy_pJ: 023.6", says: "without a leading 0"),
    Mistake(from: "source: \"Davies et al. 2018\"", to: "source: \"  \"", says: "this one is blank"),
    Mistake(from: "name: loihi1", to: "name: \"loihi\\n1\"", says: "one line"),
    Mistake(from: "models: [lif, spiking]", to: "models: []", says: "at least one neuron model; known: delta"),
    Mistake(from: "models: [lif, spiking]", to: "models: [lif, spiking, lif]", says: "'lif' is listed twice"),
    Mistake(
      from: "models: [lif, spiking]", to: "models: [lif, delta]",
      says: "models[1]: 'delta' sends graded spikes and cannot run with payload_bits 1; 2 or more are needed"),
    Mistake(from: "tiles_x: {value: 8,", to: "tiles_x: {value: 0,", says: "0"),
    Mistake(from: "tiles_x: {value: 8,", to: "tiles_x: {value: 8.5,", says: "whole number"),
    Mistake(from: "value: [0, 0]", to: "value: [8, 0]", says: "8"),
    Mistake(from: "value: [0, 0]", to: "value: [0]", says: "[x, y]"),
    Mistake(from: "payload_bits: {value: 1,", to: "payload_bits: {value: 64,", says: "64"),
    Mistake(from: "delay_steps: {value: 63,", to: "delay_steps: {value: 65,", says: "65"),
    Mistake(from: "synapses: {value: [dense,", to: "synapses: {value: [thick,", says: "thick"),
    Mistake(from: "[dense, sparse, convolution]", to: "[convolution]", says: "dense"),
    Mistake(from: "weights_per_group: 64", to: "weights_per_group: 0", says: "0"),
    Mistake(from: "models: [lif, spiking]", to: "models: [lif, thinking]", says: "thinking"),
    Mistake(from: "- {tiles: 32", to: "- {tiles: 1", says: "rising"),
    Mistake(from: "weight_bits: {value: 8", to: "weight_bytes: {value: 8", says: "weight_bytes"),
    Mistake(from: "  weight_bits: {", to: "  crossbar: {value: 1, source: x}\n  weight_bits: {", says: "true"),
    Mistake(from: "  weight_bits: {", to: "  crossbar: {value: true}\n  weight_bits: {", says: "source"),
    Mistake(from: "  weight_bits: {", to: "  weights_per_neuron: {value: 0, source: x}\n  weight_bits: {", says: "0"),
    Mistake(from: "models: [", to: "neurons: {tau: {value: 1, source: x}}\nmodels: [", says: "tau"),
    Mistake(from: "costs:", to: "costs: [", says: "expected", line: false),
    Mistake(from: "static_power_W:", to: "# static_power_W:", says: "static_power_W", line: false),
  ]

  @Test(arguments: mistakes) func aMistakeIsOneLineWithFileLineAndColumn(_ mistake: Mistake) throws {
    let good = try String(contentsOf: Self.loihi1, encoding: .utf8)
    let range = try #require(good.range(of: mistake.from))
    let bad = good.replacingCharacters(in: range, with: mistake.to)
    let error = #expect(throws: YAMLError.self) { _ = try ChipDescription(yaml: bad, file: "my.yaml") }
    let message = try #require(error).description
    #expect(message.contains(mistake.says) && !message.contains("\n"), "\(message)")
    let place = try #require(try #/^my\.yaml:(\d+):(\d+)/#.firstMatch(in: message), "\(message)")
    if mistake.line {
      let line = good[..<range.lowerBound].count { $0 == "\n" } + 1
      #expect(Int(place.1) == line, "\(message)")
    }
  }

  private static let loihi1 = file("loihi1")

  private static func file(_ chip: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("hwmodels/chips/\(chip).yaml")
  }

  @Test func anUnknownChipIsRefusedWithTheKnownOnes() throws {
    let error = #expect(throws: NeuromorphicError.self) { _ = try ChipDescription.named("loihi3") }
    #expect(try #require(error).description.contains(ChipDescription.bundledNames.joined(separator: ", ")))
    #expect(throws: NeuromorphicError.self) { _ = try ChipDescription.named("/nonexistent/chip.yaml") }
  }

  @Test func damagedChipFilesAreErrorsAndNothingWorse() throws {
    let good = Array(try Data(contentsOf: Self.loihi1))
    var generator = SplitMix64(seed: 11)
    var refused = 0
    for _ in 0..<400 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 9...126, using: &generator)
      }
      if Bool.random(using: &generator) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
      do {
        _ = try ChipDescription(yaml: String(decoding: bytes, as: UTF8.self), file: "damaged.yaml")
      } catch {
        refused += 1
        #expect(!error.description.contains("\n"))
      }
    }
    #expect(refused > 200)
  }
}
