extension Collection<String> {
  /// The names in a line: the first ones of many, and of long ones the beginning.
  var listed: String {
    let most = 8
    return prefix(most).map { String($0.prefix(40)) }.joined(separator: ", ") + (count > most ? ", ..." : "")
  }
}
