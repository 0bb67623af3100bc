/// The statistics of a run, in the order of the registry; names outside it follow, by name.
public struct Statistics: Equatable, Sendable {
  private var byName: [String: Statistic] = [:]

  /// No statistics.
  public init() {}

  /// Collects statistics; of several with one name the last one counts.
  public init(_ statistics: some Sequence<Statistic>) {
    for statistic in statistics { set(statistic) }
  }

  /// Adds a statistic, or replaces the one of the same name.
  public mutating func set(_ statistic: Statistic) { byName[statistic.name] = statistic }

  /// Adds or replaces a count of the registry.
  public mutating func set(_ name: StatisticName, _ value: Int, isEstimate: Bool = false, missing: [String] = []) {
    set(Statistic(name, .integer(Int64(value)), isEstimate: isEstimate, missing: missing))
  }

  /// Adds or replaces a real number of the registry, in its unit; not finite is null.
  public mutating func set(_ name: StatisticName, _ value: Double, isEstimate: Bool = false, missing: [String] = []) {
    set(Statistic(name, .real(value), isEstimate: isEstimate, missing: missing))
  }

  /// Adds or replaces a flag of the registry.
  public mutating func set(_ name: StatisticName, _ value: Bool) { set(Statistic(name, .flag(value))) }

  /// Says that a statistic of the registry has no value in this run.
  public mutating func setNull(_ name: StatisticName) { set(Statistic(name, .null)) }

  /// The statistic of a name of the registry.
  public subscript(name: StatisticName) -> Statistic? { byName[name.rawValue] }
  /// The statistic of any name.
  public subscript(name: String) -> Statistic? { byName[name] }

  /// Their names, in no order.
  package var names: Set<String> { Set(byName.keys) }
  /// All of them, in order.
  public var ordered: [Statistic] { byName.values.sorted { Self.precedes($0.name, $1.name) } }

  /// The order of names in files.
  static func precedes(_ first: String, _ second: String) -> Bool {
    (place[first] ?? .max, first) < (place[second] ?? .max, second)
  }

  private static let place = Dictionary(
    uniqueKeysWithValues: StatisticName.allCases.enumerated().map { ($0.element.rawValue, $0.offset) })
}
