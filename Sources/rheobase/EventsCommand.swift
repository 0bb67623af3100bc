import ArgumentParser
import EventStreams
import Experiments

struct Events: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at event streams and convert them.", subcommands: [Inspect.self, Convert.self, Make.self])

  struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Describe an event stream.")

    @Argument(help: "Event stream (\(readableFormats)).") var file: String
    @OptionGroup var sensor: SensorOptions
    @OptionGroup var progress: ProgressOptions

    func validate() throws {
      _ = try checkingUsage { try EventStreamFile.Format(path: file, isRead: true) }
    }

    func run() throws {
      let summary = try EventStreamSummary(
        contentsOf: file, geometry: sensor.pixels(), camera: sensor.camera, progress: Terminal.progress)
      Terminal.finish()
      Terminal.print(summary)
      for text in summary.leftOut { Terminal.loss("\(file): \(EventLosses.missing(text))") }
    }
  }

  struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Convert an event stream; the suffixes name the formats. What the new one cannot hold is said.")

    @Argument(help: "Event stream to read (\(readableFormats)).") var source: String
    @Argument(help: "Event stream to write (\(formats)).") var destination: String
    @Option(help: "Format to write, whatever the suffix.") var format: EventStreamFile.Format?
    @Option(parsing: .unconditional, help: "Only the events of this channel.") var channel: Int?
    @Flag(help: "Count times from the first event.") var fromZero = false
    @OptionGroup var sensor: SensorOptions
    @Flag(
      help: """
        Put events in order that come late in the file: each before up to \(EventConversion.usualSortingReach) others, \
        or before any in a file of up to \(EventConversion.usualHeldEvents).
        """)
    var sort = false
    @Flag(help: "Refuse a conversion that would lose something.") var strict = false
    @OptionGroup var progress: ProgressOptions

    func validate() throws {
      _ = try checkingUsage { try EventStreamFile.Format(path: source, isRead: true) }
      if format == nil { _ = try checkingUsage { try EventStreamFile.Format(path: destination) } }
    }

    func run() throws {
      var conversion = EventConversion(from: source, to: destination)
      conversion.format = format
      conversion.channel = channel
      conversion.countsFromZero = fromZero
      conversion.sortsEvents = sort
      conversion.geometry = try sensor.pixels()
      conversion.camera = sensor.camera
      conversion.isStrict = strict
      conversion.program = ProgramVersion.current
      let report = try conversion(progress: Terminal.progress)
      Terminal.finish()
      if !report.losses.isEmpty { Terminal.loss("\(destination): \(report.losses.text)") }
    }
  }
}

extension Events {
  struct Make: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Record a made scene: an edge that crosses the sensor and stops in its middle.")

    @Argument(help: "Event stream to write (\(formats)).") var destination: String
    @Option(parsing: .unconditional, help: "Pixels along each side.") var size = MovingEdge().size
    @Option(parsing: .unconditional, help: "Direction of the motion, in degrees.") var angle = MovingEdge()
      .angle_degrees
    @Option(parsing: .unconditional, help: "Pixels a second.") var speed = MovingEdge().speed
    @Option(parsing: .unconditional, help: "Events at a pixel that the edge passes.") var levels = MovingEdge().levels
    @Option(parsing: .unconditional, help: "Width of the edge, in pixels.") var width = MovingEdge().width

    private var edge: MovingEdge {
      var edge = MovingEdge()
      (edge.size, edge.angle_degrees, edge.speed, edge.levels, edge.width) = (size, angle, speed, levels, width)
      return edge
    }

    func validate() throws {
      _ = try checkingUsage { try EventStreamFile.Format(path: destination) }
      try checkingUsage { try edge.validate() }
    }

    func run() throws {
      let losses = try EventStreamFile.write(edge.recording(), to: destination, program: ProgramVersion.current)
      if !losses.isEmpty { Terminal.loss("\(destination): \(losses.text)") }
    }
  }
}

private let formats = EventStreamFile.Format.extensions.joined(separator: ", ")
private let readableFormats = EventStreamFile.Format.readableExtensions.joined(separator: ", ")

/// Which sensor of a camera's file is read, and what the file does not say of it.
struct SensorOptions: ParsableArguments {
  @Option(help: "Pixels of the sensor, WIDTHxHEIGHT, if a camera's file does not say.") var geometry: String?
  @Option(
    parsing: .unconditional,
    help: "Camera whose events are read, of an AEDAT file of several: its name or number (default: the first).")
  var camera: String?

  func validate() throws { _ = try pixels() }

  /// The sides of the sensor; nil if they are not given.
  func pixels() throws -> EventStreamFile.Geometry? {
    guard let geometry else { return nil }
    guard let pixels = EventStreamFile.Geometry(geometry) else {
      throw ValidationError("--geometry \(geometry): WIDTHxHEIGHT is expected, such as 346x260")
    }
    return pixels
  }
}

extension EventStreamFile.Format: ExpressibleByArgument {}
