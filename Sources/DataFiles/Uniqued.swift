extension Sequence {
  /// Each of different elements once, in the order in which they come.
  package func uniqued() -> [Element] where Element: Hashable { uniqued(on: \.self) }

  /// The first element of each different key, in the order in which they come.
  package func uniqued<Key: Hashable>(on key: (Element) throws -> Key) rethrows -> [Element] {
    var seen: Set<Key> = []
    return try filter { try seen.insert(key($0)).inserted }
  }
}
