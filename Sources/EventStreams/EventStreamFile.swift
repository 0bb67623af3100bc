import DataFiles
import Foundation

/// Event streams as files, in the format that the path's extension names (docs/formats/ describes each).
public enum EventStreamFile {
  /// The known formats, by extension.
  public enum Format: String, CaseIterable, Sendable {
    /// NumPy archive: arrays `step`, `time_ns`, `channel`, `row`, `column`, `payload`, and scalars.
    case npz
    /// A first line with the scalars, a line with the names of the columns, and a line for each event.
    case csv
    /// Prophesee RAW, EVT 2.0.
    case evt2
    /// Prophesee RAW, EVT 3.0; also written for `.raw`.
    case evt3
    /// iniVation AEDAT 3.1; also written for `.aedat`.
    case aedat3
    /// iniVation AEDAT 4.0.
    case aedat4
    /// A table of an SQLite database; written only.
    case sqlite

    /// The format of a path.
    ///
    /// - Parameter isRead: Whether the file is to be read, as not every format can be.
    /// - Throws: `FileError` listing the known extensions, or if a pipe is to be read.
    public init(path: String, isRead: Bool = false) throws {
      let suffix = URL(fileURLWithPath: path).pathExtension.lowercased()
      guard let format = Self.others[suffix] ?? Format(rawValue: suffix) else {
        if isRead, FileKind(path: path) == .other {
          throw FileError(
            path: path, "is \(FileKind.other.rawValue), not a file of an event stream; \(FileKind.otherHelp)")
        }
        let extensions = isRead ? Self.readableExtensions : Self.extensions
        throw FileError(
          path: path, "is not a known event-stream format; the extensions are \(extensions.joined(separator: ", "))")
      }
      self = format
    }

    /// Extensions beside the formats' names. Which version such a file has when it is read, it says itself.
    private static let others: [String: Format] = ["raw": .evt3, "aedat": .aedat3]

    /// All extensions of files that can be written.
    public static let extensions = (allCases.map(\.rawValue) + others.keys.sorted()).map { ".\($0)" }

    /// All extensions of files that can be read.
    public static let readableExtensions = extensions.filter { $0 != ".\(sqlite.rawValue)" }

    /// Whether it is a format of event cameras, which holds pixels, polarities and microseconds.
    public var isOfCameras: Bool { ![.npz, .csv, .sqlite].contains(self) }

    /// Whether it can be read; every format can be written.
    public var isReadable: Bool { self != .sqlite }
  }

  /// Reads and validates a stream.
  ///
  /// - Throws: `FileError` if the file cannot be read, is not a valid stream, or has more than
  ///   `EventStream.maximumCount` events.
  public static func read(_ path: String, geometry: Geometry? = nil) throws -> EventStream {
    try reading(path, geometry: geometry).stream
  }

  /// A stream, and what of its file or of the file's source is not in it, one line each.
  public typealias Reading = (stream: EventStream, leftOut: [String])

  /// Reads as `read` does, and says what was left out.
  ///
  public static func reading(_ path: String, geometry: Geometry? = nil) throws -> Reading {
    try explaining(path) { try collect(source(path, geometry: geometry)) }
  }

  /// Reads as `read` does, in other ways.
  ///
  /// - Parameters:
  ///   - bufferSize: Bytes that are read at once.
  ///   - sortingReach: Before how many others late events are put in order; nil if they are refused.
  package static func read(_ path: String, bufferSize: Int, sortingReach: Int?) throws -> EventStream {
    try explaining(path) {
      try collect(source(path, geometry: nil, bufferSize: bufferSize, sortingReach: sortingReach))
    }
    .stream
  }

  /// Reads a file's bytes as `read` does; errors call it `name`.
  package static func read(bytes: [UInt8], format: Format, called name: String) throws -> EventStream {
    try explaining(name) {
      try bytes.withUnsafeBytes { inMemory in
        let source = try uncheckedSource(
          format, reader: { ByteReader(bytes: bytes) }, archive: { try NumPySource(bytes: inMemory, called: name) })
        return try collect(CheckedSource(source)).stream
      }
    }
  }

  private static func collect(_ source: any EventSource) throws -> Reading {
    var stream = source.header
    while let piece = try source.next() {
      guard stream.count + piece.count <= EventStream.maximumCount else {
        throw EventStreamError("has more than \(EventStream.maximumCount) events, the most that are held at once")
      }
      stream.append(contentsOf: piece)
    }
    return (stream, source.missing)
  }

  /// Writes a stream; the file appears whole or not at all.
  ///
  /// - Parameter program: The version of the program that writes, which a database names; nil to name none.
  /// - Returns: What the format could not hold.
  /// - Throws: `FileError` if the stream is not valid, not within the format, or the file cannot be written.
  @discardableResult
  public static func write(_ stream: EventStream, to path: String, program: String? = nil) throws -> EventLosses {
    try explaining(path, "cannot be written: ") { try stream.validate() }
    let format = try Format(path: path)
    return try convert(MemorySource(stream), to: path, format: format, isStrict: false, program: program).losses
  }

  /// A source of checked pieces.
  ///
  /// - Parameter sortingReach: Before how many others late events are put in order; nil if they are refused.
  static func source(
    _ path: String, geometry: Geometry?, camera: String? = nil, bufferSize: Int = 1 << 20, sortingReach: Int? = nil
  ) throws -> any EventSource {
    let source = try uncheckedSource(
      Format(path: path, isRead: true), geometry: geometry, camera: camera, mayGoBack: sortingReach != nil,
      reader: { try ByteReader(path: path, bufferSize: bufferSize) }, archive: { try NumPySource(path: path) })
    // What is wrong with an event is said with its place in the file, so before it is put in order.
    let checked = try CheckedSource(source, checksOrder: sortingReach == nil)
    return sortingReach.map { SortedSource(checked, reach: $0) } ?? checked
  }

  private static func uncheckedSource(
    _ format: Format, geometry: Geometry? = nil, camera: String? = nil, mayGoBack: Bool = false,
    reader: () throws -> ByteReader, archive: () throws -> NumPySource
  ) throws -> any EventSource {
    guard geometry == nil || format.isOfCameras else {
      throw EventStreamError("says its rows and columns itself; a geometry is for recordings of cameras")
    }
    guard camera == nil || format.isOfCameras else {
      throw EventStreamError("is of no camera; a camera is chosen of a recording in AEDAT")
    }
    guard format.isReadable else { throw EventStreamError("a database of events is written only; read it with SQL") }
    let reader = try reader()
    try FileBeginning.check(reader, is: format)
    if format.isOfCameras {
      return try cameraSource(reader, geometry: geometry, camera: camera, mayGoBack: mayGoBack)
    }
    return format == .npz ? try archive() : try CSVSource(reader)
  }

  /// A source of camera events; what the bytes say decides about the format.
  ///
  /// - Parameter mayGoBack: Whether times may go back where a format's reader would refuse it.
  private static func cameraSource(
    _ reader: ByteReader, geometry: Geometry?, camera: String?, mayGoBack: Bool
  ) throws -> any EventSource {
    let start = try reader.withBytes(atLeast: AEDAT4.magic.count) { (0, Array($0.prefix(AEDAT4.magic.count))) }
    if start == AEDAT4.magic {
      let decoder = try AEDAT4Decoder(reader, camera: camera)
      let geometry = try decoder.stream.sides.geometry(given: geometry, limit: AEDAT4Encoder.coordinateLimit)
      return CameraSource(
        AEDAT4Encoder.name, geometry, camera: decoder.stream.description, lost: decoder.stream.lost, decoder, reader)
    }
    if start.starts(with: "#!AER-DAT".utf8) {
      let camera = try camera.map(AEDAT3.camera)
      let header = try AEDAT3Header(reader)
      var decoder = AEDAT3Decoder(camera: camera)
      try decoder.findCamera(reader)
      let read = decoder.source ?? camera
      let geometry = try header.sides(of: read).geometry(given: geometry, limit: AEDAT3Encoder.coordinateLimit)
      return CameraSource(
        AEDAT3Encoder.name, geometry, camera: header.description(of: read), lost: header.lost, decoder, reader)
    }
    let header = try EVTHeader(reader)
    guard camera == nil || header.version == nil else {
      throw EventStreamError("is of one camera, as every RAW file; a camera is chosen of a recording in AEDAT")
    }
    let geometry = try header.sides.geometry(given: geometry, limit: EVT3Encoder.coordinateLimit)
    func source(_ name: String, _ decoder: some EVTDecoder) -> any EventSource {
      CameraSource(
        name, geometry, camera: header.camera, origin_us: header.origin_us, lost: header.lost, decoder, reader)
    }
    switch header.version {
    case 2: return source(EVT2Encoder.name, EVT2Decoder(mayGoBack: mayGoBack))
    case 3: return source(EVT3Encoder.name, EVT3Decoder(mayGoBack: mayGoBack))
    default:
      throw EventStreamError(
        "begins neither as AEDAT ('#!AER-DAT4.0') nor as a RAW file with '% evt 2.0' or '% evt 3.0'")
    }
  }

  /// Gives errors about a stream the path.
  static func explaining<Result>(_ path: String, _ prefix: String = "", _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as EventStreamError {
      throw FileError(path: path, prefix + error.description)
    } catch let error as FileError where error.path == nil {
      throw FileError(path: path, prefix + error.problem)
    } catch let error as FileError where error.path != path {
      // A file that is written aside is nobody's business.
      throw FileError(path: path, error.problem)
    }
  }
}
