/// A network of spiking neurons, independent of any chip: populations, and projections between them.
public struct Network: Sendable {
  /// The numbers that the network computes with.
  public enum Arithmetic: Equatable, Sendable {
    /// The chip's integers, with weights of that many bits (2 to 16).
    case integer(weightBits: Int)
    /// Real numbers, for studying quantisation; no chip has them.
    case float
  }

  /// Rows, columns and channels; the channel is the fastest index.
  public struct Shape: Hashable, Sendable {
    /// Rows of positions.
    public let rows: Int
    /// Columns of positions.
    public let columns: Int
    /// Channels at each position.
    public let channels: Int

    /// A shape.
    public init(rows: Int, columns: Int, channels: Int) {
      self.rows = rows
      self.columns = columns
      self.channels = channels
    }

    /// Number of places.
    public var count: Int { rows * columns * channels }

    /// The number of a place, which counts from 0, channels fastest.
    public func place(row: Int, column: Int, channel: Int) -> Int { (row * columns + column) * channels + channel }
  }

  /// Neurons of one model.
  public struct Population: Sendable {
    /// What messages and traces call it.
    public let name: String
    /// Its dendrites.
    public let shape: Shape
    /// Its neurons.
    public let model: any NeuronModel
    /// How its states and payloads stand for real values.
    public let scale: NumberScale
    /// `trace` compartments lose 2^−traceDecayShift of their value each step.
    public let traceDecayShift: Int

    /// A population.
    public init(name: String, shape: Shape, model: any NeuronModel, scale: NumberScale, traceDecayShift: Int = 0) {
      self.name = name
      self.shape = shape
      self.model = model
      self.scale = scale
      self.traceDecayShift = traceDecayShift
    }

    /// Number of neurons.
    public var neuronCount: Int { shape.count * model.neuronsPerDendrite }
  }

  /// Where a projection comes from.
  public enum Source: Hashable, Sendable {
    /// The host's input events.
    case input
    /// The population with that index.
    case population(Int)
  }

  /// What a projection adds to.
  public enum Compartment: Hashable, Sendable {
    /// Input of one step.
    case pulse
    /// Added up and kept.
    case hold
    /// Decays exponentially.
    case trace
  }

  /// Who is connected to whom, and how strongly.
  public enum Connectivity: Sendable {
    /// Offset = sourceStride · source − targetStride · target + origin, along both axes; weights from a shared table.
    case convolution(table: Int, sourceStride: Int, targetStride: Int, origin: Int)
    /// Explicit pairs: for each source neuron, dendrites of the target and weights.
    case pairs(SynapseRows)
    /// Each source drives the dendrite at its own place: payload · weight, and once, with its first event that is not
    /// zero, sign(payload) · signWeight, in real units.
    case oneToOne(weight: Double, signWeight: Double)

    /// Explicit pairs from compressed rows, which `SynapseRows` describes.
    ///
    /// Of arrays: what is generic is not specialised in other modules, and many times slower there.
    public static func pairs(rowStarts: [Int], targets: [Int32], weights: QuantizedWeights) -> Connectivity {
      .pairs(SynapseRows(rowStarts: rowStarts, targets: targets, weights: weights))
    }

    /// The same from a target for each synapse that is computed whenever it is asked for, and not held.
    package static func pairs(
      rowStarts: [Int], weights: QuantizedWeights, target: @escaping (_ synapse: Int) -> Int32
    ) -> Connectivity {
      .pairs(SynapseRows(rowStarts: rowStarts, targets: (0..<weights.count).lazy.map(target), weights: weights))
    }
  }

  /// A bundle of connections.
  public struct Projection: Sendable {
    /// Where its packets come from.
    public let source: Source
    /// Index of the population it goes to.
    public let target: Int
    /// What it adds to.
    public let compartment: Compartment
    /// Who is connected to whom.
    public let connectivity: Connectivity
    /// Contributions are multiplied by this: 1 or −1.
    public let sign: Int
    /// Further steps of axonal delay.
    public let delay: Int
    /// The largest delay that the chip model has room for, whatever the chip.
    static let largestDelay = 64

    /// A bundle or network of these parts.
    public init(
      source: Source, target: Int, compartment: Compartment, connectivity: Connectivity, sign: Int = 1, delay: Int = 0
    ) {
      self.source = source
      self.target = target
      self.compartment = compartment
      self.connectivity = connectivity
      self.sign = sign
      self.delay = delay
    }
  }

  /// The numbers that the network computes with.
  public var arithmetic: Arithmetic
  /// Shape of the host's input events.
  public var inputShape: Shape
  /// An input event's value is payload × 2^inputExponent.
  public var inputExponent: Int
  /// The populations.
  public var populations: [Population]
  /// Tables that convolutions share.
  public var tables: [ConvolutionTable]
  /// The projections.
  public var projections: [Projection]
  /// What is broken.
  public var faults: Faults

  /// A bundle or network of these parts.
  public init(
    arithmetic: Arithmetic, inputShape: Shape, inputExponent: Int, populations: [Population] = [],
    tables: [ConvolutionTable] = [], projections: [Projection] = [], faults: Faults = Faults()
  ) {
    self.arithmetic = arithmetic
    self.inputShape = inputShape
    self.inputExponent = inputExponent
    self.populations = populations
    self.tables = tables
    self.projections = projections
    self.faults = faults
  }

  /// Shape of a projection's source.
  public func shape(of source: Source) -> Shape {
    switch source {
    case .input: inputShape
    case .population(let index): populations[index].shape
    }
  }

  /// What messages call a projection.
  func title(of projection: Projection) -> String {
    let source =
      switch projection.source {
      case .input: "the input"
      case .population(let index): "'\(populations[index].name)'"
      }
    return "the projection from \(source) to '\(populations[projection.target].name)'"
  }

  /// Exponent of the payloads that a source sends.
  public func payloadExponent(of source: Source) -> Int {
    switch source {
    case .input: inputExponent
    case .population(let index): populations[index].scale.payloadExponent
    }
  }

  /// How synapses hold a projection's weights.
  func weightFormat(of projection: Projection) -> WeightFormat {
    switch projection.connectivity {
    case .convolution(let table, _, _, _): tables[table].weights.format
    case .pairs(let rows): rows.weights.format
    case .oneToOne: .single
    }
  }
}
