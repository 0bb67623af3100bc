/// A box of a population's dendrites; ranges of rows, columns and channels.
public struct Box: Hashable, Sendable {
  /// Rows of positions.
  public let rows: Range<Int>
  /// Columns of positions.
  public let columns: Range<Int>
  /// Channels (kernels).
  public let channels: Range<Int>

  /// A box of these ranges.
  public init(rows: Range<Int>, columns: Range<Int>, channels: Range<Int>) {
    self.rows = rows
    self.columns = columns
    self.channels = channels
  }

  /// Number of dendrites.
  public var count: Int { rows.count * columns.count * channels.count }
}

/// Which part of which population lies on which core.
public struct Placement: Hashable, Sendable {
  /// Index of the population.
  public let population: Int
  /// Cores are counted tile by tile, along x first, chip after chip.
  public let core: Int
  /// Which of its dendrites.
  public let box: Box

  /// A box of a population on a core.
  public init(population: Int, core: Int, box: Box) {
    self.population = population
    self.core = core
    self.box = box
  }
}

/// A network laid out on one or more chips.
public struct Mapping: Equatable, Sendable {
  /// Every part and its core.
  public let placements: [Placement]
  /// Chips in a row.
  public let chips: Int

  /// A mapping made by hand; the chip model checks it.
  public init(placements: [Placement], chips: Int) {
    self.placements = placements
    self.chips = chips
  }

  /// Number of cores in use.
  public var coreCount: Int { Set(placements.map(\.core)).count }
}

extension Mapping {
  /// How a network is laid out.
  public enum Strategy: String, CaseIterable, Sendable {
    /// Cuts by the estimated time of the busiest core, placed so that packets make few hops.
    case balanced
    /// The coarsest cuts that fit, one core after the other.
    case naive
  }

  /// Lays a network out on as few chips as it fits.
  ///
  /// With `onlyReporting`, limits may be exceeded (a single dendrite's table too large, or more chips than
  /// `chipLimit`); `violations` then says by how much.
  ///
  /// - Parameters:
  ///   - strategy: What is minimised. Only `balanced` puts several populations on a core where a chip has too few.
  ///   - activity: What the network is expected to do, which `balanced` weighs.
  ///   - seed: Of the search for places.
  /// - Throws: `NeuromorphicError` naming the core's limit, the need and what would fit.
  public init(
    _ network: Network, on chip: ChipDescription, chipLimit: Int = 64, onlyReporting: Bool = false,
    strategy: Strategy = .balanced, activity: ActivityEstimate = ActivityEstimate(), seed: UInt64 = 1
  ) throws {
    let model = CapacityModel(network: network, chip: chip)
    let plan = try LayoutPlan(model, chipLimit: chipLimit, onlyReporting: onlyReporting, strategy, activity)
    let placements: [Placement] =
      switch strategy {
      case .naive: plan.placements
      case .balanced: Placer(plan, model: model, activity: activity, seed: seed).placements
      }
    self.init(placements: placements, chips: plan.chips)
  }
}
