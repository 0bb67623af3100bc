/// What a format could not hold of a stream.
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

  /// Nothing lost.
  public init() {}

  /// Whether nothing was lost.
  public var isEmpty: Bool { self == EventLosses() }

  /// What was lost, in a line; empty if nothing was.
  public var text: String {
    let parts: [(Int, String)] = [
      (roundedTimes, "times rounded down to 1 us"), (droppedSteps, "steps dropped"),
      (mergedChannels, "channels merged into one"), (payloadsAsSigns, "payloads reduced to their signs"),
      (droppedZeros, "events of payload 0 dropped"),
    ]
    var texts = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    if droppedExponent != 0 { texts.append("payload unit 2^\(droppedExponent) dropped") }
    return texts.joined(separator: ", ")
  }
}
