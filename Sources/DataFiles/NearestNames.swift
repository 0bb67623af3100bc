/// What somebody may have meant by a name that is not known.
public enum NearestNames {
  /// The second half of an error about an unknown name: all that are known if they are few, else the nearest ones.
  ///
  ///     known: lambda, input
  ///     did you mean 'energy.total' or 'energy.host'?
  public static func advice(for name: String, among known: [String], listed: String = "known") -> String {
    guard known.count > mostListed else { return "\(listed): \(known.joined(separator: ", "))" }
    let near = nearest(to: name, among: known).map { "'\($0)'" }
    guard let last = near.last else {
      return "there are \(known.count), such as \(known.prefix(mostNear).joined(separator: ", "))"
    }
    let others = near.dropLast().joined(separator: ", ")
    return "did you mean \(others.isEmpty ? "" : others + " or ")\(last)?"
  }

  private static let (mostListed, mostNear) = (8, 3)

  /// At most three names, the nearest first; none if nothing is near.
  static func nearest(to name: String, among known: [String]) -> [String] {
    let most = max(2, name.count / 3)
    let distances = known.enumerated().map { (place: $0.offset, distance: distance(name, $0.element)) }
    let least = distances.map(\.distance).min() ?? 0
    let near = distances.filter { $0.distance <= min(most, least + 1) }
      .sorted { ($0.distance, $0.place) < ($1.distance, $1.place) }
    return near.prefix(mostNear).map { known[$0.place] }
  }

  /// Letters to change, also where only one part of a dotted name is given, or a piece of it.
  private static func distance(_ name: String, _ known: String) -> Int {
    let (name, known) = (name.lowercased(), known.lowercased())
    let last = name.split(separator: ".").last ?? ""
    let parts = known.split(separator: ".").map { edits(last, $0) }.filter { $0 <= last.count / 4 }
    return min(
      edits(name, known), parts.min().map { $0 + 1 } ?? .max, name.count > 2 && known.contains(name) ? 1 : .max)
  }

  /// Letters to insert, to leave out, to replace or to exchange with their neighbours.
  private static func edits(_ a: some StringProtocol, _ b: some StringProtocol) -> Int {
    // Longer names than any that is known need not be compared to their ends.
    let (a, b) = (Array(a.unicodeScalars.prefix(100)), Array(b.unicodeScalars.prefix(100)))
    var rows = [Array(0...b.count)]
    for (i, letter) in a.enumerated() {
      var row = [i + 1]
      for (j, other) in b.enumerated() {
        var least = min(rows[i][j] + (letter == other ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, letter == b[j - 1], a[i - 1] == other { least = min(least, rows[i - 1][j - 1] + 1) }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
