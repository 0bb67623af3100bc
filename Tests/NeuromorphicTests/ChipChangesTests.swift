import DataFiles
import Neuromorphic
import Testing

/// Chips of which a configuration sets numbers.
@Suite struct ChipChangesTests {
  private func chip(_ name: String, _ changes: [(String, String)]) throws -> ChipDescription {
    var all = ChipChanges()
    for (key, value) in changes { all[key] = value }
    return try ChipDescription.named(name, changed: all)
  }

  @Test func aChangedNumberIsAnEstimateAndAllOthersStay() throws {
    let usual = try ChipDescription.named("loihi2")
    let changed = try chip("loihi2", [("capacity.neurons_per_core", "64")])
    #expect(changed.neuronsPerCore.value == 64 && usual.neuronsPerCore.value != 64)
    let different = zip(usual.entries, changed.entries).filter { $0 != $1 }
    #expect(different.map(\.1.name) == ["capacity.neurons_per_core"])
    let estimate = try #require(changed.estimates.first { $0.hasPrefix("capacity.neurons_per_core: ") })
    #expect(estimate.contains("set to 64 by the run's configuration; the chip file: Intel"))
    #expect(try chip("loihi2", []) == usual)
  }

  @Test func oneFieldOfAnEntryChangesAlone() throws {
    let usual = try ChipDescription.named("loihi2")[.synapticOperation]
    let changed = try chip("loihi2", [("costs.synaptic_operation.energy_pJ", "1.5")])[.synapticOperation]
    #expect(changed.energy_pJ == 1.5 && changed.time_ns == usual.time_ns)
  }

  @Test func whatIsNotPublishedCanBeAssumedAndWhatIsCanBeLeftOut() throws {
    #expect(try ChipDescription.named("loihi2")[.hopBetweenChips].energy_pJ == nil)
    let assumed = try chip("loihi2", [("costs.hop_between_chips.energy_pJ", "50")])
    #expect(assumed[.hopBetweenChips].energy_pJ == 50 && assumed[.hopBetweenChips].time_ns == nil)
    #expect(try chip("loihi2", [("static_power_W", "null")]).staticPower_W == nil)
    #expect(try chip("loihi2", [("tick_ns", "1000")]).tick_ns?.value == 1000)
    #expect(try chip("loihi2", [("barrier.1.time_ns", "150")]).barrier.map(\.time_ns) == [113, 150])
    #expect(try chip("loihi2", [("geometry.host_tile", "[3, 2]")]).hostTile.value == [3, 2])
    #expect(try chip("loihi2", [("models", "[lif]")]).models == ["lif"])
  }

  /// Every number that a chip has can be set to what it is, which changes nothing but its standing.
  @Test(arguments: ChipDescription.bundledNames)
  func everyNumberOfAChipHasItsKey(_ name: String) throws {
    let usual = try ChipDescription.named(name)
    for entry in usual.entries where entry.section != "barrier" {
      for field in entry.fields {
        let key = field.key == "value" ? entry.name : "\(entry.name).\(field.key)"
        let known = try #require(ChipKey.named(key), "\(key)")
        guard let content = field.content else { continue }
        if case .integer = content { #expect(known.isWhole, "\(key)") } else { #expect(!known.isWhole, "\(key)") }
        let changed = try chip(name, [(key, Self.yaml(content))])
        #expect(changed.entries.map(\.fields) == usual.entries.map(\.fields), "\(key)")
        #expect(changed.entries.first { $0.name == entry.name }?.provenance?.isEstimate == true, "\(key)")
      }
    }
  }

  private static func yaml(_ content: ChipEntry.Content) -> String {
    switch content {
    case .integer(let value): "\(value)"
    case .real(let value): "\(value)"
    case .flag(let value): "\(value)"
    case .integers(let values): "[\(values.map { "\($0)" }.joined(separator: ", "))]"
    case .names(let names): "[\(names.joined(separator: ", "))]"
    }
  }

  @Test(arguments: [
    (
      "capacity.neurons_per_core", "0",
      "loihi2 with chip.capacity.neurons_per_core=0: capacity.neurons_per_core.value: 0 is out"
    ),
    ("geometry.tiles_x", "1.5", "a whole number is expected"), ("geometry.host_tile", "[9, 0]", "9 is out of range"),
    ("capacity.neurons", "5", "unknown key 'chip.capacity.neurons'; did you mean 'chip.capacity.neurons_per_core'"),
    ("barrier.7.time_ns", "5", "a list has no element '7'; they are counted from 0 to 1"),
    ("costs.barrier.time_ns", "5", "the barrier's time has points of its own"),
  ])
  func anImpossibleChangeIsNamed(_ key: String, _ value: String, _ message: String) throws {
    let error = try #require(throws: YAMLError.self) { try chip("loihi2", [(key, value)]) }
    #expect(error.description.contains(message) && !error.description.contains("\n"), "\(error)")
  }
}
