/// Bars for terminals, in eighths of a cell.
enum CellBar {
  /// The same in whole cells of ASCII.
  static func asciiText(_ share: Double, width: Int) -> String {
    String(repeating: "#", count: Int((min(max(share, 0), 1) * Double(width)).rounded()))
  }

  /// A bar of a share of `width` cells, without what is empty of it.
  static func text(
    _ share: Double, width: Int, rounding: FloatingPointRoundingRule = .toNearestOrAwayFromZero
  ) -> String {
    let eighths = Int((min(max(share, 0), 1) * Double(8 * width)).rounded(rounding))
    let part = eighths % 8 == 0 ? "" : String(["▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8 - 1])
    return String(repeating: "█", count: eighths / 8) + part
  }
}
