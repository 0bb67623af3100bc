import ChipTraces
import DataFiles
import Foundation
import Neuromorphic
import TestSupport
import Testing

@Suite struct SpikeTraceTests {
  private static let populations = [
    SpikeTrace.Population(
      name: "coding", shape: .init(rows: 3, columns: 4, channels: 5), neuronsPerDendrite: 2,
      payloadExponent: -6),
    SpikeTrace.Population(name: "residual", shape: .init(rows: 2, columns: 2, channels: 1), neuronsPerDendrite: 1),
  ]

  /// Spikes that stress a format.
  private struct Case {
    let name: String
    let spikes: [Spike]
    var isInteger = true
    var populations = SpikeTraceTests.populations

    var trace: SpikeTrace { SpikeTrace(populations, hasIntegerPayloads: isInteger) }
  }

  private func cases(random count: Int = 1000) -> [Case] {
    var random = SplitMix64(seed: 1)
    let spike = Spike(time_ps: 1 << 52 - 1, step: 3, population: 1, neuron: 3, payload: -7)
    return [
      Case(name: "none", spikes: []), Case(name: "one", spikes: [spike]),
      Case(name: "equal", spikes: [spike, spike, spike]),
      Case(name: "random", spikes: (0..<count).map { _ in random.spike(isInteger: true) }),
      Case(name: "real", spikes: (0..<1000).map { _ in random.spike(isInteger: false) }, isInteger: false),
    ]
  }

  private let trace = SpikeTrace(populations, hasIntegerPayloads: true)

  @Test func aFileTakesSpikesInTheOrderOfTimeOnly() throws {
    try withTemporaryFolder { folder in
      func spike(_ time_ps: UInt64) -> Spike { Spike(time_ps: time_ps, step: 0, population: 0, neuron: 0, payload: 1) }
      let file = try SpikeTraceFile(trace, .csv, path: "\(folder)/s.csv")
      try file.append([spike(7), spike(5)])
      try file.append([spike(7)])
      #expect(throws: FileError.self) { try file.append([spike(6)]) }
    }
  }

  /// On a chip whose operations take no time.
  @Test func stepsThatTakeNoTimeAreInTheirOrder() throws {
    try withTemporaryFolder { folder in
      let file = try SpikeTraceFile(trace, .csv, path: "\(folder)/s.csv")
      for (step, neuron) in [(0, 5), (1, 3)] {
        try file.append([Spike(time_ps: 0, step: step, population: 0, neuron: neuron, payload: 1)])
      }
      try file.finish()
      let rows = try String(contentsOfFile: "\(folder)/s.csv", encoding: .utf8).split(separator: "\n").dropFirst()
      #expect(
        rows.map { $0.split(separator: ",").prefix(4).joined(separator: ",") } == ["0,0,coding,5", "0,1,coding,3"])
    }
  }

  @Test(arguments: SpikeTrace.Format.allCases)
  func aFileThatIsThereStays(format: SpikeTrace.Format) throws {
    try withTemporaryFolder { folder in
      try "mine".write(toFile: "\(folder)/s", atomically: true, encoding: .utf8)
      #expect(throws: FileError.self) {
        let file = try SpikeTraceFile(trace, format, path: "\(folder)/s")
        try file.finish()
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["s"])
      #expect(try String(contentsOfFile: "\(folder)/s", encoding: .utf8) == "mine")
    }
  }

  @Test(arguments: SpikeTrace.Format.allCases)
  func aRunThatFailsLeavesWhatWasThereAndNothingElse(format: SpikeTrace.Format) throws {
    struct Failure: Error {}
    try withTemporaryFolder { folder in
      // More than wait to be written together.
      let spikes = (0..<70_000).map { Spike(time_ps: UInt64($0), step: 0, population: 0, neuron: 0, payload: 1) }
      func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder) }
      func fail() {
        #expect(throws: Failure.self) {
          try trace.write(as: format, to: "\(folder)/s") { append in
            try append(spikes)
            throw Failure()
          }
        }
      }
      fail()
      #expect(try names() == [])
      try "mine".write(toFile: "\(folder)/s", atomically: true, encoding: .utf8)
      fail()
      #expect(try names() == ["s"])
      #expect(try String(contentsOfFile: "\(folder)/s", encoding: .utf8) == "mine")
      let count = try trace.write(as: format, to: "\(folder)/s") { append in
        try append(spikes)
        return spikes.count
      }
      try trace.write(spikes, as: format, to: "\(folder)/whole")
      #expect(count == spikes.count)
      #expect(try names().sorted() == ["s", "whole"])
      #expect(FileManager.default.contentsEqual(atPath: "\(folder)/s", andPath: "\(folder)/whole"))
    }
  }

  @Test(arguments: ["a/b", "a,b", "", "a\nb"]) func namesThatCannotStandInAFileAreRefused(name: String) throws {
    try withTemporaryFolder { folder in
      let population = SpikeTrace.Population(name: name, shape: .vector(1), neuronsPerDendrite: 1)
      let error = #expect(throws: FileError.self) {
        try SpikeTrace([population], hasIntegerPayloads: true).write([], as: .csv, to: "\(folder)/s.csv")
      }
      #expect(error?.path == "\(folder)/s.csv")
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left == [])
    }
  }

  @Test(arguments: SpikeTrace.Format.allCases)
  func whatComesStepByStepIsTheSameFile(format: SpikeTrace.Format) throws {
    try withTemporaryFolder { folder in
      for example in cases() {
        try example.trace.write(example.spikes, as: format, to: "\(folder)/whole")
        let file = try SpikeTraceFile(example.trace, format, path: "\(folder)/steps")
        for step in Dictionary(grouping: example.spikes, by: \.step).sorted(by: { $0.key < $1.key }) {
          try file.append(step.value)
        }
        try file.finish()
        #expect(
          FileManager.default.contentsEqual(atPath: "\(folder)/whole", andPath: "\(folder)/steps"), "\(example.name)")
        #expect(
          try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["steps", "whole"], "\(example.name)")
        try FileManager.default.removeItem(atPath: "\(folder)/steps")
      }
    }
  }

  /// Closed form: neuron = ((row · columns + column) · channels + kernel) · 2 + side.
  @Test func aNeuronStandsWhereItsNumberSays() {
    #expect(
      trace.place(ofNeuron: ((2 * 4 + 1) * 5 + 3) * 2 + 1, population: 0)
        == .init(kernel: 3, row: 2, column: 1, side: -1))
    #expect(trace.place(ofNeuron: 3, population: 1) == .init(kernel: 0, row: 1, column: 1, side: 1))
  }

  @Test func aTextHasALineForEachSpike() throws {
    let spikes = [
      Spike(time_ps: 5, step: 0, population: 0, neuron: 1, payload: 9),
      Spike(time_ps: 2, step: 0, population: 1, neuron: 2, payload: -3),
    ]
    try withTemporaryFolder { folder in
      try trace.write(spikes, as: .csv, to: "\(folder)/s.csv")
      #expect(
        try String(contentsOfFile: "\(folder)/s.csv", encoding: .utf8)
          == """
          time_ps,step,population,neuron,kernel,row,column,polarity,payload
          2,0,residual,2,0,1,0,-1,-3
          5,0,coding,1,0,0,0,-1,9

          """)
    }
  }

  /// Between both there are more than the two seconds that zip counts, and the second of HDF5.
  @Test func equalTracesAreEqualFilesWheneverTheyAreWritten() throws {
    try withTemporaryFolder { folder in
      func write(_ time: String) throws {
        for format in SpikeTrace.Format.allCases {
          for example in cases() {
            try example.trace.write(
              example.spikes, as: format, to: "\(folder)/\(time)-\(example.name)-\(format.fileName)")
          }
        }
      }
      try write("first")
      Thread.sleep(forTimeInterval: 2.1)
      try write("second")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("first") }
      #expect(names.count == SpikeTrace.Format.allCases.count * cases().count)
      for name in names {
        let other = name.replacing("first", with: "second")
        #expect(
          FileManager.default.contentsEqual(atPath: "\(folder)/\(name)", andPath: "\(folder)/\(other)"), "\(name)")
      }
    }
  }

  /// A run's spikes step by step, as one of the formats of spikes or a database.
  private func write(_ example: Case, as format: String, to path: String) throws {
    if let format = SpikeTrace.Format(rawValue: format) {
      return try example.trace.write(example.spikes, as: format, to: path)
    }
    let database = try TraceDatabase(path: path, ActivityHeader(example.trace, cores: [], properties: []))
    for step in Dictionary(grouping: example.spikes, by: \.step).sorted(by: { $0.key < $1.key }) {
      try database.append(StepRecord(), spikes: step.value, packets: [])
    }
    try database.finish()
  }

  @Test(
    .enabled(if: PythonOracle.isAvailable, "needs the oracle's Python, run by make test"),
    arguments: SpikeTrace.Format.allCases.map(\.rawValue) + ["sqlite"])
  func independentReadersAgreeFieldByField(format: String) throws {
    try withTemporaryFolder { folder in
      // More than NWB's spikes are sorted at once.
      for example in cases(random: 1_100_000) {
        let path = "\(folder)/\(example.name).\(format)"
        try write(example, as: format, to: path)
        try expectReadByOthers(example, format, path)
      }
    }
  }

  /// Where 32 bits end for neurons and steps, 64 bits for times, and 53 for payloads; SONATA's readers know times in
  /// binary alone.
  @Test(
    .enabled(if: PythonOracle.isAvailable, "needs the oracle's Python, run by make test"),
    arguments: ["csv", "npz", "sonata", "sqlite"])
  func theLastNeuronsAndTimesAreWritten(format: String) throws {
    let shape = Network.Shape(rows: 1 << 10, columns: 1 << 10, channels: 1 << 10 - 1)
    let large = [SpikeTrace.Population(name: "large", shape: shape, neuronsPerDendrite: 2)]
    let last = large[0].neuronCount - 1
    let end: UInt64 = format == "sonata" ? 1 << 52 - 1 : 1 << 63 - 1
    let spikes = [0, 1, last - 1, last].enumerated().map { index, neuron in
      let payload = Double(1 << 53 - index) * (index % 2 == 0 ? 1 : -1)
      return Spike(
        time_ps: end - 3 + UInt64(index), step: Int(Int32.max), population: 0, neuron: neuron, payload: payload)
    }
    let example = Case(name: "last", spikes: spikes, populations: large)
    try withTemporaryFolder { folder in
      try write(example, as: format, to: "\(folder)/last.\(format)")
      try expectReadByOthers(example, format, "\(folder)/last.\(format)", ["large"])
    }
  }

  /// Neurons that spike more often than spikes are sorted at once, and between them neurons that do not.
  @Test(.enabled(if: PythonOracle.isAvailable, "needs the oracle's Python, run by make test"))
  func neuronsOfMoreSpikesThanAreSortedAtOnceStayInTheOrderOfTime() throws {
    var random = SplitMix64(seed: 2)
    let busy = [(0, 0), (0, 7), (0, 8), (0, 119), (1, 3)]
    let often = (0..<5000).map { index in
      let (population, neuron) = busy[index % busy.count]
      return random.spike(isInteger: true, of: (population, neuron))
    }
    let seldom = (0..<300).map { _ in random.spike(isInteger: true) }
    try withTemporaryFolder { folder in
      for example in [
        Case(name: "one neuron", spikes: often.filter { ($0.population, $0.neuron) == busy[1] }),
        Case(name: "busy neurons", spikes: often), Case(name: "all", spikes: often + seldom),
      ] {
        let path = "\(folder)/\(example.name).nwb"
        let file = try SpikeTraceFile(example.trace, .nwb, path: path, sortedAtOnce: 100)
        try file.append(example.spikes)
        try file.finish()
        try expectReadByOthers(example, "nwb", path)
        try example.trace.write(example.spikes, as: .nwb, to: "\(path).at-once")
        #expect(FileManager.default.contentsEqual(atPath: path, andPath: "\(path).at-once"), "\(example.name)")
      }
    }
  }

  /// An independent reader gives the example's spikes, field by field.
  private func expectReadByOthers(
    _ example: Case, _ format: String, _ path: String, _ populations: [String] = []
  ) throws {
    let (name, trace) = (example.name, example.trace)
    let read = try PythonOracle.archive("spike_trace.py", [format, path] + populations)
    let spikes = example.spikes.sorted {
      ($0.time_ps, $0.population, $0.neuron) < ($1.time_ps, $1.population, $1.neuron)
    }
    #expect(try read.int64s("time_ps") == spikes.map { Int64($0.time_ps) }, "\(name)")
    #expect(try read.int32s("population") == spikes.map { Int32($0.population) }, "\(name)")
    #expect(try read.int32s("neuron") == spikes.map { Int32($0.neuron) }, "\(name)")
    #expect(try read.int32s("step") == spikes.map { Int32($0.step) }, "\(name)")
    #expect(try read.doubles("payload") == spikes.map(\.payload), "\(name)")
    let places = spikes.map { trace.place(ofNeuron: $0.neuron, population: $0.population) }
    #expect(try read.int32s("kernel") == places.map { Int32($0.kernel) }, "\(name)")
    #expect(try read.int32s("row") == places.map { Int32($0.row) }, "\(name)")
    #expect(try read.int32s("column") == places.map { Int32($0.column) }, "\(name)")
    // SONATA has none.
    guard format != "sonata" else { return }
    #expect(try read.int32s("polarity") == spikes.map { polarity(of: $0, of: trace, in: format) }, "\(name)")
  }
}

extension SpikeTraceTests {
  /// NWB's is that of the neuron, which is 1 for those that are no pairs; else these have that of the payload.
  private func polarity(of spike: Spike, of trace: SpikeTrace, in format: String) -> Int32 {
    if trace.populations[spike.population].neuronsPerDendrite == 2 { return spike.neuron % 2 == 0 ? 1 : -1 }
    return format != "nwb" && spike.payload < 0 ? -1 : 1
  }
}

extension SplitMix64 {
  /// Any picosecond below 2^52, up to which milliseconds and seconds in binary give them back.
  fileprivate mutating func spike(isInteger: Bool) -> Spike {
    let population = Int.random(in: 0...1, using: &self)
    let neuron = Int.random(in: 0..<(population == 0 ? 120 : 4), using: &self)
    return spike(isInteger: isInteger, of: (population, neuron))
  }

  fileprivate mutating func spike(isInteger: Bool, of cell: (population: Int, neuron: Int)) -> Spike {
    let time_ps = UInt64.random(in: 0..<1 << 52, using: &self)
    return Spike(
      time_ps: time_ps, step: Int(time_ps >> 42), population: cell.population, neuron: cell.neuron,
      payload: isInteger ? Double(Int.random(in: -1000...1000, using: &self)) : nextNormal())
  }
}
