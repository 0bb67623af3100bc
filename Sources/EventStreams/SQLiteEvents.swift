import DataFiles

/// Writes a stream as a table of an SQLite database (docs/formats/sqlite.md).
final class SQLiteSink: EventSink {
  private let writer: SQLiteWriter
  private let meta: SQLiteTable
  private let table: SQLiteTable
  private let header: EventStream

  init(_ header: EventStream, to path: String, program: String?) throws {
    let (area, areaOverflows) = header.rows.multipliedReportingOverflow(by: header.columns)
    let (_, overflows) = area.multipliedReportingOverflow(by: header.channels)
    guard !areaOverflows, !overflows else { throw EventStreamError("the stream has more places than 64 bits count") }
    self.header = header
    // One number for the place: rows are written as fast as they have few columns.
    writer = try SQLiteWriter(
      path: path,
      schema: """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
        CREATE TABLE event_row (step INTEGER, time_ns INTEGER, place INTEGER, payload INTEGER);
        CREATE VIEW event AS SELECT step, time_ns, place / \(area) AS channel,
          place / \(header.columns) % \(header.rows) AS "row", place % \(header.columns) AS "column", payload FROM event_row;
        """)
    meta = try writer.table("meta", columns: 2)
    for (name, value) in [
      ("schema", "rheobase.events/1"), ("encoder", header.encoder), ("channels", "\(header.channels)"),
      ("rows", "\(header.rows)"), ("columns", "\(header.columns)"), ("steps", "\(header.steps)"),
      ("payload_exponent", "\(header.payloadExponent)"),
    ] {
      try meta.append(.text(name), .text(value))
    }
    if let program { try meta.append(.text("program"), .text(program)) }
    if !header.camera.isEmpty { try meta.append(.text("camera"), .text(header.camera)) }
    table = try writer.table("event_row", columns: 4)
  }

  func append(_ piece: EventStream) throws {
    let (rows, columns) = (Int64(header.rows), Int64(header.columns))
    let places = [Int64](unsafeUninitializedCapacity: piece.count) { buffer, count in
      for index in piece.indices {
        let row = Int64(piece.channel[index]) * rows + Int64(piece.row[index])
        buffer[index] = row * columns + Int64(piece.column[index])
      }
      count = piece.count
    }
    try table.append(
      columns: [.int32(piece.step), .int64(piece.time_ns), .int64(places), .int32(piece.payload)], rows: piece.count)
  }

  func finish(lost: String) throws {
    if !lost.isEmpty { try meta.append(.text("lost"), .text(lost)) }
    try writer.finish()
  }
}
