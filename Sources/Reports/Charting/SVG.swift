import Foundation

/// Pieces of SVG and HTML; numbers never depend on a locale.
enum SVG {
  /// A coordinate with one decimal.
  static func number(_ value: Double) -> String {
    let text = String(format: "%.1f", value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Text that stays text between tags and in quoted attributes of HTML and XML.
  ///
  /// It is escaped scalar by scalar: a quote with a combining mark is one `Character`, but still ends an attribute.
  /// What XML cannot hold becomes U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value & 0xFFFE == 0xFFFE:
        result.unicodeScalars.append("\u{FFFD}")
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A text at a place; the anchor is `start`, `middle` or `end`.
  static func text(_ text: String, x: Double, y: Double, anchor: String = "start", style: String = "") -> String {
    let styled = style.isEmpty ? "" : " class=\"\(style)\""
    let anchored = anchor == "start" ? "" : " text-anchor=\"\(anchor)\""
    return "<text x=\"\(number(x))\" y=\"\(number(y))\"\(anchored)\(styled)>\(escaped(text))</text>"
  }

  /// A datum: an element's tag without its end, with what it tells under the pointer.
  static func mark(_ element: String, tip: String, style: String) -> String {
    let name = element.prefix { $0 != " " }
    return "<\(element) class=\"mark \(style)\"><title>\(escaped(tip))</title></\(name)>"
  }
}
