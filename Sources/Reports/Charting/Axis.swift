import Foundation

extension Chart {
  /// One axis.
  public struct Axis: Equatable, Sendable {
    /// What is drawn along it, with its unit: `PSNR (dB)`.
    public var label: String
    /// Whether it is logarithmic; values must then be positive.
    public var isLogarithmic: Bool
    /// Whether it begins at 0.
    public var includesZero: Bool

    /// Makes an axis.
    public init(_ label: String, isLogarithmic: Bool = false, includesZero: Bool = false) {
      self.label = label
      self.isLogarithmic = isLogarithmic
      self.includesZero = includesZero
    }
  }
}

extension Chart.Axis {
  /// Whether sorted values are spread more evenly in the logarithm: their median is where it would be then.
  package static func suitsLogarithm(_ values: [Double]) -> Bool {
    guard values.count > 2, let low = values.first, let high = values.last, low > 0, high > 2 * low else {
      return false
    }
    let median = SampleStatistics.median(values)
    return abs(median - (low * high).squareRoot()) < abs(median - (low + high) / 2)
  }
}

/// An axis with its range and ticks.
struct Scale: Equatable {
  private let low: Double
  private let high: Double
  private let isLogarithmic: Bool
  /// The places that have a label.
  let ticks: [Double]
  /// Powers of ten whose labels would meet others.
  let unlabelledTicks: [Double]

  init(_ axis: Chart.Axis, _ values: [Double]) {
    isLogarithmic = axis.isLogarithmic
    let all = values.filter { $0.isFinite && (!axis.isLogarithmic || $0 > 0) } + (axis.includesZero ? [0] : [])
    let (low, high) = (all.min() ?? 1, all.max() ?? 10)
    if axis.isLogarithmic {
      let ends = (Self.rounded(low, .down), Self.rounded(max(high, low * 1.2), .up))
      let margin = Self.margin * log10(ends.1 / ends.0)
      (self.low, self.high) = (log10(ends.0) - margin, log10(ends.1) + margin)
      ticks = Self.logarithmicTicks(ends.0, ends.1)
      unlabelledTicks = Self.powers(ends.0, ends.1, most: Self.mostDecades).filter { [ticks] power in
        power > ends.0 && power < ends.1 && !ticks.contains(power)
      }
    } else {
      (self.low, self.high, ticks) = Self.linear(low, high)
      unlabelledTicks = []
    }
  }

  /// Room beyond both ends of a logarithmic axis, as a share of what is between them, so that no mark is on the frame.
  private static let margin = 0.03
  /// So many powers of ten have ticks, and so many of them labels, if there is room.
  private static let (mostDecades, mostLabels) = (12, 6)

  /// A positive number with two digits, the next below or above.
  private static func rounded(_ value: Double, _ rule: FloatingPointRoundingRule) -> Double {
    let unit = pow(10, log10(value).rounded(.down) - 1)
    let rounded = (value / unit + (rule == .down ? 1e-9 : -1e-9)).rounded(rule) * unit
    return unit.isNormal && rounded.isFinite ? rounded : value
  }

  /// Both ends, and between them what keeps away from them, so that no label meets another: powers of ten; fewer than
  /// two of them, and 2 and 5 times them too; fewer than two of those, and those of a linear axis.
  private static func logarithmicTicks(_ low: Double, _ high: Double) -> [Double] {
    func haveRoom(_ tick: Double, _ next: Double) -> Bool {
      log10(next / tick) >= room(label(tick), label(next)) * log10(high / low)
    }
    func inner(_ ticks: [Double]) -> [Double] {
      ticks.filter { $0 > low && $0 < high && haveRoom(low, $0) && haveRoom($0, high) }
    }
    let multiples = powers(low, high).flatMap { [$0, 2 * $0, 5 * $0] }
    let choices = [powers(low, high, most: mostLabels), multiples].map(inner)
    return [low] + (choices.first { $0.count > 1 } ?? inner(linear(low, high).ticks)) + [high]
  }

  /// Powers of ten from the last before a range to the first behind it; every second, or third, … of too many.
  private static func powers(_ low: Double, _ high: Double, most: Int = .max) -> [Double] {
    let exponents = Array(Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up)))
    let stride = (exponents.count - 1) / most + 1
    return exponents.enumerated().filter { $0.offset % stride == 0 }.map { pow(10, Double($0.element)) }
  }

  /// How far apart two labels must be, as a share of a horizontal axis, which then suffices for a vertical one.
  private static func room(_ label: String, _ next: String) -> Double {
    max(0.1, ((Labels.width(label) + Labels.width(next)) / 2 + 8) / 300)
  }

  /// A range that begins and ends at a multiple of 1, 2, 2.5 or 5 times a power of ten, and about five steps of it.
  private static func linear(_ low: Double, _ high: Double) -> (low: Double, high: Double, ticks: [Double]) {
    var (low, high) = (low, high)
    if high - low < 1e-12 * max(abs(high), abs(low)) || high == low {
      let margin = low == 0 ? 0.5 : 0.1 * abs(low)
      (low, high) = (low - margin, high + margin)
    }
    let rough = (high - low) / 5
    let power = pow(10, log10(rough).rounded(.down))
    let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? rough
    let (first, last) = ((low / step + 1e-9).rounded(.down) * step, (high / step - 1e-9).rounded(.up) * step)
    let ticks = (0...max(1, Int(((last - first) / step).rounded()))).map { place in
      let tick = first + Double(place) * step
      return abs(tick) < 1e-9 * step ? 0 : tick
    }
    return (first, last, ticks)
  }

  /// From 0 to 1 along the axis.
  func share(_ value: Double) -> Double { ((isLogarithmic ? log10(value) : value) - low) / (high - low) }

  /// The text of a tick.
  static func label(_ value: Double) -> String {
    guard value != 0, abs(value) >= 1e5 || abs(value) < 1e-3 else {
      return String(format: "%.6g", value).replacing("-", with: "−")
    }
    let parts = String(format: "%.3e", value).split(separator: "e")
    var significand = parts[0]
    while significand.hasSuffix("0") { significand.removeLast() }
    if significand.hasSuffix(".") { significand.removeLast() }
    let exponent = String(Int(parts[1]) ?? 0).map { superscripts[$0] ?? "" }.joined()
    return (significand == "1" ? "" : "\(significand)·").replacing("-", with: "−") + "10\(exponent)"
  }

  private static let superscripts: [Character: String] = [
    "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹", "-": "⁻",
  ]
}

/// A unit with the prefix that suits some values, for an axis.
package struct PrefixedUnit: Equatable {
  /// What values in the plain unit are multiplied with.
  package let factor: Double
  /// `µJ`.
  package let symbol: String

  package init(for values: [Double], unit: String) {
    let largest = values.filter(\.isFinite).map(abs).max() ?? 0
    let text = NumberFormat.engineering(largest, unit: "#", significantDigits: 4)
    let prefix = text.split(separator: " ").last.map { String($0.dropLast()) } ?? ""
    let exponents = ["a": 18, "f": 15, "p": 12, "n": 9, "µ": 6, "m": 3, "k": -3, "M": -6, "G": -9, "T": -12]
    guard unit != "1", let exponent = exponents[prefix] else {
      (factor, symbol) = (1, unit == "1" ? "" : unit)
      return
    }
    factor = pow(10, Double(exponent))
    symbol = prefix + unit
  }

  /// The label of an axis: `latency (ms)`.
  package func label(_ name: String) -> String { symbol.isEmpty ? name : "\(name) (\(symbol))" }
}
