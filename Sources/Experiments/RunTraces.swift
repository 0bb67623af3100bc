import ChipTraces
import DataFiles
import Foundation
import Neuromorphic

/// The traces that are written while a run goes on, into a folder.
final class RunTraces {
  private let folder: String
  private let traces: Set<RunConfiguration.Trace>
  private var sinks: [any ActivitySink] = []
  private var spikeFiles: [SpikeTraceFile] = []
  private var probes: StateProbes?

  /// - Throws: `FileError` if a file cannot be made.
  init(
    _ run: RunConfiguration, folder: String, network: Network, mapping: Mapping, chip: ChipDescription
  ) throws {
    (self.folder, traces) = (folder, run.traces)
    let spikeTrace = SpikeTrace(network)
    spikeFiles = try run.spikeFormats.map { try SpikeTraceFile(spikeTrace, $0, path: "\(folder)/\($0.fileName)") }
    let keys = RunKey.said(by: run).filter { !["traces", "threads"].contains($0.name) }
    let properties =
      [(name: "program", value: ProgramVersion.current)] + keys.map { (name: $0.name, value: $0.write(run)) }
    let header = ActivityHeader(network, mapping: mapping, chip: chip, properties: properties)
    if traces.contains(.sqlite) {
      let database = try TraceDatabase(path: "\(folder)/trace.sqlite", header)
      sinks.append(database)
      if !run.probes.isEmpty { probes = try StateProbes(run.probes, of: network, into: database) }
    }
    if traces.contains(.perfetto) {
      sinks.append(try PerfettoTrace(path: "\(folder)/trace.perfetto.json", header))
    }
  }

  /// Whether packets must be recorded.
  var needsPackets: Bool { !sinks.isEmpty }

  /// The path of the VCD without its suffix, if one is needed.
  var activityTrace: String? {
    traces.isDisjoint(with: [.vcd, .fst]) && sinks.isEmpty ? nil : "\(folder)/activity"
  }

  func append(_ records: [StepRecord], _ spikes: [Spike], _ packets: [PacketRecord]) throws {
    for file in spikeFiles { try file.append(spikes) }
    for (index, record) in records.enumerated() {
      let isLast = index == records.count - 1
      for sink in sinks { try sink.append(record, spikes: isLast ? spikes : [], packets: isLast ? packets : []) }
    }
  }

  /// Takes the states of probed neurons after a step, which counts from 0.
  func probe(_ simulation: Simulation, step: Int) throws { try probes?.append(simulation, step: step) }

  /// Completes the files once the simulation, which writes the VCD, is gone.
  func finish(steps: Int, end_ps: UInt64) throws {
    for file in spikeFiles { try file.finish() }
    guard let activity = activityTrace.map({ "\($0).vcd" }) else { return }
    do {
      try VCDActivity.read(activity, steps: steps, end_ps: end_ps, into: sinks)
    } catch let error as FileError where error.path == activity {
      // The file that was asked for; the VCD may only be what it is made of.
      let wanted = [RunConfiguration.Trace.vcd, .fst, .sqlite, .perfetto].first(where: traces.contains)
      throw FileError(path: "\(folder)/\(wanted?.fileNames.first ?? "activity.vcd")", error.problem)
    }
    for sink in sinks { try sink.finish() }
    if traces.contains(.fst) { try convertToFST(activity) }
    if !traces.contains(.vcd) { try FileManager.default.removeItem(atPath: activity) }
  }

  private func convertToFST(_ activity: String) throws {
    let process = Process()
    process.executableURL = try Self.fstConverter()
    let path = "\(folder)/activity.fst"
    process.arguments = [activity, path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ExperimentError("vcd2fst failed with status \(process.terminationStatus); use the trace vcd instead of fst")
    }
    try FSTFile.checkIsWhole(path)
  }

  /// The program that makes an FST of a VCD.
  ///
  /// - Throws: `ExperimentError` if it is not there.
  static func fstConverter() throws -> URL {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    guard let folder = folders.first(where: { access("\($0)/vcd2fst", X_OK) == 0 }) else {
      throw ExperimentError(
        "the trace fst needs the program vcd2fst (of GTKWave), which is not there; use the trace vcd")
    }
    return URL(fileURLWithPath: "\(folder)/vcd2fst")
  }
}

extension RunConfiguration {
  /// Traces that are files of their own kind, and so need a result folder.
  static let tracesOfActivity: Set<Trace> = [.vcd, .fst, .sqlite, .perfetto]

  /// Formats of the spike trace that are asked for.
  var spikeFormats: [SpikeTrace.Format] {
    let formats: [(Trace, SpikeTrace.Format)] = [
      (.spikes, .csv), (.npz, .npz), (.sonata, .sonata), (.nwb, .nwb),
    ]
    return formats.filter { traces.contains($0.0) }.map(\.1)
  }
}
