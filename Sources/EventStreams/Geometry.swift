extension EventStreamFile {
  /// Rows and columns, for files that do not say them.
  public struct Geometry: Equatable, Sendable {
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int

    /// A geometry.
    public init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

    /// A geometry of at least one pixel as text, such as `1280x720`; nil if it is none.
    public init?(_ text: String) {
      let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
      guard sides.count == 2, let width = sides[0], let height = sides[1], width > 0, height > 0 else { return nil }
      self.init(width: width, height: height)
    }
  }
}
