extension String {
  /// The text as one word of the shell, quoted.
  var quotedForShell: String { "'" + replacing("'", with: "'\\''") + "'" }

  /// The text as one word of the shell, quoted if it must be: for commands that people copy.
  public var shellWord: String { wholeMatch(of: /[\w@%+=:,.\/-]+/) == nil ? quotedForShell : self }
}
