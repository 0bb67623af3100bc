/// One way to cut a population, with what it takes.
struct CutOption {
  let cut: Cut
  /// Expected time of its busiest core in a step, sending not counted.
  let busy_ns: Double
  /// For each source, the places that reach one of its boxes.
  let senders: [Network.Source: Double]

  var cores: Int { cut.count }
}

/// One option for each population.
struct CutChoice {
  let options: [CutOption]
  /// Expected duration of a step.
  let time_ns: Double
  /// Expected packets in a step.
  let packets: Double

  var cores: Int { options.reduce(0) { $0 + $1.cores } }
}

/// Looks for the cuts of all populations that give the shortest step on so many cores.
struct CutSearch {
  let model: CapacityModel
  let load: LoadModel
  /// For each population every cut that fits a core, by rising number of cores.
  let options: [[CutOption]]

  /// Pairs are counted anew for each cut; so many of them may be looked at.
  private static let pairBudget = 20_000_000

  /// Every cut of every population that fits.
  init(_ model: CapacityModel, activity: ActivityEstimate) {
    self.model = model
    let load = LoadModel(model: model, activity: activity)
    self.load = load
    options = model.network.populations.indices.map { population in
      Self.cuts(of: population, model).compactMap { Self.option($0, population, load) }
    }
  }

  /// For each population the fitting cut with the fewest parts.
  ///
  /// - Throws: `NeuromorphicError` if a population has none, unless the caller is `onlyReporting`.
  static func coarsest(_ model: CapacityModel, onlyReporting: Bool) throws -> [Cut] {
    try model.network.populations.indices.map { population in
      let finest = Cut.finest(of: model.network.populations[population].shape)
      // Smaller parts need no more: if the smallest do not fit, nothing does.
      if fits(finest, population, model),
        let cut = cuts(of: population, model).first(where: { fits($0, population, model) })
      {
        return cut
      }
      guard onlyReporting else {
        throw NeuromorphicError(model.refusal(of: population, box: finest.largest), exceedsCapacity: true)
      }
      return Cut.byNeuronsOnly(population, model)
    }
  }

  /// By rising number of parts.
  private static func cuts(of population: Int, _ model: CapacityModel) -> [Cut] {
    let pairs = model.network.pairCount(into: population)
    return Cut.all(
      of: model.network.populations[population].shape,
      atMost: pairs == 0 ? .max : max(16, pairBudget / pairs))
  }

  /// The boxes that a cut is judged by: the largest one; with explicit pairs all of them.
  private static func probes(_ cut: Cut, _ population: Int, _ model: CapacityModel) -> [Box] {
    model.network.pairCount(into: population) > 0 ? cut.boxes : [cut.largest]
  }

  private static func fits(_ cut: Cut, _ population: Int, _ model: CapacityModel) -> Bool {
    guard hasRoom(cut, population, model) else { return false }
    let boxes = probes(cut, population, model)
    return model.needs(of: population, boxes, inflows: model.inflows(into: population, boxes))
      .allSatisfy { $0.fits(model.chip) }
  }

  private static func hasRoom(_ cut: Cut, _ population: Int, _ model: CapacityModel) -> Bool {
    model.neurons(population, cut.largest) <= model.chip.neuronsPerCore.value
  }

  private static func option(_ cut: Cut, _ population: Int, _ load: LoadModel) -> CutOption? {
    let model = load.model
    guard hasRoom(cut, population, model) else { return nil }
    let boxes = probes(cut, population, model)
    let inflows = model.inflows(into: population, boxes)
    guard model.needs(of: population, boxes, inflows: inflows).allSatisfy({ $0.fits(model.chip) }) else { return nil }
    let busy = boxes.indices.map { box in
      max(
        load.somaTime_ns(population, boxes[box]),
        load.engineTime_ns(
          population, inflows.map { ($0.projection, $0.inflows[box]) }, tiles: cut.rowTiles * cut.columnTiles))
    }
    return CutOption(
      cut: cut, busy_ns: busy.max() ?? 0, senders: senders(inflows, boxes: boxes.count, model.network))
  }

  /// Mean over the boxes.
  private static func senders(
    _ inflows: [(projection: Int, inflows: [Inflow])], boxes: Int, _ network: Network
  ) -> [Network.Source: Double] {
    Dictionary(grouping: inflows) { network.projections[$0.projection].source }.mapValues { parts in
      let sums = (0..<boxes).map { box in
        CapacityModel.distinct(parts.map { $0.inflows[box] }, atMost: .max)
      }
      return Double(sums.reduce(0, +)) / Double(boxes)
    }
  }

  /// Choices on at most so many cores, the best first: by the time of a step, and of those within a tenth of the
  /// shortest the one with the least traffic before it. None if no cut of some population fits a core.
  func choices(cores: Int) -> [CutChoice] {
    let frontiers = options.map(Self.frontier)
    guard !frontiers.contains(where: \.isEmpty) else { return [] }
    let levels = Set(frontiers.joined().map(\.busy_ns)).sorted()
    let found = levels.compactMap { level -> CutChoice? in
      let chosen = frontiers.map { frontier in
        frontier.first { $0.busy_ns <= level } ?? frontier[frontier.count - 1]
      }
      let choice = choice(chosen)
      return choice.cores <= cores ? choice : nil
    }
    let ordered = found.sorted { ($0.time_ns, $0.packets, $0.cores) < ($1.time_ns, $1.packets, $1.cores) }
    guard let best = ordered.first else { return [] }
    return [relieved(best, cores: cores)] + ordered
  }

  /// The options that no other one beats with as many cores or fewer.
  private static func frontier(_ options: [CutOption]) -> [CutOption] {
    var frontier: [CutOption] = []
    for option in options.sorted(by: { ($0.cores, $0.busy_ns) < ($1.cores, $1.busy_ns) })
    where option.busy_ns < frontier.last?.busy_ns ?? .infinity {
      frontier.append(option)
    }
    return frontier
  }

  /// Population by population, the cut with the least traffic that lengthens the step by a tenth at the most.
  private func relieved(_ best: CutChoice, cores: Int) -> CutChoice {
    let limit_ns = best.time_ns * 1.1
    return options.indices.reduce(best) { current, population in
      let others = current.cores - current.options[population].cores
      let candidates = options[population].filter { $0.busy_ns <= limit_ns && others + $0.cores <= cores }.map {
        var chosen = current.options
        chosen[population] = $0
        return choice(chosen)
      }
      let lighter = candidates.filter { $0.time_ns <= limit_ns && $0.packets < current.packets }
      return lighter.min { ($0.packets, $0.time_ns) < ($1.packets, $1.time_ns) } ?? current
    }
  }

  /// What one option for each population gives.
  func choice(_ options: [CutOption]) -> CutChoice {
    let network = model.network, chip = model.chip
    var time_ns = options.map(\.busy_ns).max() ?? 0
    var packets = 0.0
    for source in network.sources {
      let places = Double(network.shape(of: source).count)
      let copies = options.reduce(0.0) { $0 + ($1.senders[source] ?? 0) * Double($1.cores) } / places
      // A multicast packet is made and sent once.
      let sent = chip.network.hasMulticast.value ? min(copies, 1) : copies
      packets += load.rate(of: source) * places * copies
      switch source {
      case .input:
        let events = load.rate(of: source) * places
        time_ns = max(
          time_ns, events * load.time_ns(.hostEvent),
          events * sent * Double(chip.network.packetFlits.value)
            * chip.network.linkOccupancy_ns.value)
      case .population(let index):
        let own = Double(options[index].cut.largest.count)
        time_ns = max(time_ns, load.rate(of: source) * own * sent * load.time_ns(.axonOut))
      }
    }
    let cores = options.reduce(0) { $0 + $1.cores }
    return CutChoice(
      options: options, time_ns: max(time_ns + wayTime_ns(cores: cores), chip.tick_ns?.value ?? 0),
      packets: packets)
  }

  /// The barrier, and the longest way of a packet across a square of tiles.
  private func wayTime_ns(cores: Int) -> Double {
    let tiles = (cores + model.chip.coresPerTile.value - 1) / model.chip.coresPerTile.value
    let side = max(0, Double(tiles).squareRoot() - 1)
    let hops = side * (load.time_ns(.hopEastWest) + load.time_ns(.hopNorthSouth))
    return load.time_ns(.tile) + hops + model.chip.barrierTime_ns(tiles: tiles)
  }
}

extension Network {
  /// The input and every population.
  var sources: [Source] { [.input] + populations.indices.map { .population($0) } }

  /// Explicit pairs that end in a population.
  fileprivate func pairCount(into population: Int) -> Int {
    projections.reduce(0) { sum, projection in
      guard projection.target == population, case .pairs(let rows) = projection.connectivity else {
        return sum
      }
      return sum + rows.count
    }
  }
}

extension ChipDescription {
  /// The barrier's time, linear between the published points.
  func barrierTime_ns(tiles: Int) -> Double {
    guard let first = barrier.first, let last = barrier.last else { return 0 }
    guard let above = barrier.firstIndex(where: { $0.tiles >= tiles }) else { return last.time_ns }
    guard above > 0 else { return first.time_ns }
    let (a, b) = (barrier[above - 1], barrier[above])
    return a.time_ns + (b.time_ns - a.time_ns) * Double(tiles - a.tiles) / Double(b.tiles - a.tiles)
  }
}
