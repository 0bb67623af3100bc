import CSQLiteColumns
import Foundation
import GRDB
import GRDBSQLite

/// An SQLite database that is written from its beginning to its end: GRDB makes the schema, and rows are appended
/// many at a time, past GRDB, as one statement for each row would take half of the time. Rows of numbers alone are
/// read by SQLite from the arrays themselves.
package final class SQLiteWriter {
  private let queue: DatabaseQueue
  private let path: String
  private var tables: [SQLiteTable] = []

  /// Makes a database with these statements.
  ///
  /// - Throws: `FileError` if that fails.
  package init(path: String, schema: String) throws {
    self.path = path
    var configuration = Configuration()
    // One transaction from the beginning to the end. The file is written aside and renamed: no journal is needed.
    configuration.allowsUnsafeTransactions = true
    configuration.prepareDatabase { database in
      for pragma in [
        "page_size = 32768", "journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE",
        "cache_size = -16000",
      ] {
        try database.execute(sql: "PRAGMA \(pragma)")
      }
    }
    queue = try Self.naming(path) { try DatabaseQueue(path: path, configuration: configuration) }
    try execute(schema)
    try execute("BEGIN")
  }

  /// What was not finished is given up: statements first, and then the connection, while GRDB still listens to it.
  deinit {
    for table in tables { table.finalize() }
    try? execute("ROLLBACK")
    try? queue.close()
  }

  /// A table to append rows to.
  ///
  /// - Parameter columns: How many columns it has.
  package func table(_ name: String, columns: Int) throws -> SQLiteTable {
    try table(name, destination: name, columns: columns)
  }

  /// A table of which some columns are given; SQLite fills in the others: 1, 2, … for an `INTEGER PRIMARY KEY`, and
  /// without looking whether that number is there already.
  package func table(_ name: String, columns: [String]) throws -> SQLiteTable {
    try table(name, destination: "\(name) (\(columns.joined(separator: ", ")))", columns: columns.count)
  }

  private func table(_ name: String, destination: String, columns: Int) throws -> SQLiteTable {
    let table = try queue.inDatabase { database in
      guard let connection = database.sqliteConnection else { throw FileError(path: path, "is closed") }
      return try SQLiteTable(connection, name, destination, columns: columns, path: path)
    }
    tables.append(table)
    return table
  }

  /// Appends the rows that are left, runs statements (indexes, say) and closes the database.
  package func finish(_ statements: String = "") throws {
    for table in tables { try table.finish() }
    tables = []
    try execute("COMMIT")
    if !statements.isEmpty { try execute(statements) }
    try Self.naming(path) { try queue.close() }
  }

  private func execute(_ sql: String) throws {
    try Self.naming(path) { try queue.inDatabase { try $0.execute(sql: sql) } }
  }

  private static func naming<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw FileError(path: path, "cannot be written as a database: \(error.message ?? "unknown error")")
    }
  }
}

/// Appends rows to a table of a database that is being written.
package final class SQLiteTable {
  private let connection: OpaquePointer
  private let path: String
  private let name: String
  /// The table, and the names of its columns if some are left out.
  private let destination: String
  private let columns: Int
  /// Inserts `rowsAtOnce` rows; nil once the table is finished.
  private var statement: OpaquePointer?
  /// Made when columns are appended.
  private var transfer: SQLiteTransfer?
  private var rows = 0
  private var values: [SQLiteValue] = []

  /// With more, binding takes as long as stepping saves; a statement has at most 32,766 values.
  private static let rowsAtOnce = 100

  fileprivate init(
    _ connection: OpaquePointer, _ name: String, _ destination: String, columns: Int, path: String
  ) throws {
    (self.connection, self.path) = (connection, path)
    (self.name, self.destination, self.columns) = (name, destination, columns)
    statement = try Self.prepare(connection, destination, columns, rows: Self.rowsAtOnce, path)
  }

  deinit { finalize() }

  fileprivate func finalize() {
    sqlite3_finalize(statement)
    (statement, transfer) = (nil, nil)
  }

  private static func prepare(
    _ connection: OpaquePointer, _ destination: String, _ columns: Int, rows: Int, _ path: String
  ) throws -> OpaquePointer {
    let row = "(" + [String](repeating: "?", count: columns).joined(separator: ",") + ")"
    let sql = "INSERT INTO \(destination) VALUES " + [String](repeating: row, count: rows).joined(separator: ",")
    return try prepared(connection, sql, path: path)
  }

  /// Appends a row.
  package func append(_ row: SQLiteValue...) throws { try append(row: row) }

  /// Appends a row.
  package func append(row: [SQLiteValue]) throws {
    precondition(row.count == columns, "as many values as columns")
    values += row
    rows += 1
    if rows == Self.rowsAtOnce { try flush(statement) }
  }

  /// Appends rows of numbers, an array for each column.
  ///
  /// - Parameter rows: How many values each array has.
  package func append(columns values: [SQLiteColumn], rows: Int) throws {
    precondition(values.count == columns && values.allSatisfy { $0.count == rows }, "an array for each column")
    try appendRest()
    let transfer = try transfer ?? SQLiteTransfer(connection, name, to: destination, columns: columns, path: path)
    self.transfer = transfer
    transfer.source.pointee.rows = Int64(rows)
    try run(transfer, lending: values[...])
  }

  /// The arrays stay where they are until the statement has read them.
  private func run(_ transfer: SQLiteTransfer, lending values: ArraySlice<SQLiteColumn>) throws {
    guard let column = values.first else { return try step(transfer.statement) }
    try column.withUnsafeBytes { bytes, type in
      transfer.source.pointee.setColumn(values.startIndex, bytes.baseAddress, type)
      try run(transfer, lending: values.dropFirst())
    }
  }

  /// Appends the rows that are left; nothing can be appended afterwards.
  fileprivate func finish() throws {
    try appendRest()
    finalize()
  }

  private func appendRest() throws {
    guard rows > 0 else { return }
    let last = try Self.prepare(connection, destination, columns, rows: rows, path)
    defer { sqlite3_finalize(last) }
    try flush(last)
  }

  private func flush(_ statement: OpaquePointer?) throws {
    for (index, value) in values.enumerated() { value.bind(to: statement, Int32(index + 1)) }
    try step(statement)
    values.removeAll(keepingCapacity: true)
    rows = 0
  }

  private func step(_ statement: OpaquePointer?) throws {
    guard sqlite3_step(statement) == SQLITE_DONE, sqlite3_reset(statement) == SQLITE_OK else {
      throw FileError(path: path, "cannot be written: \(String(cString: sqlite3_errmsg(connection)))")
    }
  }
}

/// Numbers of a column.
package enum SQLiteColumn {
  case int32([Int32])
  case int64([Int64])
  case real([Double])

  fileprivate var count: Int {
    switch self {
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .real(let values): values.count
    }
  }

  fileprivate func withUnsafeBytes(_ body: (UnsafeRawBufferPointer, sqlite_column_type) throws -> Void) rethrows {
    switch self {
    case .int32(let values): try values.withUnsafeBytes { try body($0, SQLITE_COLUMN_INT32) }
    case .int64(let values): try values.withUnsafeBytes { try body($0, SQLITE_COLUMN_INT64) }
    case .real(let values): try values.withUnsafeBytes { try body($0, SQLITE_COLUMN_FLOAT64) }
    }
  }
}

/// A statement that appends the rows of arrays to a table.
private final class SQLiteTransfer {
  /// Belongs to the connection.
  let source: UnsafeMutablePointer<sqlite_columns>
  let statement: OpaquePointer

  init(_ connection: OpaquePointer, _ name: String, to destination: String, columns: Int, path: String) throws {
    guard let source = sqlite_columns_create(connection, "columns_of_\(name)", Int32(columns)) else {
      throw FileError(path: path, "cannot be written: \(String(cString: sqlite3_errmsg(connection)))")
    }
    self.source = source
    statement = try prepared(connection, "INSERT INTO \(destination) SELECT * FROM columns_of_\(name)", path: path)
  }

  deinit { sqlite3_finalize(statement) }
}

extension sqlite_columns {
  fileprivate mutating func setColumn(_ index: Int, _ start: UnsafeRawPointer?, _ type: sqlite_column_type) {
    withUnsafeMutableBytes(of: &values) { $0.bindMemory(to: UnsafeRawPointer?.self)[index] = start }
    withUnsafeMutableBytes(of: &types) { $0.bindMemory(to: sqlite_column_type.self)[index] = type }
  }
}

private func prepared(_ connection: OpaquePointer, _ sql: String, path: String) throws -> OpaquePointer {
  var statement: OpaquePointer?
  guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
    throw FileError(path: path, "cannot be written: \(String(cString: sqlite3_errmsg(connection)))")
  }
  return statement
}

/// A value of a row.
package enum SQLiteValue {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)

  /// An integer.
  package static func integer(_ value: some BinaryInteger) -> SQLiteValue { .integer(Int64(truncatingIfNeeded: value)) }

  fileprivate func bind(to statement: OpaquePointer?, _ place: Int32) {
    switch self {
    case .null: sqlite3_bind_null(statement, place)
    case .integer(let value): sqlite3_bind_int64(statement, place, value)
    case .real(let value): sqlite3_bind_double(statement, place, value)
    case .text(let text):
      // −1 as destructor: SQLite copies the text.
      sqlite3_bind_text(statement, place, text, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
    }
  }
}
