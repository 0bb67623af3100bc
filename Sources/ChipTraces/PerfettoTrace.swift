import DataFiles
import Foundation
import Neuromorphic

/// A chip's trace as Chrome-trace JSON, which ui.perfetto.dev opens: two tracks for each core (somas, synapse engine),
/// one for timesteps, counters for energy by unit and for the length of each core's queue.
///
/// Source: "Trace Event Format" (Google, 2016): complete events (X), counters (C), metadata (M); times in microseconds.
public final class PerfettoTrace: ActivitySink {
  private let writer: ByteWriter
  private var isFirst = true
  private var steps = 0
  private var lastEnd_ps: UInt64 = 0

  /// Makes a file at a path where nothing is.
  ///
  /// - Throws: `FileError` if it cannot be made.
  public init(path: String, _ header: ActivityHeader) throws {
    writer = try ByteWriter(path: path)
    let losses = [
      (name: "rounded", value: "slices begin and end at whole nanoseconds; begin_ps and end_ps are exact"),
      (name: "dropped", value: "spikes and single packets"),
    ]
    let properties = (header.properties + losses).map { "\(Self.quoted($0.name)):\(Self.quoted($0.value))" }
    try writer.append("{\"displayTimeUnit\":\"ns\",\"otherData\":{\(properties.joined(separator: ","))},\n".utf8)
    try writer.append("\"traceEvents\":[".utf8)
    try event("\"ph\":\"M\",\"name\":\"process_name\",\"pid\":1,\"args\":{\"name\":\"chip\"}")
    try name(track: Self.stepsTrack, "timesteps")
    for core in header.cores {
      for unit in CoreUnit.allCases {
        let title = unit == .soma ? "somas" : "synapse engine"
        try name(track: Self.track(core.core, unit), "core \(core.core) (\(core.x), \(core.y)) \(title)")
      }
    }
  }

  /// Not 0: Perfetto puts that on the track of the process itself, which has the number of the process.
  private static let stepsTrack = 1

  private static func track(_ core: Int, _ unit: CoreUnit) -> Int { 2 * core + (unit == .soma ? 2 : 3) }

  private func name(track: Int, _ name: String) throws {
    try event(
      "\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":1,\"tid\":\(track),\"args\":{\"name\":\(Self.quoted(name))}")
    try event(
      "\"ph\":\"M\",\"name\":\"thread_sort_index\",\"pid\":1,\"tid\":\(track),\"args\":{\"sort_index\":\(track)}")
  }

  /// Takes what happened in one step: a slice, and the energy spent until its end.
  public func append(_ record: StepRecord, spikes: [Spike], packets: [PacketRecord]) throws {
    try slice(
      track: Self.stepsTrack, "step \(steps)", lastEnd_ps, record.end_ps,
      arguments: ",\"spikes\":\(spikes.count),\"packets\":\(packets.count)")
    let energy = record.energy
    for (unit, value) in [
      ("synapse", energy.synapse_pJ), ("soma", energy.soma_pJ), ("axon", energy.axon_pJ),
      ("network", energy.network_pJ), ("host", energy.host_pJ),
    ] {
      try counter("energy \(unit)", record.end_ps, "\"pJ\":\(value)")
    }
    steps += 1
    lastEnd_ps = record.end_ps
  }

  /// Takes a time for which a unit of a core was busy.
  public func append(_ interval: BusyInterval) throws {
    try slice(track: Self.track(interval.core, interval.unit), "busy", interval.begin_ps, interval.end_ps)
  }

  /// Takes a change of the number of packets that wait.
  public func append(_ length: QueueLength) throws {
    try counter("queue of core \(length.core)", length.time_ps, "\"packets\":\(length.packets)")
  }

  /// Completes the file.
  public func finish() throws {
    try writer.append("\n]}\n".utf8)
    try writer.flush()
  }

  /// Perfetto counts whole nanoseconds, and drops a slice that begins before the last one on its track ends: so both
  /// ends are rounded down, and the exact ones are arguments.
  private func slice(track: Int, _ name: String, _ begin_ps: UInt64, _ end_ps: UInt64, arguments: String = "") throws {
    let (begin_ns, end_ns) = (begin_ps / 1000, end_ps / 1000)
    try event(
      "\"ph\":\"X\",\"name\":\"\(name)\",\"pid\":1,\"tid\":\(track),\"ts\":\(Self.microseconds(begin_ns)),"
        + "\"dur\":\(Self.microseconds(end_ns - begin_ns)),"
        + "\"args\":{\"begin_ps\":\(begin_ps),\"end_ps\":\(end_ps)\(arguments)}")
  }

  private func counter(_ name: String, _ time_ps: UInt64, _ value: String) throws {
    try event(
      "\"ph\":\"C\",\"name\":\"\(name)\",\"pid\":1,\"ts\":\(Self.microseconds(time_ps / 1000)),\"args\":{\(value)}")
  }

  private func event(_ members: String) throws {
    try writer.append { $0 += "\(isFirst ? "" : ",")\n{\(members)}".utf8 }
    isFirst = false
  }

  private static func microseconds(_ time_ns: UInt64) -> String {
    let fraction = String(time_ns % 1000)
    return "\(time_ns / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
  }

  private static func quoted(_ text: String) -> String {
    let characters = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case _ where scalar.value < 32: String(format: "\\u%04x", scalar.value)
      default: String(scalar)
      }
    }
    return "\"\(characters.joined())\""
  }
}
