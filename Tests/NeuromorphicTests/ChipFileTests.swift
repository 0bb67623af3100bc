import DataFiles
import Foundation
import Neuromorphic
import TestSupport
import Testing

/// Chip files: what they say is read, and every kind of mistake is one line with its place.
@Suite struct ChipFileTests {
  @Test(arguments: ChipDescription.bundledNames) func everyBundledChipLoadsAndNamesItsSources(name: String) throws {
    let chip = try ChipDescription.named(name)
    #expect(chip.name == name && chip.coreCount == 128)
    #expect(chip.models.allSatisfy { NeuronModelName(rawValue: $0) != nil } && !chip.models.isEmpty)
    for operation in ChipOperation.allCases {
      let cost = chip[operation]
      #expect((cost.energy_pJ == nil && cost.time_ns == nil) || cost.provenance?.text.isEmpty == false)
    }
    #expect(chip.summary.contains("128 cores") && chip.summary.contains("update_active"))
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
    Mistake(from: "tiles_x: {value: 8,", to: "tiles_x: {value: 0,", says: "0"),
    Mistake(from: "tiles_x: {value: 8,", to: "tiles_x: {value: 8.5,", says: "whole number"),
    Mistake(from: "value: [0, 0]", to: "value: [8, 0]", says: "8"),
    Mistake(from: "value: [0, 0]", to: "value: [0]", says: "[x, y]"),
    Mistake(from: "payload_bits: {value: 1,", to: "payload_bits: {value: 64,", says: "64"),
    Mistake(from: "synapses: {value: [dense,", to: "synapses: {value: [thick,", says: "thick"),
    Mistake(from: "[dense, sparse, convolution]", to: "[convolution]", says: "dense"),
    Mistake(from: "weights_per_group: 64", to: "weights_per_group: 0", says: "0"),
    Mistake(from: "models: [lif, spiking]", to: "models: [lif, thinking]", says: "thinking"),
    Mistake(from: "- {tiles: 32", to: "- {tiles: 1", says: "rising"),
    Mistake(from: "weight_bits: {value: 8", to: "weight_bytes: {value: 8", says: "weight_bytes"),
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

  private static let loihi1 = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("hwmodels/chips/loihi1.yaml")

  @Test func anUnknownChipIsRefusedWithTheKnownOnes() throws {
    let error = #expect(throws: NeuromorphicError.self) { _ = try ChipDescription.named("loihi3") }
    #expect(try #require(error).description.contains("loihi1, loihi2"))
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
