extension Array {
  /// Appends what a run has recorded.
  ///
  /// A full array gets eight times its room: unused room takes no memory, but what is copied to it is there twice
  /// meanwhile, an eighth of it instead of half.
  package mutating func appendRecorded(_ new: some Collection<Element>) {
    if capacity < count + new.count { reserveCapacity(8 * (count + new.count)) }
    append(contentsOf: new)
  }
}
