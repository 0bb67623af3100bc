import DataFiles
import Foundation
import Neuromorphic

/// The spikes of a run, in order of time, and what is needed to read them.
public struct SpikeTrace: Sendable {
  /// The populations of the network.
  public let populations: [Population]
  /// By time, population and neuron.
  public let spikes: [Spike]
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

    /// A population of these neurons.
    public init(name: String, shape: Network.Shape, neuronsPerDendrite: Int) {
      (self.name, self.shape, self.neuronsPerDendrite) = (name, shape, neuronsPerDendrite)
    }

    /// Number of neurons.
    public var neuronCount: Int { shape.count * neuronsPerDendrite }
  }

  /// The spikes of a network.
  public init(_ network: Network, spikes: [Spike]) {
    let populations = network.populations.map {
      Population(name: $0.name, shape: $0.shape, neuronsPerDendrite: $0.model.neuronsPerDendrite)
    }
    self.init(populations, spikes: spikes, hasIntegerPayloads: network.arithmetic != .float)
  }

  /// The spikes of populations.
  public init(_ populations: [Population], spikes: [Spike], hasIntegerPayloads: Bool) {
    (self.populations, self.hasIntegerPayloads) = (populations, hasIntegerPayloads)
    // Spikes arrive step by step; within a step sorting is cheap, and a sorted trace stays as it is.
    self.spikes = Self.isSorted(spikes) ? spikes : spikes.sorted { Self.key($0) < Self.key($1) }
  }

  private static func key(_ spike: Spike) -> (UInt64, Int, Int) { (spike.time_ps, spike.population, spike.neuron) }

  private static func isSorted(_ spikes: [Spike]) -> Bool {
    zip(spikes, spikes.dropFirst()).allSatisfy { key($0) <= key($1) }
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

  /// Writes the trace; the file appears whole or not at all.
  ///
  /// - Throws: `FileError` if it cannot be written.
  public func write(_ format: Format, to path: String) throws {
    switch format {
    case .csv: try AtomicFile.write(to: path) { try writeCSV(to: $0) }
    case .npz: try AtomicFile.writeInFolder(to: path) { try writeNumPy(inFolder: $0) }
    case .sonata: try AtomicFile.write(to: path) { try writeSONATA(to: $0) }
    case .nwb: try AtomicFile.write(to: path) { try writeNWB(to: $0) }
    }
  }
}
