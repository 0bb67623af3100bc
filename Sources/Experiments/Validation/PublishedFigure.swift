import Neuromorphic
import Reports

/// A figure that a source gives, and how far ours may lie from it. All of them are in `PublishedFigures`.
struct PublishedFigure: Sendable {
  /// Unique and stable.
  let name: String
  /// What is measured.
  let quantity: String
  /// SI unit; `1` for numbers.
  let unit: String
  /// The figure; of a formula, a run fills in its value (`at`).
  let value: Double
  /// How far ours may lie from it.
  let band: ValidationBand
  /// What agreement is worth.
  let basis: ValidationBasis
  /// Why so far, or why it is not judged.
  let reason: String
  /// Where the figure is from.
  let source: String

  init(
    _ name: String, _ quantity: String, _ value: Double, _ unit: String, _ band: ValidationBand,
    _ basis: ValidationBasis = .publication, reason: String, source: String
  ) {
    self.name = name
    self.quantity = quantity
    self.value = value
    self.unit = unit
    self.band = band
    self.basis = basis
    self.reason = reason
    self.source = source
  }

  /// The row of a figure that could not be run.
  func notRun(_ reason: String, group: String, chip: String) -> ValidationRow {
    ValidationRow(
      name: name, group: group, quantity: quantity, chip: chip, unit: unit, published: value, ours: nil,
      band: .unjudged, basis: basis, reason: reason, source: source)
  }

  /// The row with ours.
  ///
  /// - Parameter isHypothetical: Whether no chip could hold what was run.
  func row(
    _ ours: Double, group: String, chip: String, marks: Marks = .none, isHypothetical: Bool = false
  ) -> ValidationRow {
    ValidationRow(
      name: name, group: group, quantity: quantity, chip: chip, unit: unit, published: value, ours: ours,
      band: band, basis: basis, reason: reason, source: source, isEstimate: marks.isEstimate, missing: marks.missing,
      isHypothetical: isHypothetical)
  }

  /// The same with a formula's value at the run's own counts, and the band and the reason that come from it.
  func at(_ value: Double, _ band: ValidationBand, reason: String) -> PublishedFigure {
    PublishedFigure(name, quantity, value, unit, band, basis, reason: reason, source: source)
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
