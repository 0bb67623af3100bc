import DataFiles
import Foundation

/// A network in the numbers of a chip, with what is to be recorded of it.
public struct BuiltNetwork: Sendable {
  /// How the weights of a projection were rounded.
  public struct Rounding: Equatable, Sendable {
    /// What messages call the projection.
    public let projection: String
    /// Weights are whole multiples of this.
    public let unit: Double
    /// The largest difference between a weight and what the chip holds for it.
    public let largestError: Double
    /// The largest magnitude that was asked for.
    public let largestWeight: Double
  }

  /// The populations and projections; population i is the i-th that was added.
  public let network: Network
  /// The chip whose numbers they are in.
  public let chip: ChipDescription
  /// How each projection's weights were rounded, in the order in which they were connected.
  public let roundings: [Rounding]
  let spikeProbes: [SpikeProbe]
  let stateProbes: [StateProbe]

  /// The units of states and weights, a line for each population and projection.
  public var summary: String {
    let populations = network.populations.map { population in
      let unit = Double(1).timesPowerOfTwo(population.scale.stateExponent)
      return
        "'\(population.name)': \(population.neuronCount.counted("neuron")) of the model "
        + "'\(population.model.name.rawValue)', "
        + (network.isInteger
          ? "states in units of \(unit.short) up to \(unit.timesPowerOfTwo(chip.stateBits.value - 1).short)"
          : "real states")
    }
    let projections = roundings.map { rounding in
      "\(rounding.projection): weights up to \(rounding.largestWeight.short) "
        + (network.isInteger
          ? "in units of \(rounding.unit.short), wrong by \(rounding.largestError.short) at most" : "as they are")
    }
    return (populations + projections).joined(separator: "\n")
  }
}

extension Double {
  /// Three digits.
  fileprivate var short: String { String(format: "%.3g", self) }
}

extension NetworkBuilder {
  /// Lowers the network to the numbers of a chip; `NetworkBuilder` says how.
  ///
  /// - Parameter arithmetic: nil for integers with the chip's width of weights; `float` for studying what rounding
  ///   costs.
  /// - Throws: `NeuromorphicError` naming the population or projection that the chip cannot run.
  public func build(on chip: ChipDescription, arithmetic: Network.Arithmetic? = nil) throws -> BuiltNetwork {
    guard !populations.isEmpty else {
      throw NeuromorphicError("the network has no population; add one before it is built")
    }
    let arithmetic = arithmetic ?? .integer(weightBits: chip.weightBits.value)
    var network = Network(
      arithmetic: arithmetic, inputShape: inputShape, inputExponent: inputExponent, faults: faults)
    network.populations = populations.map { $0.lowered(isInteger: arithmetic != .float, chip) }
    var roundings: [BuiltNetwork.Rounding] = []
    for projection in projections {
      let asked = projection.synapses.weights
      let weights = QuantizedWeights(asked, arithmetic: arithmetic, format: projection.weightFormat)
      network.add(projection, weights)
      let added = network.projections[network.projections.count - 1]
      roundings.append(BuiltNetwork.Rounding(asked, weights, title: network.title(of: added)))
    }
    try network.validate()
    try chip.checkRuns(network)
    return BuiltNetwork(
      network: network, chip: chip, roundings: roundings, spikeProbes: spikeProbes, stateProbes: stateProbes)
  }
}

extension NetworkBuilder.Population {
  /// Bits that headroom leaves for the model's largest level, and the headroom where the chip has more.
  private static let bitsOfLevel = 12, mostHeadroomBits = 5

  fileprivate func lowered(isInteger: Bool, _ chip: ChipDescription) -> Network.Population {
    let bits = chip.stateBits.value - 1
    let headroom = min(max(bits - Self.bitsOfLevel, 1), Self.mostHeadroomBits)
    let largest = largestState ?? model.largestLevel.timesPowerOfTwo(headroom)
    let stateExponent = Int(largest.exponent) + (largest.significand == 1 ? 0 : 1) - bits
    let scale = NumberScale(
      isInteger: isInteger, stateExponent: stateExponent,
      payloadExponent: model.payloadExponent(stateExponent: stateExponent))
    return Network.Population(
      name: name, shape: shape, model: model, scale: scale, traceDecayShift: traceDecayShift)
  }
}

extension Network {
  fileprivate mutating func add(_ projection: NetworkBuilder.Projection, _ weights: QuantizedWeights) {
    let connectivity: Connectivity
    switch projection.synapses {
    case .pairs(let rows): connectivity = .pairs(rows.holding(weights))
    case .convolution(let kernels, _, let stride, let padding):
      tables.append(
        ConvolutionTable(
          sourceChannels: kernels.sourceChannels, extent: kernels.size, targetChannels: kernels.targetChannels,
          weights: weights))
      connectivity = .convolution(
        table: tables.count - 1, sourceStride: 1, targetStride: stride, origin: padding)
    }
    projections.append(
      Projection(
        source: projection.source, target: projection.target, compartment: projection.compartment,
        connectivity: connectivity, delay: projection.delay))
  }
}

extension BuiltNetwork.Rounding {
  fileprivate init(_ asked: SharedArray<Float>, _ held: QuantizedWeights, title: String) {
    projection = title
    unit = Double(1).timesPowerOfTwo(held.exponent)
    var remaining = asked.makeIterator(), largestError = 0.0
    held.forEachValue { value in
      largestError = max(largestError, abs(Double(remaining.next() ?? value) - Double(value)))
    }
    self.largestError = largestError
    largestWeight = asked.reduce(0) { max($0, Double(abs($1))) }
  }
}
