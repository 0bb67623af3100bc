import DataFiles

/// Connections whose shapes are checked, in the two forms that networks have.
enum RealSynapses: Sendable {
  case pairs(SynapseRows)
  /// Weights in the order of a `ConvolutionTable`.
  case convolution(ConvolutionKernels, weights: SharedArray<Float>, stride: Int, padding: Int)

  var weights: SharedArray<Float> {
    switch self {
    case .pairs(let rows): rows.weights.reals
    case .convolution(_, let weights, _, _): weights
    }
  }

  private static func pairs(
    rowStarts: some Collection<Int>, targets: some Collection<Int32>, weights: some Collection<Float>
  ) -> RealSynapses {
    .pairs(
      SynapseRows(
        rowStarts: rowStarts, targets: targets, weights: QuantizedWeights(weights, arithmetic: .float)))
  }

  /// - Parameter title: What errors call the projection.
  init(
    _ connections: Connections, from source: Network.Shape, to target: Network.Shape, title: String
  ) throws(NeuromorphicError) {
    switch connections {
    case .dense(let rows): self = try Self.dense(rows, source.count, target.count, title)
    case .sparse(let synapses): self = try Self.sparse(synapses, source.count, target.count, title)
    case .compressedRows(let rowStarts, let targets, let weights):
      self = try Self.compressed(rowStarts, targets, weights, source.count, target.count, title)
    case .random(let probability, let weight, let seed):
      guard (0...1).contains(probability) else {
        throw NeuromorphicError("\(title) has the probability \(probability); it can be 0 to 1")
      }
      self = Self.random(probability, weight, seed, source.count, target.count)
    case .oneToOne(let weight):
      guard source == target else {
        throw NeuromorphicError(
          "\(title) is one to one between \(source.text) and \(target.text); equal shapes are needed")
      }
      self = .pairs(
        rowStarts: 0...source.count, targets: 0..<Int32(source.count),
        weights: repeatElement(weight, count: source.count))
    case .convolution(let kernels, let stride, let padding):
      try kernels.check(from: source, to: target, stride: stride, padding: padding, title)
      self = .convolution(kernels, weights: SharedArray(kernels.table), stride: stride, padding: padding)
    }
    if let weight = weights.first(where: { !$0.isFinite || abs($0) > 0x1p+64 }) {
      throw NeuromorphicError("\(title) has the weight \(weight); weights must be finite and not extreme")
    }
  }

  private static func dense(
    _ rows: [[Float]], _ sources: Int, _ targets: Int, _ title: String
  ) throws(NeuromorphicError) -> RealSynapses {
    guard rows.count == sources else {
      throw NeuromorphicError(
        "\(title) has a matrix of \(rows.count.counted("row")); its source has \(sources.counted("neuron"))")
    }
    if let row = rows.firstIndex(where: { $0.count != targets }) {
      throw NeuromorphicError(
        "\(title) has a matrix with \(rows[row].count.counted("column")) in row \(row); its target has "
          + targets.counted("dendrite")
      )
    }
    return .pairs(
      rowStarts: (0...sources).map { $0 * targets }, targets: (0..<sources * targets).lazy.map { Int32($0 % targets) },
      weights: rows.flatMap(\.self))
  }

  private static func sparse(
    _ synapses: [Connections.Synapse], _ sources: Int, _ targets: Int, _ title: String
  ) throws(NeuromorphicError) -> RealSynapses {
    if let stray = synapses.first(where: { !(0..<sources).contains($0.source) || !(0..<targets).contains($0.target) }) {
      throw NeuromorphicError(
        "\(title) joins neuron \(stray.source) with dendrite \(stray.target); there are \(sources) and \(targets), from 0"
      )
    }
    let ordered = synapses.sorted { ($0.source, $0.target) < ($1.source, $1.target) }
    var rowStarts = [Int](repeating: 0, count: sources + 1)
    for synapse in ordered { rowStarts[synapse.source + 1] += 1 }
    for row in 0..<sources { rowStarts[row + 1] += rowStarts[row] }
    return .pairs(
      rowStarts: rowStarts, targets: ordered.lazy.map { Int32($0.target) }, weights: ordered.lazy.map(\.weight))
  }

  private static func compressed(
    _ rowStarts: [Int], _ targets: [Int], _ weights: [Float], _ sources: Int, _ dendrites: Int, _ title: String
  ) throws(NeuromorphicError) -> RealSynapses {
    guard targets.count == weights.count else {
      throw NeuromorphicError(
        "\(title) has \(targets.count.counted("target")) and \(weights.count.counted("weight")); one each is needed")
    }
    guard rowStarts.count == sources + 1, rowStarts.first == 0, rowStarts.last == targets.count,
      zip(rowStarts, rowStarts.dropFirst()).allSatisfy({ $0 <= $1 })
    else {
      throw NeuromorphicError(
        "\(title) needs \(sources + 1) row starts that rise from 0 to \(targets.count), its number of targets")
    }
    if let target = targets.first(where: { !(0..<dendrites).contains($0) }) {
      throw NeuromorphicError("\(title) goes to dendrite \(target); its target has \(dendrites), from 0")
    }
    return .pairs(rowStarts: rowStarts, targets: targets.lazy.map(Int32.init), weights: weights)
  }

  private static func random(
    _ probability: Double, _ weight: Float, _ seed: UInt64, _ sources: Int, _ targets: Int
  ) -> RealSynapses {
    var generator = SeededGenerator(seed: seed)
    var rowStarts = [0]
    var chosen: [Int32] = []
    for _ in 0..<sources {
      for target in 0..<targets where generator.nextUnit() < probability { chosen.append(Int32(target)) }
      rowStarts.append(chosen.count)
    }
    return .pairs(
      rowStarts: rowStarts, targets: chosen, weights: repeatElement(weight, count: chosen.count))
  }
}

extension ConvolutionKernels {
  fileprivate func check(
    from source: Network.Shape, to target: Network.Shape, stride: Int, padding: Int, _ title: String
  ) throws(NeuromorphicError) {
    guard (1...1024).contains(size), (1...1024).contains(stride), (0..<size).contains(padding) else {
      throw NeuromorphicError(
        "\(title) has kernels of size \(size), the stride \(stride) and the padding \(padding); sizes and strides can be 1 to "
          + "1024, the padding less than the size")
    }
    guard sourceChannels == source.channels, targetChannels == target.channels else {
      throw NeuromorphicError(
        "\(title) has kernels from \(sourceChannels) to \(targetChannels) channels; its populations have "
          + "\(source.channels) and \(target.channels)")
    }
    guard weights.count == targetChannels * sourceChannels * size * size else {
      throw NeuromorphicError(
        "\(title) has kernels of \(weights.count.counted("weight")); "
          + "\(targetChannels * sourceChannels * size * size) are needed"
      )
    }
    func places(_ length: Int) -> Int { (length + 2 * padding - size) / stride + 1 }
    let rows = places(source.rows), columns = places(source.columns)
    guard min(source.rows, source.columns) + 2 * padding >= size, target.rows == rows, target.columns == columns else {
      throw NeuromorphicError(
        "\(title) makes \(max(0, rows)) × \(max(0, columns)) positions of \(source.rows) × \(source.columns); its target has "
          + "\(target.rows) × \(target.columns)")
    }
  }

  /// The weights in a table's order: [source channel][row][column][target channel].
  fileprivate var table: [Float] {
    let area = size * size
    var table = [Float](repeating: 0, count: weights.count)
    for target in 0..<targetChannels {
      for source in 0..<sourceChannels {
        for offset in 0..<area {
          table[(source * area + offset) * targetChannels + target] =
            weights[(target * sourceChannels + source) * area + offset]
        }
      }
    }
    return table
  }
}

extension Network.Shape {
  /// Channels × rows × columns.
  fileprivate var text: String { "\(channels) × \(rows) × \(columns) places" }
}
