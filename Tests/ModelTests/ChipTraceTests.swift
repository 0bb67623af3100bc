import ChipTraces
import DataFiles
import EventStreams
import Experiments
import Foundation
import Neuromorphic
import SparseCoding
import TestSupport
import Testing

extension ChipModelTests {
  /// What a run exports, against what it says of itself.
  struct ChipTraces {
    private struct Report: Decodable {
      let stats: [String: Double]
      let cores: [String: [String: Int]]
    }

    private struct Statistics: Decodable {
      /// Some statistics are flags.
      struct Statistic: Decodable {
        let value: Double?
        private enum CodingKeys: CodingKey { case value }
        init(from decoder: any Decoder) throws {
          value = try? decoder.container(keyedBy: CodingKeys.self).decode(Double.self, forKey: .value)
        }
      }
      let stats: [String: Statistic]
    }

    private func configuration() throws -> RunConfiguration {
      var run = RunConfiguration()
      run.image = photograph("camera")
      run.crop = try Crop(size: 24)
      run.timesteps = 30
      run.traces = [.spikes, .steps, .npz, .sonata, .nwb, .sqlite, .perfetto, .vcd]
      return run
    }

    /// Networks of every model, and every pixel or a sparse code as input: messages with values on two chips whose costs
    /// differ, and binary spikes of pairs that go from chip to chip.
    enum Kind: CaseIterable {
      case deltaOnLoihi2, deltaOnSENECA, spikingOnChips, sparseDelta, sparseGraded, denseResidual, sparseSpiking

      /// Those whose packets differ in kind.
      fileprivate static let ofPackets = [deltaOnLoihi2, deltaOnSENECA, spikingOnChips]

      fileprivate func change(_ run: inout RunConfiguration) {
        switch self {
        case .deltaOnLoihi2: run.chip = "loihi2"
        case .deltaOnSENECA: run.chip = "seneca"
        case .spikingOnChips:
          (run.chip, run.model, run.input) = ("loihi1", .spiking, .denseRate)
          run.chipChanges["geometry.tiles_x"] = "2"
          run.chipChanges["geometry.tiles_y"] = "1"
          run.chipChanges["costs.hop_between_chips.energy_pJ"] = "70"
        case .sparseDelta: run.input = .sparse
        case .sparseGraded: (run.model, run.input) = (.graded, .sparse)
        case .denseResidual: run.model = .residual
        case .sparseSpiking: (run.chip, run.model, run.input) = ("loihi1", .spiking, .sparseRate)
        }
      }
    }

    @Test(
      .enabled(if: PythonOracle.isAvailable, "needs the Python oracles; run by make test"), arguments: Kind.allCases)
    func tracesAloneGiveTheStatistics(kind: Kind) throws {
      try withTemporaryFolder { folder in
        var run = try configuration()
        kind.change(&run)
        _ = try Run(run, output: "\(folder)/result")()
        let report: Report = try PythonOracle.json("chip_traces.py", ["\(folder)/result"])
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/result/stats.json"))
        let statistics = try JSONDecoder().decode(Statistics.self, from: data).stats
        for (name, value) in report.stats {
          let expected = try #require(statistics[name]?.value, "\(name)")
          #expect(abs(value - expected) <= 1e-12 * abs(expected), "\(name): \(value), not \(expected)")
        }
        #expect((report.stats["spikes"] ?? 0) > 0 && (report.stats["packets"] ?? 0) > 0)
        #expect(((report.stats["mapping.chips"] ?? 0) > 1) == (kind == .spikingOnChips))
        #expect(((report.stats["hops.between_chips"] ?? 0) > 0) == (kind == .spikingOnChips))
        let cores = try busyTimes("\(folder)/result/cores.csv")
        for (trace, times) in report.cores { #expect(times.filter { $0.value > 0 } == cores, "\(trace)") }
        #expect(report.cores.count >= 3)
      }
    }

    /// GTKWave's `vcd2fst` makes the FST; what is in it must be what SystemC wrote.
    @Test(
      .enabled(if: PythonOracle.isAvailable, "needs the Python oracles; run by make test"),
      .enabled(if: Programs.areInstalled("vcd2fst"), "needs vcd2fst, of GTKWave"))
    func anFSTIsItsVCD() throws {
      try withTemporaryFolder { folder in
        var run = try configuration()
        (run.traces, run.timesteps) = ([.vcd, .fst], 5)
        _ = try Run(run, output: "\(folder)/result")()
        let files: [Tables] = try PythonOracle.json(
          "trace_tables.py", ["vcd", "fst"].map { "\(folder)/result/activity.\($0)" })
        #expect(files[0].changes == files[1].changes)
        #expect(files[0].changes.rows.count > 1000)
      }
    }

    private struct Tables: Decodable {
      struct Table: Decodable, Equatable { let rows: [[String]] }
      let changes: Table
    }

    /// What a probe of a state saw is in the database, neuron by neuron.
    @Test(.enabled(if: PythonOracle.isAvailable, "needs the Python oracles; run by make test"))
    func probedStatesAreInTheDatabase() throws {
      struct Tables: Decodable {
        struct Table: Decodable { let rows: [[String]] }
        let probe: Table
        let population: Table
      }
      var builder = NetworkBuilder()
      let names = ["first", "second"]
      let probes = try names.enumerated().map { index, name in
        let model = LIFModel(voltageDecay: 200, bias: 0.1 * Double(index + 1), threshold: 1)
        let cells = try builder.addPopulation(name, shape: .vector(4), model: model)
        return try builder.recordState("v", of: cells, neurons: index == 0 ? [3, 1] : nil, every: index + 2)
      }
      let built = try builder.build(on: .named("loihi2"))
      let recording = try built.run(steps: 9)
      try withTemporaryFolder { folder in
        let header = ActivityHeader(built.network, mapping: recording.mapping, chip: built.chip, properties: [])
        let database = try TraceDatabase(path: "\(folder)/trace.sqlite", header)
        for (population, probe) in probes.enumerated() {
          try database.append(recording[probe], population: population)
        }
        try database.finish()
        let tables: [Tables] = try PythonOracle.json("trace_tables.py", ["\(folder)/trace.sqlite"])
        let expected = probes.enumerated().flatMap { population, probe in
          zip(recording[probe].steps, recording[probe].values).flatMap { step, values in
            zip(recording[probe].neurons, values).map { ["\(step)", "\(population)", "\($0)", "v", "\($1)"] }
          }
        }
        #expect(tables[0].probe.rows == expected)
        #expect(expected.count == 4 * 2 + 3 * 4 && Set(expected.map { $0[4] }).count > 4)
        #expect(tables[0].population.rows.map { $0[1] } == names)
      }
    }

    /// A run's probes see what a simulation of the same network has.
    @Test(.enabled(if: PythonOracle.isAvailable, "needs the Python oracles; run by make test"))
    func statesThatARunProbesAreInItsDatabase() throws {
      struct Tables: Decodable {
        struct Table: Decodable { let rows: [[String]] }
        let probe: Table
      }
      var run = try configuration()
      (run.timesteps, run.traces) = (12, [.sqlite])
      let kernels = Array(stride(from: 1, to: 144, by: 6))
      run.probes = kernels.map { NeuronProbe(population: "coding", kernel: $0, row: 3, column: 2) }
      try withTemporaryFolder { folder in
        var runner = Runner(keepsSpikes: true)
        let traced = try runner.run(run, traceFolder: folder)
        let tables: [Tables] = try PythonOracle.json("trace_tables.py", ["\(folder)/trace.sqlite"])
        let shape = traced.lca.network.populations[0].shape
        let neurons = kernels.map { (3 * shape.columns + 2) * shape.channels + $0 }
        let simulation = try Simulation(
          traced.lca.network, mapping: traced.mapping, chip: traced.chip, options: SimulationOptions())
        try simulation.inject(traced.input)
        var expected: [[String]] = []
        for step in 0..<12 {
          _ = try simulation.run(steps: 1)
          for state in ["u", "s"] {
            let values = try simulation.state(state, of: 0)
            expected += neurons.map { ["\(step)", "0", "\($0)", state, "\(values[$0])"] }
          }
        }
        #expect(tables[0].probe.rows == expected)
        #expect(Set(expected.map { $0[4] }).count > 10, "they change")
      }
    }

    /// Packet by packet, field by field, those of a simulation of the same network.
    @Test(
      .enabled(if: PythonOracle.isAvailable, "needs the Python oracles; run by make test"), arguments: Kind.ofPackets)
    func packetsOfARunAreInItsDatabase(kind: Kind) throws {
      struct Tables: Decodable {
        struct Table: Decodable { let rows: [[String]] }
        let packet: Table
      }
      var run = try configuration()
      kind.change(&run)
      run.traces = [.sqlite]
      try withTemporaryFolder { folder in
        var runner = Runner(keepsSpikes: true)
        let traced = try runner.run(run, traceFolder: folder)
        let tables: [Tables] = try PythonOracle.json("trace_tables.py", ["\(folder)/trace.sqlite"])
        let simulation = try Simulation(
          traced.lca.network, mapping: traced.mapping, chip: traced.chip,
          options: SimulationOptions(recordsPackets: true))
        try simulation.inject(traced.input)
        _ = try simulation.run(steps: try #require(run.timesteps))
        let packets = simulation.takePackets()
        let expected = packets.map { p -> [String] in
          let (source, times) = (p.source.map { "\($0)" }, [p.injected_ps, p.delivered_ps, p.waited_ps])
          return ["\(p.step)", source ?? "None", "\(p.destination)", "\(p.hops)"] + times.map { "\($0)" }
        }
        #expect(tables[0].packet.rows == expected)
        #expect(packets.contains { $0.source == nil } && packets.contains { $0.source != nil })
        #expect(packets.contains { $0.waited_ps > 0 })
      }
    }

    @Test func probesThatCannotBeAreRefused() throws {
      try withTemporaryFolder { folder in
        var run = try configuration()
        for (population, kernel, message) in [
          ("code", 1, "probes: there is no population 'code'; there are coding"),
          ("coding", 144, "is no neuron; 'coding' has 144 kernels, 7 rows and 7 columns"),
        ] {
          run.probes = [NeuronProbe(population: population, kernel: kernel, row: 0, column: 0)]
          let error = #expect(throws: ExperimentError.self) { try Run(run, output: "\(folder)/r")() }
          #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        }
        run.traces = [.spikes]
        let error = #expect(throws: ExperimentError.self) { try Run(run, output: "\(folder)/r")() }
        #expect(error?.description.contains("which is not among the traces") == true)
      }
    }

    /// Busy times by core and unit; those that are not zero.
    private func busyTimes(_ path: String) throws -> [String: Int] {
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let names = lines[0].map(String.init)
      let (soma, engine) = try (#require(names.firstIndex(of: "soma_ps")), #require(names.firstIndex(of: "engine_ps")))
      var times: [String: Int] = [:]
      for line in lines.dropFirst() {
        times["\(line[0]).soma"] = Int(line[soma])
        times["\(line[0]).synapse_engine"] = Int(line[engine])
      }
      return times.filter { $0.value > 0 }
    }

    @Test func tracesChangeNothingInARun() throws {
      try withTemporaryFolder { folder in
        var runner = Runner(keepsSpikes: true)
        var run = try configuration()
        run.timesteps = 10
        let traced = try runner.run(run, traceFolder: folder)
        run.traces = [.spikes]
        let plain = try runner.run(run)
        #expect(traced.records == plain.records)
        #expect(traced.spikes == plain.spikes)
      }
    }

    /// The same recording in three formats drives the chip in the same way: it codes what the events add up to.
    @Test func aRecordingDrivesTheChip() throws {
      try withTemporaryFolder { folder in
        var edge = MovingEdge()
        edge.size = 32
        var runner = Runner(keepsSpikes: true)
        var runs: [ChipRun] = []
        for suffix in ["aedat4", "raw", "npz"] {
          var run = RunConfiguration()
          run.events = "\(folder)/edge.\(suffix)"
          run.timesteps = 120
          try EventStreamFile.write(edge.recording(), to: "\(folder)/edge.\(suffix)")
          runs.append(try runner.run(run))
        }
        #expect(runs[0].spikes.count > 50)
        #expect(runs.allSatisfy { $0.spikes == runs[0].spikes && $0.records == runs[0].records })
        // The edge has stopped after 22 steps of 1 ms; until then the drive, and so the code, lags behind.
        let recorded = try edge.recording().integrated(crop: nil, step_ns: 1_000_000, exponent: -2).stream
        #expect(runs[0].input == recorded && recorded.steps == 22)
        #expect(runs[0].records.last?.saturations == 0)
        let gaps = runs[0].qualities.map { runs[0].reference.gap(ofObjective: $0.objective) }
        #expect(gaps[119] < gaps[21] / 1.5, "from \(gaps[21]) to \(gaps[119])")
      }
    }

    @Test func aTraceOfActivityNeedsAFolder() throws {
      let run = try configuration()
      let error = #expect(throws: ExperimentError.self) { try Run(run, output: nil)() }
      #expect(error?.description.contains("give an output folder") == true)
    }
  }
}
