import DataFiles

/// Reads a NumPy archive piece by piece.
final class NumPySource: EventSource {
  private static let columns: Set = ["step", "time_ns", "channel", "row", "column", "payload"]
  private static let scalars: Set = [
    "encoder", "channels", "rows", "columns", "steps", "payload_exponent", "step_ns",
  ]
  private static let texts: Set = ["camera", "lost"]
  /// Columns of a trace of spikes that no stream has.
  private static let columnsOfSpikes: Set = ["time_ps", "neuron"]
  /// Arrays of a file of a sparse code.
  private static let arraysOfCodes: Set = ["index", "value", "lambda", "kernels"]

  let header: EventStream
  let lost: String
  let leftOut: [String]
  private let reader: NumPyColumnsReader
  /// The scalar that stands for times.
  private let step_ns: Int64?
  private var eventsLeft: Int

  convenience init(path: String) throws {
    try self.init(
      NumPyColumnsReader(path: path, columns: Self.columns, scalars: Self.scalars, texts: Self.texts))
  }

  /// Reads from memory, which must stay while this is in use.
  convenience init(bytes: UnsafeRawBufferPointer, called name: String) throws {
    try self.init(
      NumPyColumnsReader(
        bytes: bytes, called: name, columns: Self.columns, scalars: Self.scalars, texts: Self.texts))
  }

  private init(_ reader: NumPyColumnsReader) throws {
    let archive = reader.scalars
    if archive.arrays["encoder"] == nil {
      if Self.columnsOfSpikes.isSubset(of: reader.names) { throw EventStreamError.isTraceOfSpikes }
      if Self.arraysOfCodes.isSubset(of: reader.names) { throw EventStreamError.isCode }
    }
    var header = EventStream(
      encoder: try archive.text("encoder"), channels: try archive.integer("channels"),
      rows: try archive.integer("rows"), columns: try archive.integer("columns"), steps: try archive.integer("steps"),
      payloadExponent: try archive.integer("payload_exponent"))
    header.camera = try archive.arrays["camera"] == nil ? "" : archive.text("camera")
    self.header = header
    let hasTimes = reader.has("time_ns")
    step_ns = try hasTimes || archive.arrays["step_ns"] == nil ? nil : Self.stepTime(archive)
    lost = try archive.arrays["lost"] == nil ? "" : EventLosses.plain(archive.text("lost"))
    leftOut = [
      reader.others.isEmpty ? nil : "what a stream has no place for: \(reader.others.listed)",
      hasTimes && archive.arrays["step_ns"] != nil ? "step_ns: time_ns says the times" : nil,
    ].compactMap(\.self)
    self.reader = reader
    eventsLeft = reader.count
  }

  func next() throws -> EventStream? {
    guard eventsLeft > 0 else {
      // Missing columns are found here too.
      _ = try piece(0)
      try reader.finish()
      return nil
    }
    let count = min(eventsLeft, EventStream.pieceCount)
    eventsLeft -= count
    return try piece(count)
  }

  private func piece(_ count: Int) throws -> EventStream {
    var piece = header
    piece.step = try int32s("step", count)
    piece.time_ns =
      try step_ns.map { step_ns in piece.step.map { Int64($0) * step_ns } }
      ?? named("time_ns") { try reader.next($0, count: count).int64s }
    piece.channel = try int32s("channel", count)
    piece.row = try int32s("row", count)
    piece.column = try int32s("column", count)
    piece.payload = try int32s("payload", count)
    return piece
  }

  private func int32s(_ name: String, _ count: Int) throws -> [Int32] {
    try named(name) { try reader.next($0, count: count).int32s }
  }

  /// Gives errors about elements the file's and the column's name.
  private func named<Value>(_ name: String, _ read: (String) throws -> Value) throws -> Value {
    do {
      return try read(name)
    } catch let error as FileError {
      throw error.path == nil ? reader.scalars.error(name, error.problem) : error
    }
  }

  private static func stepTime(_ archive: NumPyArchive) throws -> Int64 {
    let step_ns = try archive.integer("step_ns")
    // Below 2^32 ns, the product with a 32-bit step stays within 64 bits.
    guard (0...1 << 32).contains(step_ns) else {
      throw archive.error("step_ns", "is \(step_ns); it must be 0 … \(1 << 32)")
    }
    return Int64(step_ns)
  }
}

/// Writes a NumPy archive piece by piece.
final class NumPySink: EventSink {
  private let writer: NumPyColumnsWriter
  private let header: EventStream
  private let path: String

  /// The folder is for scratch files.
  init(_ header: EventStream, to path: String, folder: String) throws {
    (self.header, self.path) = (header, path)
    writer = NumPyColumnsWriter(folder: folder)
    // So that a stream without events has its columns too.
    try append(header)
  }

  func append(_ piece: EventStream) throws {
    try writer.append("step", piece.step)
    try writer.append("time_ns", piece.time_ns)
    try writer.append("channel", piece.channel)
    try writer.append("row", piece.row)
    try writer.append("column", piece.column)
    try writer.append("payload", piece.payload)
  }

  func finish(lost: String) throws {
    var scalars = [
      "encoder": NumPyArray(header.encoder), "channels": NumPyArray(header.channels),
      "rows": NumPyArray(header.rows), "columns": NumPyArray(header.columns), "steps": NumPyArray(header.steps),
      "payload_exponent": NumPyArray(header.payloadExponent),
    ]
    if !header.camera.isEmpty { scalars["camera"] = NumPyArray(header.camera) }
    if !lost.isEmpty { scalars["lost"] = NumPyArray(lost) }
    try writer.finish(scalars, to: path)
  }
}
