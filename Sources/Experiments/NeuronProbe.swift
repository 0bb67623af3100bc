import ChipTraces
import DataFiles
import Neuromorphic

/// A neuron whose states a run records; of a pair, both neurons.
public struct NeuronProbe: Equatable, Sendable {
  /// The name of its population.
  public let population: String
  /// Its kernel of a code, 0 for a pixel.
  public let kernel: Int
  /// Its row.
  public let row: Int
  /// Its column.
  public let column: Int

  /// A probe of the neuron at a place.
  public init(population: String, kernel: Int, row: Int, column: Int) {
    (self.population, self.kernel, self.row, self.column) = (population, kernel, row, column)
  }

  /// Reads `[POPULATION, KERNEL, ROW, COLUMN]`.
  init(_ value: YAMLReader) throws(YAMLError) {
    let parts = try value.list()
    guard parts.count == 4 else {
      throw value.failure("a neuron is [POPULATION, KERNEL, ROW, COLUMN], such as [coding, 3, 10, 12]")
    }
    let numbers = 0...Int(Int32.max)
    self.init(
      population: try parts[0].line(), kernel: try parts[1].integer(in: numbers),
      row: try parts[2].integer(in: numbers), column: try parts[3].integer(in: numbers))
  }

  /// The places of probed neurons in each population of a network.
  ///
  /// - Throws: `ExperimentError` if the network has no such neuron, or one is named twice.
  static func places(
    of probes: [NeuronProbe], in populations: [(name: String, shape: Network.Shape)]
  ) throws(ExperimentError) -> [[Int]] {
    var places = [[Int]](repeating: [], count: populations.count)
    for probe in probes {
      guard let population = populations.firstIndex(where: { $0.name == probe.population }) else {
        let known = populations.map(\.name).joined(separator: ", ")
        throw ExperimentError("probes: there is no population '\(probe.population)'; there are \(known)")
      }
      let shape = populations[population].shape
      guard probe.kernel < shape.channels, probe.row < shape.rows, probe.column < shape.columns else {
        throw ExperimentError(
          "probes: \(probe.yaml) is no neuron; '\(probe.population)' has \(shape.channels.counted("kernel")), "
            + "\(shape.rows.counted("row")) and \(shape.columns.counted("column")), each counted from 0")
      }
      let place = shape.place(row: probe.row, column: probe.column, channel: probe.kernel)
      guard !places[population].contains(place) else {
        throw ExperimentError("probes: \(probe.yaml) is named twice")
      }
      places[population].append(place)
    }
    return places
  }

  var yaml: String { "[\(quoted(population)), \(kernel), \(row), \(column)]" }
}

/// Writes the states of probed neurons into a database, step by step.
struct StateProbes {
  private let database: TraceDatabase
  /// The neurons of each population.
  private let neurons: [(population: Int, states: [String], neurons: [Int])]

  /// - Throws: `ExperimentError` if the network has no such neuron.
  init(_ probes: [NeuronProbe], of network: Network, into database: TraceDatabase) throws(ExperimentError) {
    self.database = database
    let places = try NeuronProbe.places(of: probes, in: network.populations.map { ($0.name, $0.shape) })
    neurons = zip(network.populations, places).enumerated().filter { !$0.element.1.isEmpty }.map { index, element in
      let (population, places) = element
      let each = population.model.neuronsPerDendrite
      return (index, population.model.states, places.flatMap { $0 * each..<($0 + 1) * each })
    }
  }

  /// Takes the states after a step, which counts from 0.
  func append(_ simulation: Simulation, step: Int) throws {
    for (population, states, neurons) in neurons {
      for state in states {
        let values = try simulation.state(state, of: population)
        for neuron in neurons {
          try database.append(
            step: step, population: population, neuron: neuron, state: state, value: values[neuron])
        }
      }
    }
  }
}
