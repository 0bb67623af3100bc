import GRDB

/// What a sweep's database holds, without what depends on the host.
struct SweepRows: Equatable {
  /// Statistics that depend on the host.
  let host: Set<String>
  /// Every row of every table, in a form that tells any two values apart.
  let rows: [[String]]

  init(database path: String) throws {
    (host, rows) = try DatabaseQueue(path: path).read { database in
      let host = Set(try String.fetchAll(database, sql: "SELECT name FROM statistics WHERE of_host"))
      let columns = try database.columns(in: "points").map(\.name).filter { !host.contains($0) }
      let quoted = columns.map { "quote(\"\($0)\")" }
      let tables = [("points", quoted.joined(separator: ", ")), ("marks", "*"), ("statistics", "*")]
      let rows = try tables.flatMap { table, columns -> [[String]] in
        try Row.fetchAll(database, sql: "SELECT \(columns) FROM \(table)").map { row in
          row.databaseValues.map { "\($0)" }
        }
      }
      return (host, [columns] + rows)
    }
  }

  /// The fields of a `sweep.csv` whose texts hold no commas, without those of the host.
  func withoutHost(csv: String) -> [[Substring]] {
    let lines = csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let kept = (lines.first ?? []).indices.filter { !host.contains(String(lines[0][$0])) }
    return lines.map { line in kept.map { line[$0] } }
  }
}
