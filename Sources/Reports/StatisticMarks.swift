/// How far a figure can be trusted; every file and table that has the figure has its marks.
public struct StatisticMarks: Hashable, Sendable {
  /// Whether an estimate is in it, of a cost or of what decides where neurons lie (`*`).
  public let isEstimate: Bool
  /// Costs that are not published and contribute nothing to it (`†`).
  public let missing: [String]
  /// Whether no chip could do what it was counted for (`‡`).
  public let isHypothetical: Bool

  /// Marks of a figure.
  public init(isEstimate: Bool, missing: [String], isHypothetical: Bool) {
    self.isEstimate = isEstimate
    self.missing = missing
    self.isHypothetical = isHypothetical
  }

  /// The marks of a figure that is computed from two.
  public static func + (a: StatisticMarks, b: StatisticMarks) -> StatisticMarks {
    StatisticMarks(
      isEstimate: a.isEstimate || b.isEstimate, missing: Set(a.missing + b.missing).sorted(),
      isHypothetical: a.isHypothetical || b.isHypothetical)
  }

  /// Whether there is none.
  public var isEmpty: Bool { !isEstimate && missing.isEmpty && !isHypothetical }

  /// What hangs behind the figure in a table.
  public var symbols: String {
    (isEstimate ? "*" : "") + (missing.isEmpty ? "" : "†") + (isHypothetical ? "‡" : "")
  }

  /// No mark.
  public static let none = StatisticMarks(isEstimate: false, missing: [], isHypothetical: false)
  /// What `*` means.
  public static let estimateLegend = "* contains an estimate: of a cost, or of what decides where neurons lie"
  /// What `‡` means at figures of a run.
  public static let runHypothesis = "the chip cannot hold or compute this network (see \"hypothetical\" in stats.json)"

  /// What the symbols of these marks mean, one line a symbol.
  ///
  /// - Parameter hypothesis: what makes a figure hypothetical.
  public static func legend(of marks: some Sequence<StatisticMarks>, hypothesis: String = runHypothesis) -> [String] {
    legend(ofOwned: marks.map { ("", $0) }, hypothesis: hypothesis)
  }

  /// The same where figures have owners, such as chips: missing costs by owner, unless all lack the same.
  public static func legend(
    ofOwned marks: [(owner: String, marks: StatisticMarks)], hypothesis: String = runHypothesis
  ) -> [String] {
    let all = marks.map(\.marks).reduce(none, +)
    return (all.isEstimate ? [estimateLegend] : []) + [missingLegend(ofOwned: marks)].compactMap(\.self)
      + (all.isHypothetical ? ["‡ hypothetical: " + hypothesis] : [])
  }

  /// The line of it that names missing costs; nil if none is missing.
  public static func missingLegend(ofOwned marks: [(owner: String, marks: StatisticMarks)]) -> String? {
    let missing = marks.reduce(into: [String: Set<String>]()) { $0[$1.owner, default: []].formUnion($1.marks.missing) }
    let sets = Set(missing.values)
    guard sets.contains(where: { !$0.isEmpty }) else { return nil }
    let owners = marks.map(\.owner).uniqued().filter { missing[$0]?.isEmpty == false }
    let texts = owners.map { "\($0): \((missing[$0] ?? []).sorted().joined(separator: ", "))" }
    let names = sets.count == 1 ? sets.flatMap { $0 }.sorted().joined(separator: ", ") : texts.joined(separator: "; ")
    return "† without costs that are not published: \(names)"
  }

  /// The members `estimate`, `missing_costs` and `hypothetical`; those that say nothing are left out.
  public var json: [JSONValue.Member] {
    (isEstimate ? [.init("estimate", .flag(true))] : [])
      + (missing.isEmpty ? [] : [.init("missing_costs", .list(missing.map { .text($0) }))])
      + (isHypothetical ? [.init("hypothetical", .flag(true))] : [])
  }

  /// Marks as members of an object, as `json` writes them; what is not there says nothing.
  public init(of object: JSONValue) {
    func names(_ value: JSONValue?) -> [String] {
      guard case .list(let values)? = value else { return [] }
      return values.compactMap { if case .text(let name) = $0 { name } else { nil } }
    }
    self.init(
      isEstimate: object["estimate"] == .flag(true), missing: names(object["missing_costs"]),
      isHypothetical: object["hypothetical"] == .flag(true))
  }

  /// The names of `csv`.
  public static let csvNames = ["estimate", "missing_costs", "hypothetical"]
  /// Three columns: `true` or `false`, missing costs separated by spaces, `true` or `false`.
  public var csv: [String] { ["\(isEstimate)", missing.joined(separator: " "), "\(isHypothetical)"] }
}

extension Statistics {
  /// Whether the chip cannot hold or compute what was run.
  public var isHypothetical: Bool { self[.hypothetical]?.value == .flag(true) }

  /// The marks of one of these statistics.
  public func marks(of statistic: Statistic) -> StatisticMarks {
    StatisticMarks(
      isEstimate: statistic.isEstimate, missing: statistic.missing,
      isHypothetical: isHypothetical && isOfTheChip(statistic) && statistic.value != .null)
  }

  private func isOfTheChip(_ statistic: Statistic) -> Bool {
    StatisticName(rawValue: statistic.name)?.isOfTheChip ?? false
  }
}
