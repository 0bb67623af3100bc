/// Texts in pictures, whose size is only known to whoever draws them: it is estimated, and too long ones are shortened.
package enum Labels {
  /// Width of a text of 13 pixels' height in common sans-serif fonts, in pixels; rather too much than too little.
  package static func width(_ text: String) -> Double {
    text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  private static func width(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "I", "t", "f", "r", ".", ",", ":", ";", "'", "|", "!", " ", "(", ")", "/", "-": 5.2
    case "m", "w", "M", "W", "%", "@": 12.5
    case "A"..."Z": 9.6
    default: String(scalar).displayWidth == 0 ? 0 : String(scalar).displayWidth == 2 ? 13.5 : 7.6
    }
  }

  /// The lines of a text, each at most so wide, in pixels; words that find no room are shortened into the last.
  package static func wrapped(_ text: String, _ width: Double, lines most: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let longer = (lines.last.map { "\($0) " } ?? "") + word
      if !lines.isEmpty, lines.count == most || Self.width(longer) <= width {
        lines[lines.count - 1] = longer
      } else {
        lines.append(String(word))
      }
    }
    return lines.map { fitted($0, width) }
  }

  /// A text that is at most so wide, in pixels.
  static func fitted(_ text: String, _ width: Double) -> String {
    text.shortened(untilItFits: { Self.width($0) <= width })
  }
}

extension String {
  /// The longest of its shortened forms that has room.
  fileprivate func shortened(untilItFits fits: (String) -> Bool) -> String {
    guard !fits(self) else { return self }
    var count = unicodeScalars.count - 1
    while count > 1, !fits(shortened(to: count)) { count -= 1 }
    return shortened(to: count)
  }

  /// Shortened to so many columns of a terminal.
  package func shortened(toColumns columns: Int) -> String { shortened(untilItFits: { $0.displayWidth <= columns }) }

  /// A text that is too long with an ellipsis in place of what tells least: the folders of a path, else its middle.
  package func shortened(to count: Int) -> String {
    let scalars = unicodeScalars
    guard scalars.count > count else { return self }
    func text(_ part: String.UnicodeScalarView.SubSequence) -> String { String(String.UnicodeScalarView(part)) }
    let kept = max(count - 1, 0)
    if let slash = scalars.lastIndex(of: "/") {
      let file = scalars[scalars.index(after: slash)...]
      if file.count <= kept { return "…" + text(scalars.suffix(kept)) }
      return text(file).shortened(to: count)
    }
    return text(scalars.prefix(kept / 3)) + "…" + text(scalars.suffix(kept - kept / 3))
  }
}
