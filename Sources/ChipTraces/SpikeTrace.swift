import DataFiles
import Foundation
import Neuromorphic

/// How the spikes of a network are traced: what is needed to read them, and the formats of their files.
public struct SpikeTrace: Sendable {
  /// The populations of the network.
  public let populations: [Population]
  /// Whether payloads are integers of the chip; otherwise real values.
  public let hasIntegerPayloads: Bool

  /// A population as a trace needs it.
  public struct Population: Equatable, Sendable {
    /// Its name.
    public let name: String
    /// Its dendrites.
    public let shape: Network.Shape
    /// Neurons on each dendrite: 2 for ON/OFF pairs.
    public let neuronsPerDendrite: Int
    /// An integer payload p is worth p × 2^payloadExponent; 0 where payloads are real values.
    public let payloadExponent: Int

    /// A population of these neurons.
    public init(name: String, shape: Network.Shape, neuronsPerDendrite: Int, payloadExponent: Int = 0) {
      (self.name, self.shape, self.neuronsPerDendrite) = (name, shape, neuronsPerDendrite)
      self.payloadExponent = payloadExponent
    }

    /// Number of neurons.
    public var neuronCount: Int { shape.count * neuronsPerDendrite }
  }

  /// The trace of a network.
  public init(_ network: Network) {
    let isInteger = network.arithmetic != .float
    self.init(
      network.populations.map {
        Population(
          name: $0.name, shape: $0.shape, neuronsPerDendrite: $0.model.neuronsPerDendrite,
          payloadExponent: isInteger ? $0.scale.payloadExponent : 0)
      }, hasIntegerPayloads: isInteger)
  }

  /// The trace of populations.
  public init(_ populations: [Population], hasIntegerPayloads: Bool) {
    (self.populations, self.hasIntegerPayloads) = (populations, hasIntegerPayloads)
  }

  /// Where a neuron stands.
  public struct Place: Equatable, Sendable {
    /// Kernel of a code, channel of a layer, 0 for a pixel.
    public let kernel: Int
    /// Row of its position.
    public let row: Int
    /// Column of its position.
    public let column: Int
    /// −1 for the OFF neuron of a pair, else 1.
    public let side: Int

    /// A place.
    public init(kernel: Int, row: Int, column: Int, side: Int) {
      (self.kernel, self.row, self.column, self.side) = (kernel, row, column, side)
    }
  }

  /// Where a neuron of a population stands.
  public func place(ofNeuron neuron: Int, population: Int) -> Place {
    let population = populations[population]
    let dendrite = neuron / population.neuronsPerDendrite
    let position = dendrite / population.shape.channels
    return Place(
      kernel: dendrite % population.shape.channels, row: position / population.shape.columns,
      column: position % population.shape.columns, side: 1 - 2 * (neuron % population.neuronsPerDendrite))
  }

  /// The sign of what a spike says: that of its neuron in a pair, else of its payload.
  public func polarity(of spike: Spike) -> Int {
    populations[spike.population].neuronsPerDendrite == 1
      ? (spike.payload < 0 ? -1 : 1) : 1 - 2 * (spike.neuron % populations[spike.population].neuronsPerDendrite)
  }

  /// The formats of spike traces.
  public enum Format: String, CaseIterable, Sendable {
    /// A line for each spike.
    case csv
    /// NumPy arrays of one value for each spike.
    case npz
    /// SONATA's HDF5 file of spikes.
    case sonata
    /// An NWB 2 file with the neurons as units.
    case nwb

    /// The name of the file in a result folder.
    public var fileName: String {
      switch self {
      case .csv, .npz, .nwb: "spikes.\(rawValue)"
      case .sonata: "spikes.sonata.h5"
      }
    }
  }

  /// Spikes by their time, and at one time by step, population and neuron. No step begins before the one before it has
  /// ended, so steps in order are spikes in order.
  static func ordered(_ spikes: [Spike]) -> [Spike] {
    let areOrdered = zip(spikes, spikes.dropFirst()).allSatisfy { key($0) <= key($1) }
    return areOrdered ? spikes : spikes.sorted { key($0) < key($1) }
  }

  static func key(_ spike: Spike) -> (UInt64, Int, Int, Int) {
    (spike.time_ps, spike.step, spike.population, spike.neuron)
  }

  /// Checks what formats need of populations.
  ///
  /// - Throws: `FileError` if a name cannot stand in a table or path, or numbers of neurons have more than 31 bits.
  func validate(for path: String) throws {
    for population in populations {
      guard !population.name.isEmpty, population.name.allSatisfy({ !$0.isNewline && !"/,\"".contains($0) }) else {
        throw FileError(path: path, "a population's name is '\(population.name)'; '/', ',' and '\"' cannot be in it")
      }
      guard population.neuronCount <= Int(Int32.max) else {
        throw FileError(
          path: path, "the population '\(population.name)' has \(population.neuronCount) neurons, more than 2^31 - 1")
      }
    }
  }

  /// Writes spikes in the order of their time, step, population and neuron; the file appears whole or not at all.
  ///
  /// - Throws: `FileError` if it cannot be written.
  public func write(_ spikes: [Spike], as format: Format, to path: String) throws {
    try write(as: format, to: path) { append in try append(spikes) }
  }

  /// Writes the spikes that `body` appends while a network runs, in memory that does not grow with their number; the
  /// file appears whole or not at all.
  ///
  ///     let recording = try SpikeTrace(built.network).write(as: .npz, to: "spikes.npz") { append in
  ///       try built.run(input, steps: steps, onSpikes: append)
  ///     }
  ///
  /// - Parameter body: Appends the spikes of one or more steps at once, in any order; none is of a time before, or a
  ///   step before, those that were appended.
  /// - Returns: What `body` returns.
  /// - Throws: `FileError` if the file cannot be written, and what `body` throws; an existing file then stays as it
  ///   was.
  public func write<Result>(
    as format: Format, to path: String, _ body: (_ append: ([Spike]) throws -> Void) throws -> Result
  ) throws -> Result {
    try AtomicFile.writeInFolder(to: path) { folder in
      let file = try SpikeTraceFile(self, format, path: "\(folder)/spikes")
      let result = try body(file.append)
      try file.finish()
      return ("\(folder)/spikes", result)
    }
  }
}
