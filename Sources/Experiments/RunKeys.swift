import DataFiles
import EventStreams
import Foundation
import KernelBanks
import Neuromorphic
import SparseCoding

/// One key of `run.yaml` and of `--set`: how it is read and written, and what it means.
package struct RunKey {
  package let name: String
  package let meaning: String
  /// Whether its values are whole numbers, or null.
  private(set) var isWhole = false
  let read: (YAMLReader, inout RunConfiguration) throws -> Void
  let write: (RunConfiguration) -> String

  package static var all: [RunKey] {
    [
      .path("image", "photograph (PNG or JPEG)", \.image),
      .path("events", "event stream that drives the network instead of the image", \.events),
      RunKey(name: "crop", meaning: "SIZE or SIZE@x,y; null: the whole image", isWhole: true) { value, run in
        run.crop = value.isNull ? nil : try Crop(parsing: value.text())
      } write: {
        $0.crop.map { quoted($0.description) } ?? "null"
      },
      RunKey(name: "bank", meaning: "homogeneous, heterogeneous, or a bank file") { value, run in
        run.bank = try value.name(.bank)
      } write: {
        quoted($0.bank)
      },
      .choice("norm", "norm of designed kernels", \.norm),
      .integer("stride", "pixels between positions", 1...64, \.stride),
      .positive("lambda", "weight of the sparseness, λ", \.lambda),
      .choice("input", "encoder of the input", \.input),
      RunKey(name: "input_bank", meaning: "bank of the sparse code that is sent; null: the network's own") {
        value, run in
        run.inputBank = value.isNull ? nil : try value.name(.bank)
      } write: {
        $0.inputBank.map(quoted) ?? "null"
      },
      .optionalPositive("input_lambda", "λ of the sparse code; null: lambda (own bank) or lambda / 5", \.inputLambda),
      .positive("input_gap", "relative gap of the sparse code", \.inputGap),
      .flag("prime", "events also set their neuron's state", \.primes),
      .integer("input_bits", "signed width of the input's payloads", 2...32, \.inputBits),
      RunKey(name: "input_steps", meaning: "steps of rate and latency codes, a power of two", isWhole: true) {
        value, run in
        let steps = try value.integer(in: 1...(1 << 16))
        guard steps.nonzeroBitCount == 1 else { throw value.failure("\(steps) is not a power of two") }
        run.inputSteps = steps
      } write: {
        "\($0.inputSteps)"
      },
      .integer(
        "event_step_us", "microseconds of a camera's recording in a timestep", 1...1_000_000_000, \.eventStep_us),
      .integer("event_exponent", "an event of a camera's recording is worth 2^n", -30...30, \.eventExponent),
      .choice("model", "neuron model", \.model),
      .optionalInteger("weight_bits", "signed width of weights; null: float arithmetic", 2...16, \.weightBits),
      .choice("weight_format", "how synapses of weight_bits hold a weight, split: two each", \.weightFormat),
      .optionalPositive("send_threshold", "smallest change that delta sends; null: λ / 4", \.sendThreshold),
      .optionalPositive("charge", "what a spike of spiking is worth; null: from the drive", \.charge),
      .optionalInteger("step_shift", "Euler step 2^-n; null: the largest stable one", 0...30, \.stepShift),
      .number("dead_neurons", "share of neurons that are dead: states 0, never a spike", 0...1, \.faults.deadNeurons),
      .number("lost_spikes", "share of spikes that are lost at their output axons", 0...1, \.faults.lostSpikes),
      .number(
        "weight_noise", "normal noise on each weight that the chip holds, share of its table's rms", 0...10,
        \.weightNoise),
      RunKey(name: "fault_seed", meaning: "decides which neurons and spikes, and the noise", isWhole: true) {
        value, run in
        run.faults.seed = UInt64(try value.integer(in: 0...Int.max))
      } write: {
        "\($0.faults.seed)"
      },
      RunKey(name: "chip", meaning: "bundled chip or chip file") { value, run in
        run.chip = try value.name(.chip)
      } write: {
        quoted($0.chip)
      },
      RunKey(name: chipChanges, meaning: "numbers of the chip that are set otherwise, by their keys in its file") {
        value, run in
        run.chipChanges = ChipChanges()
        for key in try value.keys() {
          if let number = try value.present(key) { try chip(key, number.failure).read(number, &run) }
        }
      } write: { run in
        "{" + run.chipChanges.sorted.map { "\(quoted($0.key)): \($0.value)" }.joined(separator: ", ") + "}"
      },
      .choice("timing", "timing level of the network on chip", \.timing),
      .integer("threads", "threads of the simulation; results do not depend on it", 1...256, \.threads),
      .choice("capacity", "strict: a network must fit; report: run all the same, figures are hypothetical", \.capacity),
      .choice("mapping", "balanced: by the busiest core and traffic; naive: cores one after the other", \.mapping),
      .integer("chip_limit", "chips at the most", 1...4096, \.chipLimit),
      .optionalInteger(
        "timesteps", "exactly so many steps; null: until the target is held", 1...10_000_000, \.timesteps),
      .positive("gap", "target: relative gap to the optimum", \.gap),
      .optionalPositive(
        "common_objective", "a second target: the objective that all banks of a comparison must reach",
        \.commonObjective),
      .integer("held_steps", "steps for which a target must be held", 0...1_000_000, \.heldSteps),
      .integer("step_limit", "steps at the most when a target is sought", 1...10_000_000, \.stepLimit),
      .positive("reference_gap", "relative gap of the reference optimum", \.referenceGap),
      RunKey(
        name: "traces", meaning: "any of \(RunConfiguration.Trace.allCases.map(\.rawValue).joined(separator: ", "))"
      ) {
        value, run in
        run.traces = []
        for entry in try value.list() { run.traces.insert(try entry.choice()) }
      } write: {
        "[\($0.traces.map(\.rawValue).sorted().joined(separator: ", "))]"
      },
      RunKey(
        name: "probes", meaning: "neurons whose states go into the trace sqlite: [POPULATION, KERNEL, ROW, COLUMN] each"
      ) {
        value, run in
        run.probes = try value.list().map { try NeuronProbe($0) }
      } write: {
        "[\($0.probes.map(\.yaml).joined(separator: ", "))]"
      },
      .number("host_power_W", "assumed power of a core of the host while it encodes", 0...1e6, \.hostPower_W),
    ]
  }
}

extension RunKey {
  /// What keys of chip files begin with where they are set one by one.
  static let chipPrefix = "chip."
  /// The key that holds all of them.
  static let chipChanges = "chip_changes"

  /// The keys that names of results and traces hold: all, but for those that came later where they are at their
  /// defaults, so that names stay what they were.
  static func said(by run: RunConfiguration) -> [RunKey] {
    let plain = RunConfiguration()
    return all.filter { !later.contains($0.name) || $0.write(run) != $0.write(plain) }
  }

  private static let later: Set = [chipChanges, "dead_neurons", "lost_spikes", "weight_noise", "fault_seed", "probes"]

  /// A key of `run.yaml`, or, after `chip.`, of the chip's file.
  ///
  /// - Parameter failure: Makes an error where the name stands.
  /// - Throws: that error, with the nearest names.
  static func named(_ name: String, _ failure: (String) -> YAMLError) throws(YAMLError) -> RunKey {
    if let key = all.first(where: { $0.name == name }) { return key }
    if name.hasPrefix(chipPrefix) { return try chip(String(name.dropFirst(chipPrefix.count)), failure) }
    let known = all.map(\.name) + ChipKey.all.map { chipPrefix + $0.name }
    throw failure("unknown key '\(name)'; \(NearestNames.advice(for: name, among: known))")
  }

  private static func chip(_ name: String, _ failure: (String) -> YAMLError) throws(YAMLError) -> RunKey {
    guard let key = ChipKey.named(name) else { throw failure(ChipKey.unknown(name).description) }
    return RunKey(name: chipPrefix + name, meaning: "\(name) of the chip's file", isWhole: key.isWhole) { value, run in
      run.chipChanges[name] = try value.isNull ? "null" : value.flow()
    } write: {
      $0.chipChanges[name] ?? "null"
    }
  }
}

extension YAMLReader {
  /// Reads keys of `run.yaml`, and of the chip after `chip.`, into a configuration.
  ///
  /// - Parameter others: Keys that are somebody else's.
  func read(into run: inout RunConfiguration, besides others: [String] = []) throws {
    let ofChip = try keys().filter { $0.hasPrefix(RunKey.chipPrefix) }
    let known = RunKey.all
    try allowKeys(others + known.map(\.name) + ofChip)
    for key in try present(RunKey.chipChanges)?.keys() ?? [] where ofChip.contains(RunKey.chipPrefix + key) {
      throw try required(RunKey.chipPrefix + key).failure("\(RunKey.chipChanges) sets \(key) too; set it once")
    }
    for key in known { try present(key.name)?.explaining { try key.read($0, &run) } }
    for name in ofChip {
      let value = try required(name)
      let key = try RunKey.named(name, value.failure)
      try value.explaining { try key.read($0, &run) }
    }
  }
}

extension RunConfiguration {
  /// Reads `run.yaml`. Keys that are absent keep their defaults; paths are relative to the file's folder.
  ///
  /// - Throws: `YAMLError` with file, line and column, or `FileError`.
  public init(contentsOf path: String) throws {
    self = try RunFile(contentsOf: path).configuration
  }

  /// Sets one key from text such as `lambda=0.1`.
  ///
  /// - Parameter place: What errors call it; nil for `--set` and the assignment.
  /// - Throws: `YAMLError` for an unknown key or an impossible value.
  public mutating func set(_ assignment: String, called place: String? = nil) throws {
    let place = place ?? "--set \(assignment)"
    let parts = assignment.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { throw YAMLError("\(place): KEY=VALUE is expected") }
    let key = try RunKey.named(parts[0]) { YAMLError("\(place): \($0)") }
    let root = try YAMLReader(text: "\(parts[0]): \(parts[1])", file: place, hasPlaces: false)
    try root.required(key.name).explaining { try key.read($0, &self) }
  }

  /// The text of a run file: every key with its value and meaning, in a fixed order.
  public var yaml: String {
    let lines = RunKey.all.map { key in
      let assignment = "\(key.name): \(key.write(self))"
      return assignment.padding(toLength: max(assignment.count + 2, 40), withPad: " ", startingAt: 0)
        + "# \(key.meaning)"
    }
    return (["# Run again with: rheobase run run.yaml", "schema: \(Schema.run.rawValue)"] + lines).joined(
      separator: "\n")
      + "\n"
  }
}

// MARK: Kinds of keys

/// A double-quoted YAML scalar; characters that YAML would fold or refuse are escaped.
func quoted(_ text: String) -> String {
  let characters = text.unicodeScalars.map { scalar -> String in
    switch scalar {
    case "\"", "\\": "\\\(scalar)"
    case _
    where scalar.properties.generalCategory == .control || "\u{2028}\u{2029}\u{FEFF}".unicodeScalars.contains(scalar):
      String(format: "\\u%04X", scalar.value)
    default: String(scalar)
    }
  }
  return "\"\(characters.joined())\""
}

extension YAMLReader {
  /// Runs `body`, giving errors without a place the place of this value.
  func explaining(_ body: (YAMLReader) throws -> Void) throws {
    do {
      try body(self)
    } catch let error as YAMLError {
      throw error
    } catch {
      throw failure("\(error)")
    }
  }

  /// A number above zero.
  fileprivate func positive() throws -> Double {
    let number = try number(in: -.greatestFiniteMagnitude...(.greatestFiniteMagnitude))
    guard (1e-12...1e12).contains(number) else {
      throw failure("\(number) is out of range; a number above 0 is needed (1e-12 to 1e12)")
    }
    return number
  }

  /// A name that comes with Rheobase, or a path.
  fileprivate func name(_ kind: NameOrPath) throws -> String {
    let name = try text()
    try kind.check(name)
    return name
  }

  func choice<Choice: RawRepresentable & CaseIterable>() throws -> Choice where Choice.RawValue == String {
    let name = try text()
    guard let choice = Choice(rawValue: name) else {
      throw failure("unknown '\(name)'; known: \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }
}

extension RunKey {
  fileprivate static func path(
    _ name: String, _ meaning: String, _ path: WritableKeyPath<RunConfiguration, String?>
  ) -> RunKey {
    RunKey(name: name, meaning: meaning) {
      $1[keyPath: path] = $0.isNull ? nil : try $0.text()
    } write: {
      $0[keyPath: path].map(quoted) ?? "null"
    }
  }

  fileprivate static func flag(_ name: String, _ meaning: String, _ path: WritableKeyPath<RunConfiguration, Bool>)
    -> RunKey
  {
    RunKey(name: name, meaning: meaning) {
      $1[keyPath: path] = try $0.flag()
    } write: {
      "\($0[keyPath: path])"
    }
  }

  fileprivate static func integer(
    _ name: String, _ meaning: String, _ range: ClosedRange<Int>, _ path: WritableKeyPath<RunConfiguration, Int>
  ) -> RunKey {
    RunKey(name: name, meaning: meaning, isWhole: true) {
      $1[keyPath: path] = try $0.integer(in: range)
    } write: {
      "\($0[keyPath: path])"
    }
  }

  fileprivate static func optionalInteger(
    _ name: String, _ meaning: String, _ range: ClosedRange<Int>, _ path: WritableKeyPath<RunConfiguration, Int?>
  ) -> RunKey {
    RunKey(name: name, meaning: meaning, isWhole: true) {
      $1[keyPath: path] = $0.isNull ? nil : try $0.integer(in: range)
    } write: {
      $0[keyPath: path].map { "\($0)" } ?? "null"
    }
  }

  fileprivate static func number(
    _ name: String, _ meaning: String, _ range: ClosedRange<Double>, _ path: WritableKeyPath<RunConfiguration, Double>
  ) -> RunKey {
    RunKey(name: name, meaning: meaning) {
      $1[keyPath: path] = try $0.number(in: range)
    } write: {
      "\($0[keyPath: path])"
    }
  }

  fileprivate static func positive(
    _ name: String, _ meaning: String, _ path: WritableKeyPath<RunConfiguration, Double>
  ) -> RunKey {
    RunKey(name: name, meaning: meaning) {
      $1[keyPath: path] = try $0.positive()
    } write: {
      "\($0[keyPath: path])"
    }
  }

  fileprivate static func optionalPositive(
    _ name: String, _ meaning: String, _ path: WritableKeyPath<RunConfiguration, Double?>
  ) -> RunKey {
    RunKey(name: name, meaning: meaning) {
      $1[keyPath: path] = $0.isNull ? nil : try $0.positive()
    } write: {
      $0[keyPath: path].map { "\($0)" } ?? "null"
    }
  }

  fileprivate static func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, _ meaning: String, _ path: WritableKeyPath<RunConfiguration, Choice>
  ) -> RunKey where Choice.RawValue == String {
    let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return RunKey(name: name, meaning: "\(meaning): \(known)") {
      $1[keyPath: path] = try $0.choice()
    } write: {
      $0[keyPath: path].rawValue
    }
  }
}
