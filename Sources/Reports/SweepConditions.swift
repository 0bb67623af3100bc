import DataFiles
import Foundation

// Which points of a sweep are looked at.

extension SweepTable {
  /// The points at these places.
  public func points(at places: [Int]) -> SweepTable {
    SweepTable(axes: axes, statistics: statistics, points: places.map { points[$0] })
  }

  /// The points that have, of each axis that is named, one of the values that are asked for; numbers are compared as
  /// numbers, and a file is known by its name alone. Axes that change together can be named as one, by their keys and
  /// values separated by commas.
  ///
  /// - Throws: `ReportError` if an axis is not in the table, or no point has a value.
  public func points(where conditions: [(axis: String, value: String)]) throws(ReportError) -> SweepTable {
    var groups: [[Condition]] = []
    for (axis, value) in conditions {
      let condition = try condition(axis, value)
      if let place = groups.firstIndex(where: { $0[0].axes == condition.axes }) {
        groups[place].append(condition)
      } else {
        groups.append([condition])
      }
    }
    var chosen = points
    var met: [String] = []
    for group in groups {
      for condition in group { try check(condition, among: chosen, thatHave: met) }
      chosen = chosen.filter { point in group.contains { $0.isMet(by: point) } }
      met.append(group.map(text).joined(separator: " or "))
    }
    return SweepTable(axes: axes, statistics: statistics, points: chosen)
  }

  /// Values that axes must have.
  private struct Condition {
    /// Places of the axes.
    let axes: [Int]
    let values: [String]

    func isMet(by point: Point) -> Bool {
      zip(axes, values).allSatisfy { SweepTable.isMeant(point.axisValues[$0], by: $1) }
    }
  }

  private func condition(_ axis: String, _ value: String) throws(ReportError) -> Condition {
    let names = axis.listed
    let values = names.count > 1 ? value.listed : [value]
    guard names.count == values.count else {
      throw ReportError("\(axis)=\(value): \(names.count) values are expected, one for each axis")
    }
    var places: [Int] = []
    for name in names {
      guard let place = axes.firstIndex(of: name) ?? axes.firstIndex(of: Self.axisName(ofKey: name)) else {
        throw ReportError("unknown axis '\(name)'; \(NearestNames.advice(for: name, among: axes))")
      }
      places.append(place)
    }
    return Condition(axes: places, values: values)
  }

  /// - Parameters:
  ///   - candidates: the points that meet the conditions before.
  ///   - met: the texts of those.
  /// - Throws: `ReportError` if no point meets a condition, or a name may be that of several files.
  private func check(
    _ condition: Condition, among candidates: [Point], thatHave met: [String]
  ) throws(ReportError) {
    let chosen = candidates.filter(condition.isMet)
    for (axis, value) in zip(condition.axes, condition.values) {
      let meant = Set(chosen.map { $0.axisValues[axis] }).sorted()
      guard meant.count < 2 || meant.contains(value) || SweepTable.number(ofAxisValue: meant[0]) != nil else {
        throw ReportError(
          "\(axes[axis])=\(value) may be any of several values; name one: \(meant.prefix(20).joined(separator: ", "))")
      }
    }
    guard chosen.isEmpty, !points.isEmpty else { return }
    guard points.contains(where: condition.isMet) else {
      throw ReportError("no point has \(text(condition)); values: \(values(of: condition.axes, in: points))")
    }
    let before = met.joined(separator: ", ")
    throw ReportError(
      "no point has \(met.count == 1 ? "both " : "")\(before) and \(text(condition)); "
        + "values of \(names(condition.axes)) where \(before): \(values(of: condition.axes, in: candidates))")
  }

  private func names(_ places: [Int]) -> String { places.map { axes[$0] }.joined(separator: ", ") }

  private func text(_ condition: Condition) -> String {
    "\(names(condition.axes))=\(condition.values.joined(separator: ", "))"
  }

  /// The first of the different values that points have of axes.
  private func values(of axes: [Int], in points: [Point]) -> String {
    let known = points.map { point in axes.map { point.axisValues[$0] }.joined(separator: ", ") }.uniqued()
    return known.prefix(20).joined(separator: axes.count > 1 ? "; " : ", ")
  }

  private static func isMeant(_ value: String, by wanted: String) -> Bool {
    if let one = number(ofAxisValue: value), let other = number(ofAxisValue: wanted) {
      return abs(one - other) <= 1e-9 * abs(one)
    }
    return value == wanted || value.split(separator: "/").last.map(String.init) == wanted
  }
}

extension String {
  /// The parts between commas, without the blanks about them.
  fileprivate var listed: [String] {
    split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
