/// What a recording's header says of the sensor's pixels.
struct SensorSides {
  /// What it says of columns.
  var width = Side()
  /// What it says of rows.
  var height = Side()

  /// What a header says of one side.
  struct Side {
    /// Pixels; nil if no line says them.
    fileprivate(set) var pixels: Int?
    /// What is wrong with the last line about it; nil if nothing is.
    fileprivate var problem: String?
    /// Whether lines say different things of it, which no later one settles.
    private var isContradictory = false

    /// Takes what a line says, in columns or rows.
    fileprivate mutating func read(_ said: Int, _ name: String) {
      guard !isContradictory else { return }
      isContradictory = (pixels ?? said) != said
      problem = isContradictory ? "both \(pixels ?? said) and \(said) \(name); say which it is by --geometry" : nil
      pixels = isContradictory ? nil : said
    }
  }

  /// Takes a side as the header has it, under the header's name for it.
  mutating func read(_ side: WritableKeyPath<Self, Side>, _ text: String, called name: String) {
    if let pixels = Int(text), pixels > 0 {
      self[keyPath: side].read(pixels, side == \.width ? "columns" : "rows")
    } else {
      self[keyPath: side].problem = "'\(text.prefix(40))' as \(name); a number of pixels is expected, such as 720"
    }
  }

  /// Takes both, such as `1280x720`.
  mutating func read(geometry text: String) {
    if let geometry = EventStreamFile.Geometry(text) {
      read(geometry)
    } else {
      let problem = "the geometry '\(text.prefix(40))'; WIDTHxHEIGHT is expected, such as 1280x720"
      (width.problem, height.problem) = (problem, problem)
    }
  }

  /// Takes both.
  mutating func read(_ geometry: EventStreamFile.Geometry) {
    width.read(geometry.width, "columns")
    height.read(geometry.height, "rows")
  }

  /// The geometry of the recording: each side as the header says, else as it is given, else all that its format can
  /// address.
  ///
  /// - Throws: `EventStreamError` if the header says something else than is given, or nothing that can be understood
  ///   and nothing is given, or if a side is more than can be addressed.
  func geometry(given: EventStreamFile.Geometry?, limit: Int) throws -> EventStreamFile.Geometry {
    if let given, width.pixels ?? given.width != given.width || height.pixels ?? given.height != given.height {
      let said = [(width.pixels, "columns"), (height.pixels, "rows")].compactMap { pixels, name in
        pixels.map { "\($0) \(name)" }
      }
      throw EventStreamError(
        "says \(said.joined(separator: " and ")) itself, not \(given.width) x \(given.height) pixels; "
          + "a geometry is for what a file does not say")
    }
    if given == nil, let problem = width.problem ?? height.problem {
      throw EventStreamError("its header says \(problem)")
    }
    let geometry = EventStreamFile.Geometry(
      width: width.pixels ?? given?.width ?? limit, height: height.pixels ?? given?.height ?? limit)
    guard max(geometry.width, geometry.height) <= limit else {
      throw EventStreamError(
        "has coordinates below \(limit), and the geometry is \(geometry.width) x \(geometry.height)")
    }
    return geometry
  }
}
