extension Network {
  /// Checks all that the chip model takes for granted of numbers and array lengths; it checks the rest itself.
  ///
  /// - Throws: `NeuromorphicError` naming the part and what would be right.
  func validate() throws {
    if case .integer(let bits) = arithmetic, !(2...16).contains(bits) {
      throw NeuromorphicError("weights of \(bits) bits were asked for; they can have 2 to 16")
    }
    try faults.validate()
    try inputShape.validate("the input")
    try validateExponent(inputExponent, "the input")
    for population in populations { try validate(population) }
    for (index, table) in tables.enumerated() { try validate(table, "table \(index)") }
    for (index, projection) in projections.enumerated() { try validate(projection, "projection \(index)") }
    for projection in projections { try validateShift(of: projection) }
  }

  /// The chip model shifts payloads by 40 bits at the most, those of high digits further than others.
  private func validateShift(of projection: Projection) throws {
    guard case .integer(let bits) = arithmetic else { return }
    let shift = shift(of: projection) + (weights(of: projection)?.format == .split ? bits : 0)
    guard shift <= 40 else {
      throw NeuromorphicError(
        "\(title(of: projection)) adds in units 2^\(shift) times the finest that its target adds up; 2^40 times is the most: "
          + "use weights and states of nearer magnitudes")
    }
  }

  private func validate(_ population: Population) throws {
    let name = "the population '\(population.name)'"
    try population.shape.validate(name)
    guard population.scale.isInteger == isInteger else {
      throw NeuromorphicError("\(name) has a scale for \(isInteger ? "real numbers" : "integers"), unlike its network")
    }
    try validateExponent(population.scale.stateExponent, name)
    try validateExponent(population.scale.payloadExponent, name)
  }

  private func validateExponent(_ exponent: Int, _ name: String) throws {
    guard (-2048...2048).contains(exponent) else {
      throw NeuromorphicError("\(name) has the exponent \(exponent); it can be -2048 to 2048")
    }
  }

  private func validate(_ table: ConvolutionTable, _ name: String) throws {
    let needed = table.sourceChannels * table.extent * table.extent * table.targetChannels
    try validate(table.weights, count: needed, name)
  }

  private func validate(_ weights: QuantizedWeights, count: Int, _ name: String) throws {
    let given = isInteger ? weights.integers.count : weights.reals.count
    guard given == count else {
      throw NeuromorphicError("\(name) has \(given) \(isInteger ? "integer" : "real") weights; \(count) are needed")
    }
    if weights.format == .split { return try validateSplit(weights, name) }
    guard case .integer(let bits) = arithmetic else { return }
    if case .bytes = weights.stored, bits >= 8 { return }
    let limit = 1 << (bits - 1)
    if let wide = weights.integers.first(where: { !(-limit..<limit).contains(Int($0)) }) {
      throw NeuromorphicError("\(name) has the weight \(wide); \(bits) bits hold up to \(limit - 1)")
    }
  }

  private func validateSplit(_ weights: QuantizedWeights, _ name: String) throws {
    guard case .integer(let bits) = arithmetic, bits <= WeightFormat.widestDigit else {
      throw NeuromorphicError(
        "\(name) has split weights, which need synapses of at most \(WeightFormat.widestDigit) bits")
    }
    let largest = WeightFormat.split.largest(bits: bits)
    if let weight = weights.integers.first(where: { abs(Int($0)) > largest }) {
      throw NeuromorphicError("\(name) has the weight \(weight); two synapses of \(bits) bits hold up to \(largest)")
    }
  }

  private func validate(_ projection: Projection, _ name: String) throws {
    guard populations.indices.contains(projection.target) else {
      throw NeuromorphicError("\(name) goes to population \(projection.target); there are \(populations.count)")
    }
    if case .population(let source) = projection.source, !populations.indices.contains(source) {
      throw NeuromorphicError("\(name) comes from population \(source); there are \(populations.count)")
    }
    let name = title(of: projection)
    let model = populations[projection.target].model
    guard model.compartments.contains(projection.compartment) else {
      throw NeuromorphicError(
        "\(name) goes into '\(projection.compartment)', which the neuron model '\(model.name.rawValue)' does not read")
    }
    let delays = 0...Projection.largestDelay
    guard delays.contains(projection.delay) else {
      throw NeuromorphicError("\(name) has a delay of \(projection.delay) steps; it can be 0 to \(delays.upperBound)")
    }
    guard projection.sign == 1 || projection.sign == -1 else {
      throw NeuromorphicError("\(name) has the sign \(projection.sign); it can be 1 or -1")
    }
    switch projection.connectivity {
    case .convolution(let table, let sourceStride, let targetStride, let origin):
      guard tables.indices.contains(table) else {
        throw NeuromorphicError("\(name) uses table \(table); there are \(tables.count)")
      }
      let strides = 1...(1 << 10), origins = -(1 << 20)...(1 << 20)
      guard strides.contains(sourceStride), strides.contains(targetStride), origins.contains(origin) else {
        throw NeuromorphicError(
          "\(name) has strides \(sourceStride) and \(targetStride) and origin \(origin); strides can be \(strides.upperBound) "
            + "at the most, the origin \(origins.lowerBound) to \(origins.upperBound)")
      }
    case .pairs(let rows):
      try validate(rowStarts: rows.rowStarts, sources: shape(of: projection.source).count, pairs: rows.count, name)
      let dendrites = populations[projection.target].shape.count
      if let target = rows.firstTarget(outside: dendrites) {
        throw NeuromorphicError("\(name) goes to dendrite \(target); its target has \(dendrites)")
      }
      try validate(rows.weights, count: rows.count, name)
    case .oneToOne(let weight, let signWeight):
      guard weight.isFinite, signWeight.isFinite else {
        throw NeuromorphicError("\(name) has the weights \(weight) and \(signWeight); they must be finite")
      }
    }
  }

  private func validate(rowStarts: SharedArray<Int>, sources: Int, pairs: Int, _ name: String) throws {
    guard rowStarts.count == sources + 1, rowStarts.first == 0, rowStarts.last == pairs else {
      throw NeuromorphicError(
        "\(name) has \(rowStarts.count) row starts up to \(rowStarts.last ?? 0); \(sources + 1) from 0 to \(pairs) are needed"
      )
    }
    guard zip(rowStarts, rowStarts.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      throw NeuromorphicError("\(name) has row starts that fall; they must rise")
    }
  }
}

extension Network.Shape {
  func validate(_ name: String) throws(NeuromorphicError) {
    let lengths = 1...(1 << 20)
    // Three lengths of 20 bits cannot overflow.
    guard [rows, columns, channels].allSatisfy(lengths.contains), count <= Int(Int32.max) else {
      throw NeuromorphicError(
        "\(name) has \(channels) × \(rows) × \(columns) places (channels × rows × columns); each can be 1 to "
          + "\(lengths.upperBound), all together \(Int32.max) at the most")
    }
  }
}

extension Mapping {
  /// - Throws: `NeuromorphicError` if a placement names a core, a population or dendrites that do not exist.
  func validate(_ network: Network, on chip: ChipDescription) throws {
    guard (1...4096).contains(chips) else {
      throw NeuromorphicError("the mapping is on \(chips) chips; it can be on 1 to 4096")
    }
    let cores = chips * chip.coreCount
    for (index, placement) in placements.enumerated() {
      guard (0..<cores).contains(placement.core) else {
        throw NeuromorphicError("placement \(index) names core \(placement.core); there are \(cores)")
      }
      guard network.populations.indices.contains(placement.population) else {
        throw NeuromorphicError(
          "placement \(index) names population \(placement.population); there are \(network.populations.count)")
      }
      let shape = network.populations[placement.population].shape, box = placement.box
      let pairs = [(box.rows, shape.rows), (box.columns, shape.columns), (box.channels, shape.channels)]
      guard pairs.allSatisfy({ !$0.isEmpty && $0.lowerBound >= 0 && $0.upperBound <= $1 }) else {
        throw NeuromorphicError("placement \(index) is empty or lies outside its population")
      }
    }
  }
}
