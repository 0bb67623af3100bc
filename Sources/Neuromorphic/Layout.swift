/// A network on its cores, seen as a whole: who sends to whom, and what each core needs.
struct Layout {
  let model: CapacityModel
  let placements: [Placement]

  private var network: Network { model.network }

  /// What each core in use needs, by rising core.
  func needsByCore() -> [(core: Int, needs: CoreNeeds)] {
    let senders = senders()
    var byCore: [Int: CoreNeeds] = [:]
    for population in network.populations.indices {
      let own = placements.indices.filter { placements[$0].population == population }
      let axons = own.map { outputAxons(of: placements[$0], senders[$0]) }
      let boxes = own.map { placements[$0].box }
      let needs = model.needs(
        of: population, boxes, inflows: model.inflows(into: population, boxes), outputAxons: axons)
      for (index, need) in zip(own, needs) {
        byCore[placements[index].core, default: CoreNeeds()] =
          byCore[placements[index].core, default: CoreNeeds()] + need
      }
    }
    for (core, count) in mostDestinations() { byCore[core]?.outputAxonsPerNeuron = count }
    return byCore.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// What one core of each population needs, where no core holds several parts: that of a part of the largest size, the
  /// most central of them. Quick for any size, and no core's need is overstated: what exceeds a limit here does not
  /// fit. A core whose part lies askew to the others' can send to a few more.
  func needsInTheMiddle() -> [(core: Int, needs: CoreNeeds)] {
    network.populations.indices.compactMap { population in
      let own = placements.indices.filter { placements[$0].population == population }
      let shape = network.populations[population].shape
      guard
        let middle = own.max(by: {
          let (a, b) = (placements[$0].box, placements[$1].box)
          return (a.count, -a.distanceFromMiddle(of: shape)) < (b.count, -b.distanceFromMiddle(of: shape))
        })
      else { return nil }
      let placement = placements[middle], boxes = [placement.box]
      var needs = model.needs(
        of: population, boxes, inflows: model.inflows(into: population, boxes),
        outputAxons: [outputAxons(of: placement, receivers(population, placement.box))])[0]
      if model.chip.outputAxonsPerNeuron != nil {
        needs.outputAxonsPerNeuron = receivers(population, placement.box.middle).count
      }
      return (placement.core, needs)
    }
  }

  /// How many of a box's places have a dendrite in which placement.
  private func receivers(_ population: Int, _ box: Box) -> [Int: Int] {
    var receivers: [[Int: Int]] = [[:]]
    for target in network.populations.indices {
      let projections = network.projections.filter { $0.source == .population(population) && $0.target == target }
      guard !projections.isEmpty else { continue }
      let into = placements.indices.filter { placements[$0].population == target }
      addGrids(projections, from: [(0, box)], into: into, to: &receivers)
      for projection in projections { addPairs(projection, from: [(0, box)], into: into, to: &receivers) }
    }
    return receivers[0]
  }

  /// For each placement, how many of its places have a dendrite in which other placement; the input comes last. Several
  /// projections count once where one covers the other, else each, up to the number of places.
  func senders() -> [[Int: Int]] {
    var senders = [[Int: Int]](repeating: [:], count: placements.count + 1)
    for population in network.populations.indices {
      let into = placements.indices.filter { placements[$0].population == population }
      for source in Set(network.projections.filter { $0.target == population }.map(\.source)) {
        let projections = network.projections.filter { $0.source == source && $0.target == population }
        let from = sourceBoxes(source)
        addGrids(projections, from: from, into: into, to: &senders)
        for projection in projections { addPairs(projection, from: from, into: into, to: &senders) }
      }
    }
    return senders
  }

  /// Placements of a source's parts with their boxes; the input is one part after the last placement.
  private func sourceBoxes(_ source: Network.Source) -> [(index: Int, box: Box)] {
    switch source {
    case .input: [(placements.count, Box(network.inputShape))]
    case .population(let population):
      placements.indices.filter { placements[$0].population == population }.map { ($0, placements[$0].box) }
    }
  }

  private func addGrids(
    _ projections: [Network.Projection], from: [(index: Int, box: Box)], into: [Int], to senders: inout [[Int: Int]]
  ) {
    for targets in Dictionary(grouping: into, by: { reach(of: projections, into: placements[$0].box) }).values {
      let box = placements[targets[0]].box
      var grids: [SourceGrid] = []
      for grid in projections.compactMap({ network.grid(of: $0, into: box) }).sorted(by: { $0.count > $1.count })
      where !grids.contains(where: { $0.covers(grid) }) {
        grids.append(grid)
      }
      for grid in grids {
        let rows = Self.sums(grid.rows), columns = Self.sums(grid.columns)
        for (index, box) in from {
          let count =
            (rows[box.rows.upperBound] - rows[box.rows.lowerBound])
            * (columns[box.columns.upperBound] - columns[box.columns.lowerBound])
            * grid.channels.clamped(to: box.channels).count
          guard count > 0 else { continue }
          for target in targets { senders[index][target] = min(box.count, (senders[index][target] ?? 0) + count) }
        }
      }
    }
  }

  /// What decides which places reach a box: a convolution's reach all of its channels.
  private func reach(of projections: [Network.Projection], into box: Box) -> Box {
    let isChannelwise = projections.contains { if case .oneToOne = $0.connectivity { true } else { false } }
    return isChannelwise ? box : Box(rows: box.rows, columns: box.columns, channels: 0..<1)
  }

  private func addPairs(
    _ projection: Network.Projection, from: [(index: Int, box: Box)], into: [Int], to senders: inout [[Int: Int]]
  ) {
    guard case .pairs(let rows) = projection.connectivity else { return }
    let sources = BoxIndex(from.map(\.box), of: network.shape(of: projection.source))
    let boxes = BoxIndex(into.map { placements[$0].box }, of: network.populations[projection.target].shape)
    var counts = [Int](repeating: 0, count: from.count * into.count)
    boxes.forEachList(of: rows) { source, box, _ in
      let part = Int(sources.places[source])
      if part >= 0 { counts[part * into.count + box] += 1 }
    }
    for (part, source) in from.enumerated() {
      for (box, target) in into.enumerated() where counts[part * into.count + box] > 0 {
        let count = counts[part * into.count + box]
        senders[source.index][target] = min(source.box.count, (senders[source.index][target] ?? 0) + count)
      }
    }
  }

  /// How many of the first n entries are not zero, for each n.
  private static func sums(_ hits: [Int]) -> [Int] {
    hits.reduce(into: [0]) { sums, hit in sums.append(sums[sums.count - 1] + (hit > 0 ? 1 : 0)) }
  }

  /// One for each destination core; with multicast, one for all.
  private func outputAxons(of placement: Placement, _ receivers: [Int: Int]) -> Int {
    let hasMulticast = model.chip.network.hasMulticast.value
    let byPacket = Dictionary(grouping: receivers) { hasMulticast ? 0 : placements[$0.key].core }
    return byPacket.values.reduce(0) { sum, targets in
      sum
        + model.outputAxons(
          placement.population, placement.box, to: Set(targets.map { placements[$0.key].population }),
          senders: targets.reduce(0) { $0 + $1.value })
    }
  }

  /// For each core, the destination cores of its most connected neuron; only for chips that limit them.
  private func mostDestinations() -> [Int: Int] {
    guard model.chip.outputAxonsPerNeuron != nil else { return [:] }
    var most: [Int: Int] = [:]
    for population in network.populations.indices {
      let shape = network.populations[population].shape
      let listed = listedSources(of: population)
      var counts = [Int](repeating: 0, count: shape.count)
      for (_, targets) in Dictionary(grouping: placements.indices, by: { placements[$0].core }) {
        var reaches = [Bool](repeating: false, count: shape.count)
        for target in targets {
          markGrids(&reaches, from: population, shape, into: placements[target])
          for place in listed[target] { reaches[place] = true }
        }
        for place in 0..<shape.count where reaches[place] { counts[place] += 1 }
      }
      for placement in placements where placement.population == population {
        placement.box.forEachPlace(of: shape) { most[placement.core] = max(most[placement.core] ?? 0, counts[$0]) }
      }
    }
    return most
  }

  private func markGrids(
    _ reaches: inout [Bool], from population: Int, _ shape: Network.Shape, into target: Placement
  ) {
    for projection in network.projections
    where projection.source == .population(population) && projection.target == target.population {
      guard let grid = network.grid(of: projection, into: target.box) else { continue }
      for row in 0..<shape.rows where grid.rows[row] > 0 {
        for column in 0..<shape.columns where grid.columns[column] > 0 {
          for channel in grid.channels { reaches[shape.place(row: row, column: column, channel: channel)] = true }
        }
      }
    }
  }

  /// For each placement, the places of a population that have an explicit pair into it.
  private func listedSources(of population: Int) -> [[Int]] {
    var listed = [[Int]](repeating: [], count: placements.count)
    for projection in network.projections where projection.source == .population(population) {
      guard case .pairs(let rows) = projection.connectivity else { continue }
      let into = placements.indices.filter { placements[$0].population == projection.target }
      let boxes = BoxIndex(into.map { placements[$0].box }, of: network.populations[projection.target].shape)
      boxes.forEachList(of: rows) { source, box, _ in listed[into[box]].append(source) }
    }
    return listed
  }
}

extension Box {
  /// All of a population.
  init(_ shape: Network.Shape) {
    self.init(rows: 0..<shape.rows, columns: 0..<shape.columns, channels: 0..<shape.channels)
  }

  /// The place in its middle.
  var middle: Box {
    func middle(_ range: Range<Int>) -> Range<Int> {
      let place = (range.lowerBound + range.upperBound) / 2
      return place..<place + 1
    }
    return Box(rows: middle(rows), columns: middle(columns), channels: middle(channels))
  }

  /// In halves of a row and a column.
  func distanceFromMiddle(of shape: Network.Shape) -> Int {
    abs(rows.lowerBound + rows.upperBound - shape.rows)
      + abs(columns.lowerBound + columns.upperBound - shape.columns)
  }

  func forEachPlace(of shape: Network.Shape, _ visit: (Int) -> Void) {
    for row in rows {
      for column in columns {
        for channel in channels { visit(shape.place(row: row, column: column, channel: channel)) }
      }
    }
  }
}

extension Mapping {
  /// What each core in use needs, by rising core.
  public func needs(of network: Network, on chip: ChipDescription) -> [(core: Int, needs: CoreNeeds)] {
    Layout(model: CapacityModel(network: network, chip: chip), placements: placements).needsByCore()
  }

  /// What a part of the largest size in the middle of each population needs, and how many parts there are: quick for
  /// any size, where no core holds several parts.
  public func needsOfParts(of network: Network, on chip: ChipDescription) -> [(needs: CoreNeeds, parts: Int)] {
    let model = CapacityModel(network: network, chip: chip)
    return zip(
      Layout(model: model, placements: placements).needsInTheMiddle(),
      network.populations.indices.map { population in placements.count { $0.population == population } }
    ).map { ($0.needs, $1) }
  }

  /// Every limit of a core that this mapping exceeds; empty if it fits.
  public func violations(of network: Network, on chip: ChipDescription) -> [CapacityViolation] {
    needs(of: network, on: chip).flatMap { core, needs in
      needs.limits(of: chip).filter { !$0.fits }.map {
        CapacityViolation(core: core, what: $0.what, needed: $0.needed, available: $0.available)
      }
    }
  }

  /// Bytes of weights on the fullest core.
  public func fullestSynapticMemory_bytes(of network: Network, on chip: ChipDescription) -> Int {
    needs(of: network, on: chip).map(\.needs.synapticMemory_bytes).max() ?? 0
  }
}
