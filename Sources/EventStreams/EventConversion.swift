import DataFiles
import Foundation

/// A conversion of an event stream from file to file, in memory that does not grow with the stream.
public struct EventConversion: Sendable {
  /// The stream to read.
  public let source: String
  /// The file to write.
  public let destination: String
  /// The format to write; nil for what the extension says.
  public var format: EventStreamFile.Format?
  /// Only the events of one channel, which is channel 0 then; nil for all.
  public var channel: Int?
  /// Whether times are counted from the first event.
  public var countsFromZero = false
  /// Whether events that come late are put in order: `usualHeldEvents` are held, and whenever they are there, the
  /// earlier half is written. So an event can always be put before half as many others, and a file of no more events
  /// whatever its order.
  public var sortsEvents = false
  /// Before how many others an event can always be put.
  public static let usualSortingReach = usualHeldEvents / 2
  /// Events that are held while they are put in order.
  public static let usualHeldEvents = 1 << 20
  package var sortingReach = usualSortingReach
  /// Rows and columns, if the source does not say them.
  public var geometry: EventStreamFile.Geometry?
  /// The camera whose events are read, if the source is a file of several: its name, or the number of its stream; nil
  /// for the first.
  public var camera: String?
  /// Whether a conversion that would lose something is refused, but for what was asked for, and what the source had
  /// lost before.
  public var isStrict = false
  /// The version of the program that converts, which a database names; nil to name none.
  public var program: String?

  /// A conversion from a path to another.
  public init(from source: String, to destination: String) {
    (self.source, self.destination) = (source, destination)
  }

  /// What was converted.
  public struct Report: Equatable, Sendable {
    /// Events written.
    public var events = 0
    /// What is in the source and not in the destination.
    public var losses = EventLosses()
  }

  /// Converts.
  ///
  /// - Throws: `FileError` if the source cannot be read, or the destination cannot be written, or would lose something
  ///   while the conversion is strict.
  public func callAsFunction(progress: ProgressHandler = { _ in }) throws -> Report {
    guard resolvedPath(source) != resolvedPath(destination) else {
      throw EventStreamError("\(destination): is the source itself; name another file")
    }
    let format = try format ?? EventStreamFile.Format(path: destination)
    let stream = try EventStreamFile.explaining(source) { () throws -> any EventSource in
      let stream = try EventStreamFile.source(
        source, geometry: geometry, camera: camera, sortingReach: sortsEvents ? sortingReach : nil)
      if let channel, !(0..<stream.header.channels).contains(channel) {
        throw EventStreamError("has \(stream.header.channels.counted("channel")); there is no channel \(channel)")
      }
      return ConvertedSource(stream, channel: channel, countsFromZero: countsFromZero, path: source)
    }
    return try EventStreamFile.convert(
      stream, to: destination, format: format, isStrict: isStrict, program: program, progress: progress)
  }
}

extension EventStreamFile {
  /// Writes what a source gives; the file appears whole or not at all.
  static func convert(
    _ source: any EventSource, to path: String, format: Format, isStrict: Bool, program: String?,
    progress: ProgressHandler = { _ in }
  ) throws -> EventConversion.Report {
    try AtomicFile.writeInFolder(to: path) { folder in
      var report = EventConversion.Report()
      let file = "\(folder)/events"
      var header = source.header
      header.camera = EventLosses.field(header.camera)
      // The source's errors name the source.
      func writing<Result>(_ body: () throws -> Result) throws -> Result {
        try explaining(path, "cannot be written: ", body)
      }
      let sink: any EventSink = try writing { () throws -> any EventSink in
        try makeSink(header, to: file, format: format, folder: folder, program: program)
      }
      while let piece = try source.next() {
        try writing { try sink.append(piece) }
        report.events += piece.count
        progress(ProgressUpdate(path, done: Double(report.events), unit: "events"))
      }
      report.losses = sink.losses
      report.losses.isCameraCut = header.camera != source.header.camera
      (report.losses.leftOut, report.losses.asked, report.losses.before) = (source.leftOut, source.asked, source.lost)
      report.losses.isTextCut = report.losses.needsCut
      try writing {
        // At the end, as only then all is known that would be lost.
        guard !isStrict || report.losses.refused.isEmpty else {
          throw EventStreamError(
            "the conversion is strict, and this would not be in the file: \(report.losses.refused.text)")
        }
        try sink.finish(lost: report.losses.textOfFile)
      }
      return (file, report)
    }
  }

  private static func makeSink(
    _ header: EventStream, to file: String, format: Format, folder: String, program: String?
  ) throws -> any EventSink {
    switch format {
    case .npz: try NumPySink(header, to: file, folder: folder)
    case .sqlite: try SQLiteSink(header, to: file, program: program)
    case .csv: try CSVSink(header, to: ByteWriter(path: file))
    case .evt2: try CameraSink<EVT2Encoder>(header, to: ByteWriter(path: file))
    case .evt3: try CameraSink<EVT3Encoder>(header, to: ByteWriter(path: file))
    case .aedat3: try CameraSink<AEDAT3Encoder>(header, to: ByteWriter(path: file))
    case .aedat4: try CameraSink<AEDAT4Encoder>(header, to: ByteWriter(path: file))
    }
  }
}

/// A source with one channel chosen, or times counted from the first event. Its errors have the path.
private final class ConvertedSource: EventSource {
  let header: EventStream
  private let source: any EventSource
  private let channel: Int32?
  private let countsFromZero: Bool
  private let path: String
  private var origin_ns: Int64?
  private var ofOtherChannels = 0

  init(_ source: any EventSource, channel: Int?, countsFromZero: Bool, path: String) {
    self.source = source
    self.channel = channel.map { Int32(truncatingIfNeeded: $0) }
    self.countsFromZero = countsFromZero
    self.path = path
    var header = source.header
    if channel != nil { header.channels = 1 }
    self.header = header
  }

  var leftOut: [String] { source.leftOut }
  var asked: [String] {
    var texts = source.asked
    if ofOtherChannels > 0 { texts.append("\(ofOtherChannels.counted("event")) of other channels") }
    if let origin_ns, origin_ns != 0 { texts.append("time of the first event, \(origin_ns) ns") }
    return texts
  }

  var lost: String { source.lost }

  func next() throws -> EventStream? {
    try EventStreamFile.explaining(path) {
      guard var piece = try source.next() else { return nil }
      if countsFromZero { try countFromZero(&piece) }
      guard let channel else { return piece }
      let chosen = piece.only(channel: channel)
      ofOtherChannels += piece.count - chosen.count
      return chosen
    }
  }

  private func countFromZero(_ piece: inout EventStream) throws {
    let origin = origin_ns ?? piece.time_ns.first
    origin_ns = origin
    if let origin { try piece.countTimes(from: origin) }
  }
}

extension EventStream {
  /// Takes a time from all times.
  ///
  /// - Throws: `EventStreamError` if one leaves 64 bits.
  mutating func countTimes(from origin_ns: Int64) throws {
    for index in indices {
      let (time, overflows) = time_ns[index].subtractingReportingOverflow(origin_ns)
      guard !overflows else { throw EventStreamError("its times span more than 64 bits of ns") }
      time_ns[index] = time
    }
  }

  fileprivate func only(channel wanted: Int32) -> EventStream {
    var stream = header
    stream.channels = 1
    for event in self where event.channel == wanted {
      var event = event
      event.channel = 0
      stream.append(event)
    }
    return stream
  }
}
