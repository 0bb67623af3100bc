import ChipTraces
import DataFiles
import Foundation
import Neuromorphic
import TestSupport
import Testing

@Suite struct SpikeTraceTests {
  private static let populations = [
    SpikeTrace.Population(name: "coding", shape: .init(rows: 3, columns: 4, channels: 5), neuronsPerDendrite: 2),
    SpikeTrace.Population(name: "residual", shape: .init(rows: 2, columns: 2, channels: 1), neuronsPerDendrite: 1),
  ]

  /// Traces that stress a format: name, trace.
  private func traces(random count: Int = 1000) -> [(String, SpikeTrace)] {
    var random = SplitMix64(seed: 1)
    let spike = Spike(time_ps: 1 << 52 - 1, step: 3, population: 1, neuron: 3, payload: -7)
    return [
      ("none", trace([])), ("one", trace([spike])), ("equal", trace([spike, spike, spike])),
      ("random", trace((0..<count).map { _ in random.spike(isInteger: true) })),
      ("real", trace((0..<1000).map { _ in random.spike(isInteger: false) }, isInteger: false)),
    ]
  }

  private func trace(_ spikes: [Spike], isInteger: Bool = true) -> SpikeTrace {
    SpikeTrace(Self.populations, spikes: spikes, hasIntegerPayloads: isInteger)
  }

  @Test func spikesAreInOrderOfTime() {
    for (name, trace) in traces() {
      #expect(zip(trace.spikes, trace.spikes.dropFirst()).allSatisfy { $0.time_ps <= $1.time_ps }, "\(name)")
    }
  }

  /// Closed form: neuron = ((row · columns + column) · channels + kernel) · 2 + side.
  @Test func aNeuronStandsWhereItsNumberSays() {
    let trace = trace([])
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
      try trace(spikes).write(.csv, to: "\(folder)/s.csv")
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
          for (name, trace) in traces() { try trace.write(format, to: "\(folder)/\(time)-\(name)-\(format.fileName)") }
        }
      }
      try write("first")
      Thread.sleep(forTimeInterval: 2.1)
      try write("second")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("first") }
      #expect(names.count == SpikeTrace.Format.allCases.count * traces().count)
      for name in names {
        let other = name.replacing("first", with: "second")
        #expect(
          FileManager.default.contentsEqual(atPath: "\(folder)/\(name)", andPath: "\(folder)/\(other)"), "\(name)")
      }
    }
  }

  @Test(
    .enabled(if: PythonOracle.isAvailable, "needs the oracle's Python, run by make test"),
    arguments: SpikeTrace.Format.allCases)
  func independentReadersAgreeFieldByField(format: SpikeTrace.Format) throws {
    try withTemporaryFolder { folder in
      for (name, trace) in traces(random: 1_000_000) {
        let path = "\(folder)/\(format.fileName)"
        try trace.write(format, to: path)
        let read = try PythonOracle.archive("spike_trace.py", [format.rawValue, path])
        // NWB's units are neurons: spikes of equal neurons and times keep no order among each other.
        let spikes = trace.spikes
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
        guard format != .sonata else { continue }
        #expect(try read.int32s("polarity") == spikes.map { polarity(of: $0, in: format) }, "\(name)")
      }
    }
  }
}

extension SpikeTraceTests {
  /// NWB's is that of the neuron, which is 1 for those that are no pairs; else these have that of the payload.
  private func polarity(of spike: Spike, in format: SpikeTrace.Format) -> Int32 {
    if spike.population == 0 { return spike.neuron % 2 == 0 ? 1 : -1 }
    return format != .nwb && spike.payload < 0 ? -1 : 1
  }
}

extension SplitMix64 {
  /// Any picosecond below 2^52, up to which milliseconds and seconds in binary give them back.
  fileprivate mutating func spike(isInteger: Bool) -> Spike {
    let time_ps = UInt64.random(in: 0..<1 << 52, using: &self)
    let population = Int.random(in: 0...1, using: &self)
    return Spike(
      time_ps: time_ps, step: Int(time_ps >> 42),
      population: population, neuron: Int.random(in: 0..<(population == 0 ? 120 : 4), using: &self),
      payload: isInteger ? Double(Int.random(in: -1000...1000, using: &self)) : nextNormal())
  }
}
