import DataFiles
import Foundation

/// A picture of data as SVG, for a file of its own or as a part of a page.
public struct Drawing: Equatable, Sendable {
  /// What it shows.
  public let title: String
  /// What there is to see, for those who do not.
  public let summary: String
  /// Width and height in units of the picture, which are pixels at its natural size.
  public let width, height: Double
  /// How many data are drawn, each as an element of the class `mark`.
  public let markCount: Int
  let body: String

  /// - Parameter body: SVG, its texts escaped.
  init(title: String, summary: String, width: Double, height: Double, body: String) {
    (self.title, self.summary, self.width, self.height, self.body) = (title, summary, width, height, body)
    markCount = body.components(separatedBy: "class=\"mark ").count - 1
  }

  /// The text of an SVG file: light or dark as its reader is, light in print.
  public var svg: String {
    let lines = Labels.wrapped(title, (width - 16) / Self.headingScale, lines: Self.mostHeadingLines)
    let top = Self.headingMargin + Self.headingLineHeight * Double(lines.count)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(SVG.number(width)) \(SVG.number(height + top))" \
      width="\(SVG.number(1.5 * width))" height="\(SVG.number(1.5 * (height + top)))" \(FormerFolder.chartMark)>
      <title id="title">\(SVG.escaped(title))</title>
      <desc id="summary">\(SVG.escaped(summary))</desc>
      <style>\(Palette.style)</style>
      <rect width="100%" height="100%" class="paper"/>
      \(Self.heading(lines))
      <g transform="translate(0 \(SVG.number(top)))">
      \(body)
      </g>
      </svg>

      """
  }

  /// The picture inside a page that has `Palette.style`: its title stands beside it, and arrow keys go through its
  /// data.
  var inline: String {
    """
    <svg viewBox="0 0 \(SVG.number(width)) \(SVG.number(height))" class="chart" role="img" tabindex="0" \
    aria-label="\(SVG.escaped("\(title). \(summary)"))">
    \(body)
    </svg>
    """
  }

  private static func heading(_ lines: [String]) -> String {
    lines.enumerated().map { line, text in
      SVG.text(text, x: 8, y: 20 + headingLineHeight * Double(line), style: "heading")
    }.joined(separator: "\n")
  }

  private static let headingLineHeight = 19.0
  private static let headingMargin = 9.0
  private static let mostHeadingLines = 3
  /// Letters of the heading are larger and bolder than others.
  private static let headingScale = 1.25
}
