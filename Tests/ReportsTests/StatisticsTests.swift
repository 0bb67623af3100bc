import DataFiles
import Foundation
import Reports
import TestSupport
import Testing

@Suite struct StatisticNameTests {
  @Test func onlyAnEnergyOfMissingCostsAloneIsUnknown() {
    #expect(Statistic(.staticEnergy, .real(0), missing: ["static_power_W"]).displayText == "–")
    #expect(Statistic(.staticEnergy, .real(0)).displayText == "0 J")
    #expect(!Statistic(.totalEnergy, .real(1), missing: ["static_power_W"]).isUnknown)
    // No step overran its tick, as far as times are known.
    #expect(Statistic(.tickOverruns, .integer(0), missing: ["axon_in.time_ns"]).displayText == "0")
    #expect(Statistic(.energyDelayProduct, .real(0), missing: ["static_power_W"]).known == .null)
  }

  @Test func everyNameHasADefinition() {
    for name in StatisticName.allCases {
      let definition = name.definition
      #expect(!definition.label.isEmpty && !definition.unit.isEmpty)
      #expect(definition.description.hasSuffix("."))
    }
    #expect(Set(StatisticName.allCases.map(\.definition.label)).count == StatisticName.allCases.count)
    #expect(Set(StatisticName.allCases.map(\.definition.description)).count == StatisticName.allCases.count)
  }

  /// The names that the schema promises (docs of `stats.json`); none may go or change.
  @Test func theNamesOfTheSchemaAreThere() {
    let promised = [
      "input.events", "timesteps", "spikes", "synops", "neuron_updates.active", "neuron_updates.inactive", "packets",
      "hops", "saturations", "time.latency", "time.barrier", "time.busiest_core", "throughput.images_per_s",
      "energy.synapse", "energy.soma", "energy.axon", "energy.network", "energy.host", "energy.dynamic",
      "energy.static", "energy.total", "energy.delay_product", "mapping.cores", "mapping.chips", "quality.gap",
      "quality.objective", "quality.optimum", "quality.reached_step", "quality.psnr", "quality.sparseness",
      "quality.nonzeros", "optimum.sparseness", "optimum.nonzeros", "encode.seconds", "host.seconds",
      "host.synops_per_s", "host.peak_memory",
    ]
    for name in promised { #expect(StatisticName(rawValue: name) != nil, "\(name)") }
    #expect(StatisticName.energyDelayProduct.definition.unit == "J·s")
    #expect(StatisticName.psnr.definition.unit == "dB")
    #expect(StatisticName.latency.definition.unit == "s")
    #expect(StatisticName.hostPeakMemory.definition.unit == "B")
  }
}

@Suite struct StatisticsFileTests {
  /// A file with every name of the registry, some outside it, and a configuration.
  private func randomFile(seed: UInt64) -> StatisticsFile {
    var random = SplitMix64(seed: seed)
    func real() -> Double {
      var value = 0.0
      repeat { value = Double(bitPattern: random.next()) } while !value.isFinite
      return value
    }
    var statistics = Statistics()
    for name in StatisticName.allCases.shuffled(using: &random) {
      let missing = ["energy of the barrier", "a \"quoted\", cost"].filter { _ in Bool.random(using: &random) }
      switch Int.random(in: 0...6, using: &random) {
      case 0: statistics.setNull(name)
      case _ where name.definition.display == .flag: statistics.set(name, Bool.random(using: &random))
      case _ where [.count, .identifier].contains(name.definition.display):
        statistics.set(name, Int(Int32.random(in: .min ... .max, using: &random)), missing: missing)
      default: statistics.set(name, real(), isEstimate: Bool.random(using: &random), missing: missing)
      }
    }
    statistics.set(
      Statistic(name: "x.text", .text("a,\"b\"\r\n\u{1} ü\\ λ"), unit: "1", description: "Text, \"quoted\"."))
    statistics.set(Statistic(name: "a.count", .integer(.max), unit: "1", description: "Largest."))
    let run = JSONValue.object([
      .init("lambda", .real(0.2)), .init("banks", .list([.text("homogeneous"), .null, .list([])])),
      .init("chip", .object([.init("name", .text("loihi2")), .init("fits", .flag(true))])), .init("n", .integer(3)),
    ])
    return StatisticsFile(run: run, statistics: statistics)
  }

  @Test func whatIsWrittenIsRead() throws {
    for seed in 0..<200 as Range<UInt64> {
      let file = randomFile(seed: seed)
      #expect(try StatisticsFile(parsing: Data(file.json.utf8)) == file)
    }
  }

  @Test func theSameContentIsTheSameText() {
    var statistics = Statistics()
    for name in StatisticName.allCases.reversed() { statistics.set(name, 1.5) }
    let forward = Statistics(StatisticName.allCases.map { Statistic($0, .real(1.5)) })
    let run = JSONValue.object([.init("b", .real(1)), .init("a", .integer(2))])
    let reversedRun = JSONValue.object([.init("a", .integer(2)), .init("b", .integer(1))])
    #expect(
      StatisticsFile(run: run, statistics: statistics).json
        == StatisticsFile(run: reversedRun, statistics: forward).json)
  }

  @Test func theFileIsAsDocumented() {
    var statistics = Statistics()
    statistics.set(.totalEnergy, 1.5e-6, isEstimate: true, missing: ["barrier"])
    statistics.set(.inputEvents, 4096)
    statistics.set(.latency, .nan)
    let file = StatisticsFile(run: .object([.init("seed", .integer(7))]), statistics: statistics)
    let description = { (name: StatisticName) in name.definition.description }
    #expect(
      file.json == """
        {
          "schema": "rheobase.stats/1",
          "run": {
            "seed": 7
          },
          "stats": {
            "input.events": {"value": 4096, "unit": "1", "description": "\(description(.inputEvents))"},
            "time.latency": {"value": null, "unit": "s", "description": "\(description(.latency))"},
            "energy.total": {"value": 1.5e-06, "unit": "J", "description": "\(description(.totalEnergy))", \
        "estimate": true, "missing_costs": ["barrier"]}
          }
        }

        """)
  }

  @Test(arguments: [
    "", "{", "[]", "null", #"{"schema": "rheobase.stats/2", "run": {}, "stats": {}}"#,
    #"{"schema": "rheobase.stats/1", "stats": {}}"#, #"{"schema": "rheobase.stats/1", "run": {}, "stats": []}"#,
    #"{"schema": "rheobase.stats/1", "run": {}, "stats": {"a": 1}}"#,
    #"{"schema": "rheobase.stats/1", "run": {}, "stats": {"a": {"value": [], "unit": "1", "description": ""}}}"#,
    #"{"schema": "rheobase.stats/1", "run": {}, "stats": {"a": {"value": 1, "unit": 1, "description": ""}}}"#,
    #"{"schema": "rheobase.stats/1", "run": {}, "stats": {"a": {"value": 1, "unit": "1", "description": "", "estimate": 1}}}"#,
  ])
  func aFileThatBreaksTheSchemaIsRefusedInOneLine(text: String) {
    let error = #expect(throws: ReportError.self) { try StatisticsFile(parsing: Data(text.utf8)) }
    #expect(error?.description.contains("\n") == false)
  }

  /// A flag would become the number 1 in tables of sweeps.
  @Test(arguments: [
    ("energy.total", "true", "a number"), ("timesteps", "false", "a number"), ("quality.psnr", "\"20\"", "a number"),
    ("gram.drifts", "1", "true or false"), ("mapping.hypothetical", "0.5", "true or false"),
    ("x", "[]", "a plain value"),
  ])
  func aValueOfAnotherKindIsRefused(_ name: String, _ value: String, _ kind: String) {
    let entry = "{\"value\": \(value), \"unit\": \"1\", \"description\": \"\"}"
    let text = "{\"schema\": \"rheobase.stats/1\", \"run\": {}, \"stats\": {\"\(name)\": \(entry)}}"
    let error = #expect(throws: ReportError.self) { try StatisticsFile(parsing: Data(text.utf8)) }
    #expect(error?.description == "stats.\(name).value: must be \(kind), or null")
  }

  @Test func deepNestingAndDamageAreSurvived() throws {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: ReportError.self) { try StatisticsFile(parsing: Data(deep.utf8)) }
    var random = SplitMix64(seed: 9)
    let intact = [UInt8](randomFile(seed: 1).json.utf8)
    for _ in 0..<300 {
      var bytes = intact
      for _ in 0..<3 {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
      }
      do { _ = try StatisticsFile(parsing: Data(bytes)) } catch is ReportError {}
    }
  }

  private struct Parsed: Decodable {
    let schema: String
    let names: [String]
    let values: [String: Double?]
    let estimates: [String]
    let missing: [String: [String]]
    let csv: [[String]]
  }

  @Test(.enabled(if: PythonOracle.isAvailable, "needs the oracle's Python, run by make test"))
  func pythonReadsTheSameNumbers() throws {
    let file = randomFile(seed: 11)
    let parsed: Parsed = try withTemporaryFolder { folder in
      try file.write(toFolder: folder)
      return try PythonOracle.json("stats_files.py", ["\(folder)/stats.json", "\(folder)/stats.csv"])
    }
    #expect(parsed.schema == StatisticsFile.schema)
    #expect(parsed.names == file.statistics.ordered.map(\.name))
    for statistic in file.statistics.ordered {
      #expect(parsed.values[statistic.name, default: nil] == statistic.value.number)
    }
    #expect(parsed.estimates == file.statistics.ordered.filter(\.isEstimate).map(\.name))
    #expect(
      parsed.missing
        == file.statistics.ordered.filter { !$0.missing.isEmpty }
        .reduce(into: [:]) { $0[$1.name] = $1.missing })
    #expect(parsed.csv[0] == ["name", "value", "unit", "estimate", "missing_costs", "hypothetical", "description"])
    #expect(parsed.csv.dropFirst().map { $0[1] } == file.statistics.ordered.map(\.known.plainText))
    #expect(parsed.csv.allSatisfy { $0.count == 7 })
  }
}
