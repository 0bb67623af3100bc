extension Collection<String> {
  /// The names in a line: the first ones of many, and of long ones the beginning, so that a file has room for it beside
  /// other losses.
  var listed: String {
    let (most, mostCharacters) = (8, 120)
    var names: [String] = []
    for name in prefix(most) {
      let name = String(name.prefix(40))
      guard names.reduce(name.count, { $0 + $1.count + 2 }) <= mostCharacters else { break }
      names.append(name)
    }
    return names.joined(separator: ", ") + (count > names.count ? ", ..." : "")
  }
}
