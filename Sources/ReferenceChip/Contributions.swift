import Neuromorphic

extension Network {
  /// What one payload adds to which dendrites, in the finest unit of the compartment.
  ///
  /// - Parameter isFirst: Whether the source has sent nothing but zeros before.
  func contributions(
    of projection: Projection, place: Int, payload: Int, isFirst: Bool
  ) -> [(target: Int, value: Int)] {
    let scaled = projection.sign * payload << shift(of: projection)
    switch projection.connectivity {
    case .convolution(let table, let sourceStride, let targetStride, let origin):
      return convolved(
        tables[table], projection, place: place, strides: (sourceStride, targetStride), origin: origin
      ).map { ($0, $1 * scaled) }
    case .pairs(let rows):
      return zip(rows.targets(of: place), rows.weights.integers[rows.rowStarts[place]...]).map {
        (Int($0), Int($1) * scaled)
      }
    case .oneToOne(let weight, let signWeight):
      let unit = Double(
        sign: .plus, exponent: finestExponent(of: projection.target, projection.compartment), significand: 1)
      let fixed = isFirst ? Int((signWeight / unit).rounded()) * payload.signum() * projection.sign : 0
      return [(place, Int(Double(scaled) * weight) + fixed)]
    }
  }

  /// Synapses, each an operation, that a weight of a projection takes.
  func synapses(for projection: Projection) -> Int {
    switch projection.connectivity {
    case .convolution(let table, _, _, _): tables[table].weights.format == .split ? 2 : 1
    case .pairs(let rows): rows.weights.format == .split ? 2 : 1
    case .oneToOne: 1
    }
  }

  /// Every target whose offset lies in the table, tried one by one.
  private func convolved(
    _ table: ConvolutionTable, _ projection: Projection, place: Int, strides: (source: Int, target: Int), origin: Int
  ) -> [(Int, Int)] {
    let from = shape(of: projection.source), to = populations[projection.target].shape
    let channel = place % from.channels, column = place / from.channels % from.columns
    let row = place / from.channels / from.columns
    var result: [(Int, Int)] = []
    for y in 0..<to.rows {
      let oy = strides.source * row - strides.target * y + origin
      guard (0..<table.extent).contains(oy) else { continue }
      for x in 0..<to.columns {
        let ox = strides.source * column - strides.target * x + origin
        guard (0..<table.extent).contains(ox) else { continue }
        for k in 0..<to.channels {
          let weight = table.weights.integers[
            ((channel * table.extent + oy) * table.extent + ox) * table.targetChannels + k]
          result.append(((y * to.columns + x) * to.channels + k, Int(weight)))
        }
      }
    }
    return result
  }
}
