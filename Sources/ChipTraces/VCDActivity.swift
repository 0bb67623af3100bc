import DataFiles
import Neuromorphic

/// Reads the VCD file of the cores' activity that the chip model wrote.
///
/// Source: IEEE 1364-2005, section 18 (value change dump files). Only what SystemC writes is taken: nested scopes,
/// wires, times, and values of one bit (`0!`, `1!`) or several (`b101 !`).
public struct VCDActivity {
  private enum Signal {
    case busy(core: Int, CoreUnit)
    case queued(core: Int)
    case steps
  }

  private var signals: [String: Signal] = [:]
  /// Steps that are over, as far as none is missing.
  private var steps = 0
  /// How lines end that count steps.
  private var endOfSteps: [UInt8] = []
  private var scope: [String] = []
  private var began: [String: UInt64] = [:]
  private var time_ps: UInt64 = 0

  /// Hands everything in a file to sinks, and checks that it goes on to the end of the run: SystemC does not say when
  /// it could not write.
  ///
  /// - Parameters:
  ///   - steps: The steps of the run.
  ///   - end_ps: When the run ended; what is busy then is busy until then.
  /// - Throws: `FileError` if the file is not such a VCD, or lacks a step.
  public static func read(_ path: String, steps: Int, end_ps: UInt64, into sinks: [any ActivitySink]) throws {
    var reader = VCDActivity()
    let bytes = try ByteReader(path: path)
    while let line = try bytes.line() {
      if sinks.isEmpty, !reader.isOfSteps(line) { continue }
      try reader.take(String(decoding: line, as: UTF8.self), sinks, path)
    }
    guard reader.steps == steps else {
      throw FileError(path: path, "could not be written to its end; is the disk full?")
    }
    for (code, begin) in reader.began.sorted(by: { $0.key < $1.key }) where begin < end_ps {
      guard case .busy(let core, let unit) = reader.signals[code] else { continue }
      for sink in sinks { try sink.append(BusyInterval(core: core, unit: unit, begin_ps: begin, end_ps: end_ps)) }
    }
  }

  /// Whether a line defines something or counts steps: all that matters where nobody wants the rest.
  private func isOfSteps(_ line: [UInt8]) -> Bool {
    line.first == UInt8(ascii: "$") || (!endOfSteps.isEmpty && line.suffix(endOfSteps.count).elementsEqual(endOfSteps))
  }

  private mutating func take(_ line: String, _ sinks: [any ActivitySink], _ path: String) throws {
    guard let first = line.utf8.first else { return }
    switch first {
    case UInt8(ascii: "#"):
      guard let time = UInt64(line.dropFirst()) else {
        throw FileError(path: path, "has the time '\(line.prefix(40))'")
      }
      time_ps = time
    case UInt8(ascii: "0"), UInt8(ascii: "1"):
      try change(String(line.dropFirst()), to: first == UInt8(ascii: "1") ? 1 : 0, sinks)
    case UInt8(ascii: "b"):
      let words = line.dropFirst().split(separator: " ")
      guard words.count == 2, let value = Int(words[0], radix: 2) else { return }
      try change(String(words[1]), to: value, sinks)
    case UInt8(ascii: "$"): define(line.split(separator: " ").map(String.init))
    default: return
    }
  }

  private mutating func define(_ words: [String]) {
    switch words.first {
    case "$scope" where words.count > 2: scope.append(words[2])
    case "$upscope": _ = scope.popLast()
    case "$var" where words.count > 4:
      if words[4] == "steps", scope.last == "chip" {
        signals[words[3]] = .steps
        endOfSteps = Array(" \(words[3])".utf8)
      }
      guard let name = scope.last, name.hasPrefix("core"), let core = Int(name.dropFirst(4)) else { return }
      switch words[4] {
      case "soma_busy": signals[words[3]] = .busy(core: core, .soma)
      case "synapse_engine_busy": signals[words[3]] = .busy(core: core, .synapseEngine)
      case "packets_queued": signals[words[3]] = .queued(core: core)
      default: return
      }
    default: return
    }
  }

  private mutating func change(_ code: String, to value: Int, _ sinks: [any ActivitySink]) throws {
    switch signals[code] {
    case .busy(let core, let unit):
      if value == 1 {
        if began[code] == nil { began[code] = time_ps }
      } else if let begin = began.removeValue(forKey: code) {
        for sink in sinks { try sink.append(BusyInterval(core: core, unit: unit, begin_ps: begin, end_ps: time_ps)) }
      }
    case .queued(let core):
      for sink in sinks { try sink.append(QueueLength(core: core, time_ps: time_ps, packets: value)) }
    case .steps: if value == steps + 1 { steps = value }
    case nil: return
    }
  }
}
