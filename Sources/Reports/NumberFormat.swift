import Foundation

/// Numbers for people: significant digits, SI prefixes, units.
public enum NumberFormat {
  private static let prefixes = ["a", "f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E"]
  private static let unprefixed = 6

  /// A value with an SI prefix and its unit, rounded to significant digits: `1.23 ms`, `45.6 µJ`, `12.3 k`.
  ///
  /// The unit `1` prints nothing, and `1/s` prints `/s`. What is not finite prints as `–`.
  public static func engineering(_ value: Double, unit: String, significantDigits digits: Int = 3) -> String {
    guard value.isFinite else { return "–" }
    let suffix = unit == "1" ? "" : unit.hasPrefix("1/") ? String(unit.dropFirst()) : unit
    // Printing rounds: 999.96 with 3 digits is 1.00e+03, so the exponent must be read off the rounded number.
    let parts = String(format: "%.\(digits - 1)e", value).split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]), let significand = Double(parts[0]) else { return "–" }
    let group = Int((Double(exponent) / 3).rounded(.down))
    guard prefixes.indices.contains(group + unprefixed) else { return joined("\(parts[0])e\(exponent)", suffix) }
    let shift = exponent - 3 * group
    let mantissa = String(format: "%.\(max(0, digits - 1 - shift))f", significand * pow(10, Double(shift)))
    return joined(significand == 0 ? "0" : mantissa, (significand == 0 ? "" : prefixes[group + unprefixed]) + suffix)
  }

  /// A number of things: exact below ten thousand, then three significant digits and a prefix.
  public static func count(_ value: Double) -> String {
    if abs(value) < 10_000, let whole = Int(exactly: value) { return String(whole) }
    return engineering(value, unit: "1")
  }

  /// The number by which a thing is known, in full.
  public static func identifier(_ value: Double) -> String { Int(exactly: value).map { "\($0)" } ?? "–" }

  /// A fraction as a percentage with two decimals: `4.98 %`.
  public static func percent(_ fraction: Double) -> String {
    fraction.isFinite ? String(format: "%.2f %%", 100 * fraction) : "–"
  }

  /// A plain number of four significant digits and its unit: `20.3 dB`.
  public static func plain(_ value: Double, unit: String) -> String {
    value.isFinite ? joined(String(format: "%.4g", value), unit == "1" ? "" : unit) : "–"
  }

  /// A ratio of three significant digits, or of all before the point: `0.43 ×`, `4450 ×`.
  public static func ratio(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    return String(format: abs(value) >= 999.5 && abs(value) < 1e15 ? "%.0f ×" : "%.3g ×", value)
  }

  private static func joined(_ number: String, _ suffix: String) -> String {
    suffix.isEmpty ? number : number + " " + suffix
  }
}

extension Statistic {
  /// The value as a table shows it, without marks.
  public var displayText: String {
    switch known {
    case .null: name == StatisticName.drifts.rawValue ? "unknown" : "–"
    case .text(let text): text
    case .flag(let flag): flag ? "yes" : "no"
    case .integer(let number): display(Double(number))
    case .real(let number): display(number)
    }
  }

  private func display(_ number: Double) -> String {
    switch StatisticName(rawValue: name)?.definition.display {
    case .count: NumberFormat.count(number)
    case .identifier: NumberFormat.identifier(number)
    case .percent: NumberFormat.percent(number)
    case .number: NumberFormat.plain(number, unit: unit)
    case .quantity, .flag, nil: NumberFormat.engineering(number, unit: unit)
    }
  }
}
