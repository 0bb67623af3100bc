/// The parts of a network, and which of them share a core; where the cores lie is open.
struct LayoutPlan {
  /// The parts; cores are numbered from 0 without gaps.
  let placements: [Placement]
  /// Cores in use.
  let coreCount: Int
  /// Chips that hold them.
  let chips: Int

  /// - Parameter mostCores: On more cores than these, limits are held only in the middle of each population.
  /// - Throws: `NeuromorphicError` naming the core's limit, the need and what would fit.
  init(
    _ model: CapacityModel, chipLimit: Int, onlyReporting: Bool, _ strategy: Mapping.Strategy,
    _ activity: ActivityEstimate, pairByPair mostCores: Int = .max
  ) throws {
    let plans: [LayoutPlan] =
      switch strategy {
      case .naive:
        [
          LayoutPlan(
            cuts: try model.network.populations.indices.map {
              try Cut.coarsest(of: $0, model, onlyReporting: onlyReporting)
            }, on: model.chip)
        ]
      case .balanced: try Self.balanced(model, activity, chipLimit: chipLimit, onlyReporting: onlyReporting)
      }
    // The coarsest plan comes last: its problem is the one to tell.
    var refusal: String?
    for plan in plans {
      let problem = plan.problem(model, chipLimit: chipLimit, pairByPair: mostCores)
      if problem == nil {
        self = plan
        return
      }
      refusal = problem
    }
    if onlyReporting, let plan = plans.last {
      self = plan
      return
    }
    throw NeuromorphicError(refusal ?? "\(model.chip.name) has no place for the network", exceedsCapacity: true)
  }

  /// Each population by its cut, every part on a core of its own.
  init(cuts: [Cut], on chip: ChipDescription) {
    var placements: [Placement] = []
    for (population, cut) in cuts.enumerated() {
      for box in cut.boxes { placements.append(Placement(population: population, core: placements.count, box: box)) }
    }
    self.init(placements: placements, on: chip)
  }

  private init(placements: [Placement], on chip: ChipDescription) {
    self.placements = placements
    coreCount = (placements.map(\.core).max() ?? -1) + 1
    chips = max(1, (coreCount + chip.coreCount - 1) / chip.coreCount)
  }

  /// On the fewest chips that hold the coarsest cuts, which share cores only if that saves a chip. The best plan first,
  /// the coarsest last.
  private static func balanced(
    _ model: CapacityModel, _ activity: ActivityEstimate, chipLimit: Int, onlyReporting: Bool
  ) throws -> [LayoutPlan] {
    let coarse = try coarsest(model, onlyReporting: onlyReporting)
    guard let last = coarse.last, coarse.count == 1, last.chips <= chipLimit else { return coarse }
    let choices = CutSearch(model, activity: activity).choices(cores: last.chips * model.chip.coreCount)
    return choices.map { LayoutPlan(cuts: $0.options.map(\.cut), on: model.chip) } + coarse
  }

  /// The coarsest cuts; before them the same on shared cores if that saves a chip.
  private static func coarsest(_ model: CapacityModel, onlyReporting: Bool) throws -> [LayoutPlan] {
    let cuts = try CutSearch.coarsest(model, onlyReporting: onlyReporting)
    let coarsest = LayoutPlan(cuts: cuts, on: model.chip)
    guard let packed = coarsest.packed(model), packed.chips < coarsest.chips else { return [coarsest] }
    return [packed, coarsest]
  }

  /// Whether any plan of `balanced` is possible; quick where the coarsest one is.
  static func isPossible(
    _ model: CapacityModel, chipLimit: Int, _ activity: ActivityEstimate, pairByPair mostCores: Int
  ) -> Bool {
    guard let coarse = try? coarsest(model, onlyReporting: false) else { return false }
    if coarse.contains(where: { $0.problem(model, chipLimit: chipLimit, pairByPair: mostCores) == nil }) { return true }
    guard coarse.count == 1, coarse[0].chips <= chipLimit else { return false }
    let plan = try? LayoutPlan(
      model, chipLimit: chipLimit, onlyReporting: false, .balanced, activity, pairByPair: mostCores)
    return plan != nil
  }

  /// Parts on shared cores, the largest first, each on the first core that has room; nil if sharing cannot help.
  private func packed(_ model: CapacityModel) -> LayoutPlan? {
    guard chips > 1, model.network.populations.count > 1, placements.count <= 2048 else { return nil }
    let needs = placements.map { model.needs(of: $0.population, $0.box) }
    var cores: [CoreNeeds] = []
    var packed: [Placement] = []
    for index in placements.indices.sorted(by: { needs[$0].neurons > needs[$1].neurons }) {
      let core = cores.firstIndex { ($0 + needs[index]).fits(model.chip) } ?? cores.count
      if core == cores.count { cores.append(needs[index]) } else { cores[core] = cores[core] + needs[index] }
      packed.append(Placement(population: placements[index].population, core: core, box: placements[index].box))
    }
    return LayoutPlan(placements: packed, on: model.chip)
  }

  /// Why the plan is not possible, in one line; nil if it is.
  private func problem(_ model: CapacityModel, chipLimit: Int, pairByPair mostCores: Int) -> String? {
    guard chips <= chipLimit else {
      return
        "the network needs \(coreCount) cores of \(model.chip.name), \(chips) chips; \(chipLimit == 1 ? "one chip is" : "at most \(chipLimit) chips are") "
        + "allowed: use a smaller image, a larger stride or fewer kernels, or allow more chips"
    }
    let layout = Layout(model: model, placements: placements)
    for (core, needs) in coreCount > mostCores ? layout.needsInTheMiddle() : layout.needsByCore() {
      guard let limit = needs.limits(of: model.chip).first(where: { !$0.fits }) else { continue }
      return "the network does not fit \(model.chip.name): core \(core) would need \(limit.needed)\(limit.unitText) of "
        + "\(limit.what) and has \(limit.available)\(limit.unitText); "
        + "fewer kernels, a larger stride or a smaller image would fit"
    }
    return nil
  }
}
