import DataFiles
import Foundation

/// The spikes of one population.
public struct SpikeRecording: Equatable, Sendable {
  /// The population's name.
  public let population: String
  /// Its dendrites.
  public let shape: Network.Shape
  /// Neurons on each dendrite.
  public let neuronsPerDendrite: Int
  /// What a payload of 1 is worth, in real units.
  public let payloadUnit: Double
  /// By step and, within a step, by neuron.
  public let spikes: [Spike]

  init(population: String, shape: Network.Shape, neuronsPerDendrite: Int, payloadUnit: Double, spikes: [Spike]) {
    self.population = population
    self.shape = shape
    self.neuronsPerDendrite = neuronsPerDendrite
    self.payloadUnit = payloadUnit
    self.spikes = spikes.sorted { ($0.step, $0.neuron) < ($1.step, $1.neuron) }
  }

  /// Number of spikes of each neuron.
  public var counts: [Int] {
    spikes.reduce(into: [Int](repeating: 0, count: shape.count * neuronsPerDendrite)) { $0[$1.neuron] += 1 }
  }

  /// Steps in which a neuron spiked.
  public func steps(of neuron: Int) -> [Int] { spikes.filter { $0.neuron == neuron }.map(\.step) }

  /// Writes a line for each spike (`.csv`), or arrays with one value for each (`.npz`): `step`, `time_ps`, `neuron`,
  /// `channel`, `row`, `column`, `payload` (in real units).
  ///
  /// - Throws: `FileError` if the extension is another one or the file cannot be written.
  public func write(to path: String) throws {
    let dendrites = spikes.map { $0.neuron / neuronsPerDendrite }
    try RecordingFile.write(
      [
        ("step", .integers(spikes.map(\.step))), ("time_ps", .integers(spikes.map { Int($0.time_ps) })),
        ("neuron", .integers(spikes.map(\.neuron))), ("channel", .integers(dendrites.map { $0 % shape.channels })),
        ("row", .integers(dendrites.map { $0 / shape.channels / shape.columns })),
        ("column", .integers(dendrites.map { $0 / shape.channels % shape.columns })),
        ("payload", .reals(spikes.map { $0.payload * payloadUnit })),
      ], to: path)
  }
}

/// Values of one state of chosen neurons over time, in real units.
public struct StateRecording: Equatable, Sendable {
  /// The state's name in the neuron model.
  public let state: String
  /// Which neurons.
  public let neurons: [Int]
  /// The steps after which it was read.
  public private(set) var steps: [Int] = []
  /// For each of the steps the values of the neurons.
  public private(set) var values: [[Double]] = []

  init(state: String, neurons: [Int]) {
    self.state = state
    self.neurons = neurons
  }

  mutating func append(step: Int, _ row: [Double]) {
    steps.append(step)
    values.append(row)
  }

  /// Writes a line for each value (`.csv`), or arrays with one value for each (`.npz`): `step`, `neuron`, and the
  /// state.
  ///
  /// - Throws: `FileError` if the extension is another one or the file cannot be written.
  public func write(to path: String) throws {
    try RecordingFile.write(
      [
        ("step", .integers(steps.flatMap { step in neurons.map { _ in step } })),
        ("neuron", .integers(steps.flatMap { _ in neurons })), (state, .reals(values.flatMap(\.self))),
      ], to: path)
  }
}

/// Columns of equal length as a file.
private enum RecordingFile {
  enum Column {
    case integers([Int])
    case reals([Double])

    var array: NumPyArray {
      switch self {
      case .integers(let values): NumPyArray(shape: [values.count], values.map(Int64.init))
      case .reals(let values): NumPyArray(shape: [values.count], values)
      }
    }

    var texts: [String] {
      switch self {
      case .integers(let values): values.map(String.init)
      case .reals(let values): values.map { "\($0)" }
      }
    }
  }

  static func write(_ columns: [(name: String, column: Column)], to path: String) throws {
    switch URL(fileURLWithPath: path).pathExtension.lowercased() {
    case "npz":
      let arrays = columns.map { ($0.name, $0.column.array) }
      try NumPyArchive(Dictionary(uniqueKeysWithValues: arrays)).write(to: path)
    case "csv":
      let texts = columns.map(\.column.texts)
      let lines = (texts.first ?? []).indices.map { line in texts.map { $0[line] }.joined(separator: ",") }
      let text = ([columns.map(\.name).joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
      try AtomicFile.write(Data(text.utf8), to: path)
    default: throw FileError(path: path, "is not a recording's format; the extensions are .csv and .npz")
    }
  }
}
