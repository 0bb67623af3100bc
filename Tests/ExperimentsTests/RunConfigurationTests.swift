import DataFiles
import EventStreams
import Experiments
import Foundation
import KernelBanks
import Neuromorphic
import SparseCoding
import Testing
import TestSupport

@Suite struct RunConfigurationTests {
  @Test func aWrittenConfigurationReadsBackAsItself() throws {
    var random = SplitMix64(seed: 11)
    try withTemporaryFolder { folder in
      for _ in 0..<200 {
        let run = try Self.randomRun(&random)
        try Data(run.yaml.utf8).write(to: URL(fileURLWithPath: "\(folder)/run.yaml"))
        #expect(try RunConfiguration(contentsOf: "\(folder)/run.yaml") == run)
      }
    }
  }

  @Test func everyKeyIsWrittenOnceWithItsMeaning() {
    let lines = RunConfiguration().yaml.split(separator: "\n")
    for key in RunKey.all {
      let own = lines.filter { $0.hasPrefix("\(key.name): ") }
      #expect(own.count == 1, "\(key.name)")
      #expect(own.first?.hasSuffix("# \(key.meaning)") == true, "\(key.name)")
    }
    #expect(lines.count == RunKey.all.count + 2)
  }

  @Test(arguments: [
    ("lambda: 0.1\nlamda: 0.2", ":3:1: unknown key 'lamda'"),
    ("lambda: -1", ":2:9: lambda: -1.0 is out of range; a number above 0 is needed"),
    ("lambda: .nan", ":2:9: lambda: a number is expected"),
    ("weight_noise: -1", ":2:15: weight_noise: -1.0 is out of range; 0.0 to 10.0 is possible"),
    ("dead_neurons: 1.5", ":2:15: dead_neurons: 1.5 is out of range; 0.0 to 1.0 is possible"),
    ("lost_spikes: -0.1", ":2:14: lost_spikes: -0.1 is out of range; 0.0 to 1.0 is possible"),
    ("probes: [coding]", ":2:10: probes[0]: a list is expected"),
    ("probes: [[coding, 1, 2]]", ":2:10: probes[0]: a neuron is [POPULATION, KERNEL, ROW, COLUMN]"),
    ("probes: [[coding, 1, 2, -1]]", ":2:25: probes[0][3]: -1 is out of range"),
    ("fault_seed: -1", ":2:13: fault_seed: -1 is out of range; 0 to "),
    ("stride: 2.5", ":2:9: stride: a whole number is expected"),
    ("input: dens", ":2:8: input: unknown 'dens'; known: dense"),
    ("bank: hetero", ":2:7: bank: unknown bank 'hetero'; known: homogeneous, heterogeneous"),
    ("input_bank: hetero", ":2:13: input_bank: unknown bank 'hetero'"),
    ("chip: loihi9", ":2:7: chip: unknown chip 'loihi9'; known: custom, loihi1"),
    ("input_steps: 48", ":2:14: input_steps: 48 is not a power of two"),
    ("crop: 64x64", ":2:7: crop: '64x64' is not a crop; write SIZE or SIZE@X,Y"),
    ("traces: [spikes, spokes]", ":2:18: traces[1]: unknown 'spokes'"),
    ("prime: maybe", ":2:8: prime: true or false is expected"),
    ("image: [", ":3:1: not valid YAML"),
    ("gap: 0.1\ngap: 0.2", ":2:1: not valid YAML: the key 'gap' stands here, and again below"),
    ("traces: [{a: 1, a: 2}]", ":2:11: not valid YAML: the key 'a' stands here, and again below"),
  ])
  func aMistakeInARunFileIsNamedWithItsPlace(_ text: String, _ message: String) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/run.yaml"
      try Data("schema: rheobase.run/1\n\(text)\n".utf8).write(to: URL(fileURLWithPath: path))
      let error = try #require(throws: YAMLError.self) { try RunConfiguration(contentsOf: path) }
      #expect(error.description.hasPrefix(path + message), "\(error)")
      #expect(!error.description.contains("\n"))
    }
  }

  @Test func aRunFileOfAnotherSchemaIsRefused() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/run.yaml"
      try Data("schema: rheobase.run/9\n".utf8).write(to: URL(fileURLWithPath: path))
      let error = try #require(throws: YAMLError.self) { try RunConfiguration(contentsOf: path) }
      #expect(error.description.hasSuffix("the schema 'rheobase.run/1' is expected"))
      try Data("schema: rheobase.sweep/1\naxes: {}\n".utf8).write(to: URL(fileURLWithPath: path))
      let other = try #require(throws: YAMLError.self) { try RunConfiguration(contentsOf: path) }
      #expect(other.description.hasSuffix("is expected; this file is a sweep, for rheobase sweep"))
    }
  }

  @Test(arguments: [
    ("lambda", "--set lambda: KEY=VALUE is expected"),
    ("lamda=1", "--set lamda=1: unknown key 'lamda'; did you mean 'lambda'?"),
    ("chip.costs.synop=1", "--set chip.costs.synop=1: unknown key 'chip.costs.synop'; "),
    ("chip.tick_ns={a: 1}", "--set chip.tick_ns={a: 1}: chip.tick_ns: a number, true, false, null, a name or a list"),
    ("lambda=0", "--set lambda=0: lambda: 0.0 is out of range"),
    ("lambda=x", "--set lambda=x: lambda: a number is expected"),
    ("model=foo", "--set model=foo: model: unknown 'foo'; known: delta"),
    ("traces=[a", "--set traces=[a: not valid YAML"),
  ])
  func aWrongAssignmentIsNamed(_ assignment: String, _ message: String) throws {
    var run = RunConfiguration()
    let error = try #require(throws: YAMLError.self) { try run.set(assignment) }
    #expect(error.description.hasPrefix(message), "\(error)")
    #expect(run == RunConfiguration())
  }

  @Test func anAssignmentSetsItsKeyOnly() throws {
    var run = RunConfiguration(), expected = RunConfiguration()
    try run.set("lambda=0.125")
    try run.set("traces=[vcd]")
    expected.lambda = 0.125
    expected.traces = [.vcd]
    #expect(run == expected)
    try run.set("chip.geometry.tiles_x=3")
    expected.chipChanges["geometry.tiles_x"] = "3"
    #expect(run == expected)
  }

  @Test func pathsOfARunFileStartAtItsFolder() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/run.yaml"
      let text = "schema: rheobase.run/1\nimage: a.png\nbank: banks/b.npz\nchip: ../c.yaml\n"
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      let run = try RunConfiguration(contentsOf: path)
      let absolute = URL(fileURLWithPath: folder)
      #expect(run.image == absolute.appendingPathComponent("a.png").path)
      #expect(run.bank == absolute.appendingPathComponent("banks/b.npz").path)
      #expect(run.chip == absolute.deletingLastPathComponent().appendingPathComponent("c.yaml").path)
    }
  }

  @Test func aComparisonWithTwoRowsOfOneNameIsRefused() {
    var base = RunConfiguration()
    base.image = "a.png"
    for banks in [["heterogeneous", "heterogeneous"], ["a/b.npz", "c/b.npz"]] {
      #expect(throws: ExperimentError.self) { try Compare(base: base, banks: banks, inputs: [.dense], output: nil)() }
    }
    #expect(throws: ExperimentError.self) { try Compare(base: base, banks: [], inputs: [.dense], output: nil)() }
  }

  // MARK: Random configurations

  private static func randomRun(_ r: inout SplitMix64) throws -> RunConfiguration {
    var run = RunConfiguration()
    func maybe<Value>(_ value: Value) -> Value? { Bool.random(using: &r) ? value : nil }
    func positive() -> Double { Double.random(in: 1e-9...10, using: &r) }
    run.image = maybe("/\(text(&r)).png")
    run.events = maybe("/\(text(&r)).npz")
    let corner = maybe(Crop.Corner(x: Int.random(in: 0...99, using: &r), y: Int.random(in: 0...99, using: &r)))
    run.crop = maybe(try Crop(size: Int.random(in: 1...999, using: &r), corner: corner))
    run.bank = ["homogeneous", "heterogeneous", "/\(text(&r)).npz"].randomElement(using: &r) ?? ""
    run.norm = BankDesign.Norm.allCases.randomElement(using: &r) ?? .unit
    run.stride = Int.random(in: 1...64, using: &r)
    run.lambda = positive()
    run.input = Encoder.allCases.randomElement(using: &r) ?? .dense
    run.inputBank = maybe("/\(text(&r)).npz")
    run.inputLambda = maybe(positive())
    run.inputGap = positive()
    run.primes = Bool.random(using: &r)
    run.inputBits = Int.random(in: 2...32, using: &r)
    run.inputSteps = 1 << Int.random(in: 0...16, using: &r)
    run.model = LCAModel.allCases.randomElement(using: &r) ?? .delta
    run.weightBits = maybe(Int.random(in: 2...16, using: &r))
    run.weightFormat = WeightFormat.allCases.randomElement(using: &r) ?? .single
    run.sendThreshold = maybe(positive())
    run.charge = maybe(positive())
    run.stepShift = maybe(Int.random(in: 0...30, using: &r))
    run.faults = Faults(
      deadNeurons: .random(in: 0...1, using: &r), lostSpikes: .random(in: 0...1, using: &r),
      seed: .random(in: 0...UInt64(Int.max), using: &r))
    run.weightNoise = .random(in: 0...10, using: &r)
    run.chip = ["loihi1", "loihi2", "/\(text(&r)).yaml"].randomElement(using: &r) ?? ""
    for key in ChipKey.all where Int.random(in: 0..<20, using: &r) == 0 {
      run.chipChanges[key.name] = ["1", "2.5e-3", "null", "[1, 2]", "true"].randomElement(using: &r)
    }
    run.capacity = Bool.random(using: &r) ? .strict : .report
    run.chipLimit = Int.random(in: 1...4096, using: &r)
    run.timesteps = maybe(Int.random(in: 1...10_000_000, using: &r))
    run.gap = positive()
    run.commonObjective = maybe(positive())
    run.heldSteps = Int.random(in: 0...1_000_000, using: &r)
    run.stepLimit = Int.random(in: 1...10_000_000, using: &r)
    run.referenceGap = positive()
    run.traces = Set(RunConfiguration.Trace.allCases.filter { _ in Bool.random(using: &r) })
    run.probes = (0..<Int.random(in: 0...2, using: &r)).map { _ in
      NeuronProbe(
        population: Bool.random(using: &r) ? "coding" : "residual", kernel: .random(in: 0...99, using: &r),
        row: .random(in: 0...99, using: &r), column: .random(in: 0...99, using: &r))
    }
    run.hostPower_W = Double.random(in: 0...1e6, using: &r)
    return run
  }

  /// Characters that trouble YAML.
  private static func text(_ r: inout SplitMix64) -> String {
    let characters = Array("abc \"'\\#:{}[],&*!|>%@`~λ–\t\n\u{85}\u{2028}\u{7F}🙂-?")
    return "x" + String((0..<Int.random(in: 0...12, using: &r)).map { _ in characters.randomElement(using: &r) ?? "a" })
      + "x"
  }
}
