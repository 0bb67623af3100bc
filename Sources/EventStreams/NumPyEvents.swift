import DataFiles

/// Event streams as NumPy archives.
enum NumPyEvents {
  /// Bytes of the largest stream, and some for headers.
  private static let maximumBytes = 28 * EventStream.maximumCount + (1 << 20)

  static func archive(_ stream: EventStream) -> NumPyArchive {
    let shape = [stream.count]
    return NumPyArchive([
      "encoder": NumPyArray(stream.encoder),
      "channels": NumPyArray(stream.channels),
      "rows": NumPyArray(stream.rows),
      "columns": NumPyArray(stream.columns),
      "steps": NumPyArray(stream.steps),
      "payload_exponent": NumPyArray(stream.payloadExponent),
      "step": NumPyArray(shape: shape, stream.step),
      "time_ns": NumPyArray(shape: shape, stream.time_ns),
      "channel": NumPyArray(shape: shape, stream.channel),
      "row": NumPyArray(shape: shape, stream.row),
      "column": NumPyArray(shape: shape, stream.column),
      "payload": NumPyArray(shape: shape, stream.payload),
    ])
  }

  static func read(_ path: String) throws -> EventStream {
    let archive = try NumPyArchive(contentsOf: path, maximumBytes: maximumBytes)
    var stream = EventStream(
      encoder: try archive.text("encoder"), channels: try archive.integer("channels"),
      rows: try archive.integer("rows"), columns: try archive.integer("columns"), steps: try archive.integer("steps"),
      payloadExponent: try archive.integer("payload_exponent"))
    stream.step = try archive.int32s("step", rank: 1)
    stream.time_ns = try times(archive, steps: stream.step)
    stream.channel = try archive.int32s("channel", rank: 1)
    stream.row = try archive.int32s("row", rank: 1)
    stream.column = try archive.int32s("column", rank: 1)
    stream.payload = try archive.int32s("payload", rank: 1)
    return stream
  }

  private static func times(_ archive: NumPyArchive, steps: [Int32]) throws -> [Int64] {
    guard archive.arrays["time_ns"] == nil, archive.arrays["step_ns"] != nil else {
      return try archive.int64s("time_ns", rank: 1)
    }
    let step_ns = try archive.integer("step_ns")
    // Below 2^32 ns, the product with a 32-bit step stays within 64 bits.
    guard (0...1 << 32).contains(step_ns) else {
      throw archive.error("step_ns", "is \(step_ns); it must be 0 … \(1 << 32)")
    }
    return steps.map { Int64($0) * Int64(step_ns) }
  }
}
