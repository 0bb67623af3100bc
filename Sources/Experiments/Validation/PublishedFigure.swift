import Reports

/// A figure that a source gives, and how far ours may lie from it. All of them are in `PublishedFigures`.
struct PublishedFigure: Sendable {
  /// Unique and stable.
  let name: String
  /// What is measured.
  let quantity: String
  /// SI unit; `1` for numbers.
  let unit: String
  /// The figure. In rows whose source gives a formula, the formula's value at the run's own counts takes its place.
  let value: Double
  /// How far ours may lie from it.
  let band: ValidationBand
  /// Why so far, or why it is not judged.
  let reason: String
  /// Where the figure is from.
  let source: String

  init(
    _ name: String, _ quantity: String, _ value: Double, _ unit: String, _ band: ValidationBand, reason: String,
    source: String
  ) {
    self.name = name
    self.quantity = quantity
    self.value = value
    self.unit = unit
    self.band = band
    self.reason = reason
    self.source = source
  }

  /// The row of a figure that could not be run.
  func notRun(_ reason: String, group: String, chip: String) -> ValidationRow {
    ValidationRow(
      name: name, group: group, quantity: quantity, chip: chip, unit: unit, published: value, ours: nil,
      band: .unjudged, reason: reason, source: source)
  }

  /// The row with ours.
  ///
  /// - Parameter formula: What the source's formula gives, where it has no figure.
  func row(
    _ ours: Double, group: String, chip: String, marks: Marks = Marks(isEstimate: false, missing: []),
    formula: Double? = nil
  ) -> ValidationRow {
    ValidationRow(
      name: name, group: group, quantity: quantity, chip: chip, unit: unit, published: formula ?? value, ours: ours,
      band: band, reason: reason, source: source, isEstimate: marks.isEstimate, missing: marks.missing)
  }
}

extension ValidationBand {
  /// As far below as above, relative to the published figure.
  static func percent(_ limit: Double) -> ValidationBand { .relative(-limit / 100...limit / 100) }

  /// Relative to the published figure.
  static func percent(_ range: ClosedRange<Double>) -> ValidationBand {
    .relative(range.lowerBound / 100...range.upperBound / 100)
  }

  /// As far below as above, in the figure's unit.
  static func within(_ limit: Double) -> ValidationBand { .absolute(-limit...limit) }
}
