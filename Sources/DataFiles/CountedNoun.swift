extension Int {
  /// So many of something whose plural ends in s: `1 event`, `2 events`.
  package func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
