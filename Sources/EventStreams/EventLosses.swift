import DataFiles

/// What is in a source and not in the file that was made of it.
public struct EventLosses: Equatable, Sendable {
  /// Events whose time was rounded down to a microsecond.
  public var roundedTimes = 0
  /// Events at steps other than 0.
  public var droppedSteps = 0
  /// Events of channels other than 0, which are in one channel now.
  public var mergedChannels = 0
  /// Events of payloads other than −1 and 1, of which the sign is left.
  public var payloadsAsSigns = 0
  /// Events of payload 0, which has no sign: they are not there any more.
  public var droppedZeros = 0
  /// The exponent of the payloads' unit, which is 0 now.
  public var droppedExponent = 0
  /// The encoder of a stream that was no recording and is one now; nil if it was.
  public var droppedEncoder: String?
  /// The number of timesteps of the shape, which is 1 now.
  public var droppedStepCount = 1
  /// The number of channels of the shape, which is 1 now.
  public var droppedChannelCount = 1
  /// Whether of what is said of the camera only the beginning is left, or not all characters.
  public var isCameraCut = false
  /// Whether of what is said of losses, these and former ones, only the beginning is in the file.
  public var isTextCut = false
  /// What a reader did not take from the source, one line each.
  public var leftOut: [String] = []
  /// What was left out because whoever converted asked for it, one line each.
  public var asked: [String] = []
  /// What the source says was lost when it was made; empty if nothing.
  public var before = ""

  /// Nothing lost.
  public init() {}

  /// What a camera's format drops of a stream, whatever its events.
  init(ofCamerasFor header: EventStream) {
    droppedExponent = header.payloadExponent
    droppedEncoder = header.isRecording ? nil : header.encoder
    (droppedStepCount, droppedChannelCount) = (header.steps, header.channels)
  }

  /// What a strict conversion refuses: what it loses itself and nobody asked for.
  var refused: EventLosses {
    var losses = self
    (losses.asked, losses.before) = ([], "")
    return losses
  }

  /// Whether nothing was lost.
  public var isEmpty: Bool { self == EventLosses() }

  /// What was lost, in a line; empty if nothing was.
  public var text: String {
    var parts = ofEvents + ofHeader + leftOut.map { Self.ofSource + $0 } + asked.map { Self.asAsked + $0 }
    if isTextCut { parts.append("what is said of losses cut to \(Self.mostCharacters) characters") }
    if !before.isEmpty { parts.append(Self.before(before)) }
    return parts.joined(separator: ", ")
  }

  /// The text as a file has it behind the word `lost`, which stands there once.
  var textOfFile: String { Self.text(ofFile: unlimitedTextOfFile) }

  /// Whether it has no room for all of it.
  var needsCut: Bool { textOfFile.count < unlimitedTextOfFile.count }

  /// Standard error says that it is cut, and the file by how much.
  private var unlimitedTextOfFile: String {
    var said = self
    said.isTextCut = false
    return Self.isFormer(said.text) ? String(said.text.dropFirst("lost ".count)) : said.text
  }

  /// Says of what a source says that it was lost before: once, however often it was converted, and without how.
  static func before(_ text: String) -> String {
    let said = text.hasPrefix(behindLost) ? String(text.dropFirst(behindLost.count)) : text
    return before + [before, ofSource, asAsked].reduce(said) { $0.replacing($1, with: "") }
  }

  /// Says of a line of what is missing from a file that it was left out now, unless it says that it was lost before.
  public static func missing(_ line: String) -> String { isFormer(line) ? line : "left out: \(line)" }

  /// Whether a line of what is missing from a file says that it was lost when the file was made.
  public static func isFormer(_ line: String) -> Bool { line.hasPrefix(before) }

  private static let before = "lost before: "
  /// The same behind the name of the field.
  private static let behindLost = "before: "
  private static let ofSource = "left out of the source: "
  private static let asAsked = "left out as asked: "

  /// Characters that a file holds of the text: room for what is lost at once, with numbers of nine digits, but for long
  /// names.
  static let mostCharacters = 640

  /// A text as a file holds it, or the beginning of a longer one: a line of ASCII without what is markup in XML.
  static func field(_ text: String) -> String {
    let plain = plain(text)
    return plain.count <= mostCharacters ? plain : String(plain.prefix(mostCharacters - 3)) + "..."
  }

  /// A line of ASCII without what is markup in XML, as readers take it from a file: it may be longer than a file that is
  /// written has room for.
  static func plain(_ text: String) -> String {
    String(text.map { $0.isASCII && $0 >= " " && $0 <= "~" && !"<>&".contains($0) ? $0 : "?" })
  }

  /// What is said of losses as a file holds it: of a longer text the beginning, and how many characters are not there,
  /// also of those that were cut before.
  static func text(ofFile text: String) -> String {
    let plain = plain(text)
    // With room for the word that the next conversion puts before it.
    let most = mostCharacters - (plain.hasPrefix(behindLost) ? 0 : behindLost.count)
    guard plain.count > most else { return plain }
    let (said, missing) = apart(plain)
    let kept = said.prefix(most - mostCharactersOfEnding)
    return kept + "... (\(missing + said.count - kept.count) characters cut)"
  }

  /// A text without the ending of one that was cut, and how many characters were.
  private static func apart(_ text: String) -> (said: Substring, missing: Int) {
    // A text may be as long as its file, and a pattern takes its time.
    let end = text.suffix(mostCharactersOfEnding)
    guard let ending = end.firstMatch(of: /\.\.\. \((\d{1,15}) characters cut\)$/), let missing = Int(ending.1) else {
      return (text[...], 0)
    }
    return (text[..<ending.range.lowerBound], missing)
  }

  /// For up to 16 digits.
  private static let mostCharactersOfEnding = "... (".count + 16 + " characters cut)".count

  private var ofEvents: [String] {
    let parts: [(Int, String)] = [
      (roundedTimes, "time rounded down to 1 us"), (droppedSteps, "step dropped"),
      (mergedChannels, "channel merged into one"), (payloadsAsSigns, "payload reduced to its sign"),
      (droppedZeros, "dropped, of payload 0"),
    ]
    return parts.filter { $0.0 > 0 }.map { "\($0.0.counted("event")): \($0.1)" }
  }

  private var ofHeader: [String] {
    var texts: [String] = []
    if droppedExponent != 0 { texts.append("payload unit 2^\(droppedExponent) dropped") }
    if let droppedEncoder { texts.append("encoder '\(droppedEncoder)' dropped") }
    if droppedStepCount != 1 { texts.append("number of steps \(droppedStepCount) dropped") }
    if isCameraCut {
      texts.append(
        "what is said of the camera changed to at most \(Self.mostCharacters) characters of ASCII without markup")
    }
    if droppedChannelCount != 1 { texts.append("number of channels \(droppedChannelCount) dropped") }
    return texts
  }
}
