/// How far ours may lie from a published figure.
public enum ValidationBand: Equatable, Sendable {
  /// Ours / published − 1 lies in the range.
  case relative(ClosedRange<Double>)
  /// Ours − published lies in the range, in the figure's unit.
  case absolute(ClosedRange<Double>)
  /// Shown as an explanation or as context, and not judged.
  case unjudged
}

/// What a figure's band says of ours.
public enum ValidationVerdict: String, Sendable, CaseIterable {
  /// In its band, and the model was not given the figure.
  case within
  /// In its band, which a formula gives at the run's own counts.
  case byFormula = "by formula"
  /// In its band, and the model was given the figure or its terms.
  case byConstruction = "by construction"
  case outside
  /// There is no band.
  case shown
  /// There is no figure of ours.
  case notRun = "not run"
}

/// What agreement with a figure is worth.
public enum ValidationBasis: String, Sendable, CaseIterable {
  /// The model was not given the figure: agreement is evidence.
  case publication
  /// The figure is a published formula's value at the run's own counts and costs.
  case formula
  /// The chip file or the network that was run holds the figure, or all terms of it: agreement shows that the model
  /// charges them, once and nowhere else.
  case construction

  /// What the band says of a figure that lies in it.
  public var within: ValidationVerdict {
    switch self {
    case .publication: .within
    case .formula: .byFormula
    case .construction: .byConstruction
    }
  }
}

/// One figure of ours beside the published one.
public struct ValidationRow: Equatable, Sendable {
  /// Unique and stable, such as `frady.query_energy.fewest`.
  public let name: String
  /// What the rows around it have in common.
  public let group: String
  /// What is measured.
  public let quantity: String
  /// Name of the simulated chip, with what is not its own behind a comma.
  public let chip: String
  /// SI unit of both figures; `1` for numbers.
  public let unit: String
  /// The published figure; of the basis `formula` the value of the published formula, which nobody has measured.
  public let published: Double
  /// Ours; nil if it could not be run, as `reason` says.
  public let ours: Double?
  /// How far apart they may lie.
  public let band: ValidationBand
  /// What agreement is worth.
  public let basis: ValidationBasis
  /// Why the band is what it is, why there is none, or why nothing was run.
  public let reason: String
  /// Where the published figure is from.
  public let source: String
  /// Whether an estimated cost enters ours.
  public let isEstimate: Bool
  /// Costs that would enter ours but are not published.
  public let missing: [String]
  /// Whether no chip could hold or compute what was run.
  public let isHypothetical: Bool

  /// Makes a row.
  public init(
    name: String, group: String, quantity: String, chip: String, unit: String, published: Double, ours: Double?,
    band: ValidationBand, basis: ValidationBasis = .publication, reason: String, source: String,
    isEstimate: Bool = false,
    missing: [String] = [], isHypothetical: Bool = false
  ) {
    self.name = name
    self.group = group
    self.quantity = quantity
    self.chip = chip
    self.unit = unit
    self.published = published
    self.ours = ours
    self.band = band
    self.basis = basis
    self.reason = reason
    self.source = source
    self.isEstimate = isEstimate
    self.missing = missing
    self.isHypothetical = isHypothetical
  }

  /// The row with nothing of ours, as costs that its figure consists of are not published; `missing` names them.
  public func withdrawn(_ costs: [String]) -> ValidationRow {
    ValidationRow(
      name: name, group: group, quantity: quantity, chip: chip, unit: unit, published: published, ours: nil,
      band: .unjudged, basis: basis,
      reason: "the chip file has no figure for \(costs.joined(separator: ", ")), which the bundled one has",
      source: source, isEstimate: isEstimate, missing: missing, isHypothetical: isHypothetical)
  }

  /// Ours / published − 1, or with an absolute band ours − published; nil if there is none of ours.
  public var error: Double? {
    guard let ours else { return nil }
    if case .absolute = band { return ours - published }
    return ours / published - 1
  }

  /// What the band says. A figure that is not a number lies outside.
  public var verdict: ValidationVerdict {
    guard let error else { return .notRun }
    switch band {
    case .unjudged: return .shown
    case .relative(let range), .absolute(let range): return range.contains(error) ? basis.within : .outside
    }
  }
}

/// What `rheobase validate` found.
public struct ValidationReport: Equatable, Sendable {
  /// All rows, in the order in which they are shown.
  public let rows: [ValidationRow]

  /// Makes a report of rows.
  public init(rows: [ValidationRow]) { self.rows = rows }

  /// Whether no judged figure has left its band.
  public var isValid: Bool { outside.isEmpty }

  /// Names of the figures that have left their bands.
  public var outside: [String] { rows.filter { $0.verdict == .outside }.map(\.name) }

  /// How many figures have each verdict, in the order in which they are told; without those of which there is none.
  public var counts: [(verdict: ValidationVerdict, count: Int)] {
    ValidationVerdict.allCases.compactMap { verdict in
      let count = rows.count { $0.verdict == verdict }
      return count == 0 ? nil : (verdict, count)
    }
  }

  /// - Throws: `ReportError` naming the figures that have left their bands.
  public func check() throws {
    guard isValid else {
      throw ReportError(
        "\(outside.count) of \(rows.count) figures left their stated bands: \(outside.joined(separator: ", "))")
    }
  }

  /// The report as JSON (`rheobase.validation/1`): `valid`, `counts` of verdicts, and `rows` with a member for each
  /// field.
  public var json: String {
    JSONValue.object([
      .init("schema", .text("rheobase.validation/1")), .init("valid", .flag(isValid)),
      .init("counts", .object(counts.map { .init($0.verdict.rawValue, .integer(Int64($0.count))) })),
      .init("rows", .list(rows.map(\.json))),
    ]).text(expandedDepth: 3)
  }
}

extension ValidationRow {
  fileprivate var json: JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map(JSONValue.real) ?? .null }
    let (range, kind): (ClosedRange<Double>?, String) =
      switch band {
      case .relative(let range): (range, "relative")
      case .absolute(let range): (range, "absolute")
      case .unjudged: (nil, "relative")
      }
    return .object([
      .init("name", .text(name)), .init("group", .text(group)), .init("quantity", .text(quantity)),
      .init("chip", .text(chip)), .init("unit", .text(unit)), .init("ours", number(ours)),
      .init("published", number(published)),
      .init("published_kind", .text(basis == .formula ? "formula" : "figure")),
      .init("error", number(error)), .init("error_kind", .text(kind)),
      .init("band", range.map { .list([.real($0.lowerBound), .real($0.upperBound)]) } ?? .null),
      .init("basis", .text(basis.rawValue)), .init("reason", .text(reason)), .init("verdict", .text(verdict.rawValue)),
      .init("source", .text(source)),
      .init("estimate", .flag(isEstimate)), .init("missing", .list(missing.map(JSONValue.text))),
      .init("hypothetical", .flag(isHypothetical)),
    ])
  }
}
