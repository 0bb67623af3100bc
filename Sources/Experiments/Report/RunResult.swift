import DataFiles
import Foundation
import Reports

/// What a result folder of one run holds, as far as a report shows it; what was not recorded is nil or empty.
struct RunResult {
  /// What the run is called beside others: `heterogeneous, sparse`.
  var name: String
  /// What its charts' files begin with.
  var shortName: String
  let statistics: Statistics
  /// What `stats.json` says of the configuration.
  let run: JSONValue
  /// Keys, values and meanings of `run.yaml`.
  let configuration: [(key: String, value: String, meaning: String)]
  /// Columns of `steps.csv`; empty if steps were not recorded.
  let steps: [String: [Double]]
  /// Columns of `cores.csv`.
  let cores: [String: [Double]]
  let links: [(x: Int, y: Int, way: String, packets: Double)]
  let spikes: SpikeCounts?
  /// Files that are not shown, each with why: it is too long for a page, or damaged.
  let unshown: [(file: String, text: String)]
  /// The values behind the charts, for downloading.
  let downloads: [PageTable]
  /// PNG files by name without suffix.
  let pictures: [String: Data]
  /// `chip.json`.
  let chip: JSONValue?

  /// For how many more steps a target had to be held; nil if `run.yaml` is not there.
  var heldSteps: Int? { configuration.first { $0.key == "held_steps" }.flatMap { Int($0.value) } }

  static let pictureNames = ["image", "reconstruction", "residual", "bank"]

  /// Reads a result folder.
  ///
  /// - Throws: `FileError` or `ReportError` if a file in it is damaged.
  init(folder: String) throws {
    let file = try StatisticsFile(ofFile: "\(folder)/stats.json")
    (statistics, run) = (file.statistics, file.run)
    (name, shortName) = ("\(bankName(run.text("bank"))), \(run.text("input"))", "run")
    configuration = try Self.configuration("\(folder)/run.yaml")
    let tooLong = Self.tooLong(in: folder)
    var unshown = tooLong + Self.cutOff(in: folder).filter { cut in !tooLong.contains { $0.file == cut.file } }
    let rows = try Self.chartFiles.map { file in
      if unshown.contains(where: { $0.file == file }) { return (file, [[String]]()) }
      let rows = try Self.rows("\(folder)/\(file)")
      guard let damage = Self.damage(of: file, rows) else { return (file, rows) }
      unshown.append((file, damage))
      return (file, [])
    }
    self.unshown = unshown
    downloads = rows.compactMap(Self.download)
    (steps, cores) = (Self.columns(rows[0].1), Self.columns(rows[1].1))
    links = rows[2].1.compactMap { row in
      guard row.count == 4, let x = Int(row[0]), let y = Int(row[1]), let packets = Double(row[3]) else { return nil }
      return (x, y, row[2], packets)
    }
    spikes =
      try unshown.contains { $0.file == Self.spikeFile }
      ? nil
      : SpikeCounts(
        file: "\(folder)/\(Self.spikeFile)", steps: run.whole("steps_simulated"), kernels: run.whole("kernels"))
    var pictures: [String: Data] = [:]
    for name in Self.pictureNames where FileManager.default.fileExists(atPath: "\(folder)/\(name).png") {
      pictures[name] = try bytes(ofFile: "\(folder)/\(name).png", maximumBytes: 1 << 26)
    }
    self.pictures = pictures
    let chipFile = "\(folder)/chip.json"
    chip =
      FileManager.default.fileExists(atPath: chipFile)
      ? try JSONValue(ofFile: chipFile) : nil
  }

  private static func configuration(_ path: String) throws -> [(key: String, value: String, meaning: String)] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    let run = try RunConfiguration(contentsOf: path)
    return RunKey.all.map { ($0.name, $0.write(run), $0.meaning) }
  }

  private static func rows(_ path: String) throws -> [[String]] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return CSV.rows(of: String(decoding: try bytes(ofFile: path, maximumBytes: mostTable_bytes), as: UTF8.self))
  }

  private static func tooLong(in folder: String) -> [(file: String, text: String)] {
    chartFiles.compactMap { file in
      var status = stat()
      guard stat("\(folder)/\(file)", &status) == 0, status.st_size > mostTable_bytes else { return nil }
      let (has, read) = (ByteCount.text(Int(status.st_size)), ByteCount.text(mostTable_bytes))
      return (file, "\(file) is too long for a page: it has \(has), and \(read) are read.")
    }
  }

  private static func cutOff(in folder: String) -> [(file: String, text: String)] {
    (chartFiles + [spikeFile]).compactMap { file in
      guard let handle = FileHandle(forReadingAtPath: "\(folder)/\(file)"), let size = try? handle.seekToEnd(), size > 0
      else { return nil }
      defer { try? handle.close() }
      try? handle.seek(toOffset: size - 1)
      guard (try? handle.readToEnd()) != Data("\n".utf8) else { return nil }
      return (file, "\(file) is not shown: it has been cut off, as its last line does not end.")
    }
  }

  /// Why rows are not shown; nil if nothing is wrong with them.
  private static func damage(of file: String, _ rows: [[String]]) -> String? {
    if let row = rows.first(where: { $0.count != rows[0].count }) {
      return "\(file) is not shown: a line has \(row.count.counted("field")) under \(rows[0].count.counted("name"))."
    }
    let sides = ["tile_x", "tile_y"].map { name in
      guard let place = rows.first?.firstIndex(of: name) else { return 0.0 }
      return rows.dropFirst().reduce(0) { max($0, abs(Double($1[place]) ?? 0)) }
    }
    guard (sides[0] + 1) * (sides[1] + 1) > mostTiles else { return nil }
    return "\(file) is not shown: its tiles are farther apart than those of any mesh."
  }

  /// Far more than 64 × 64, the cores of the largest mesh of a chip here, which is drawn tile by tile.
  private static let mostTiles = 0x1p18
  private static let spikeFile = "spikes.csv"
  private static let chartFiles = ["steps.csv", "cores.csv", "links.csv"]
  private static let mostTable_bytes = 1 << 28
  /// Longer files are not put into a page.
  private static let mostDownloadedValues = 20_000

  private static func download(_ name: String, _ rows: [[String]]) -> PageTable? {
    guard let header = rows.first, rows.count > 1, rows.count * header.count <= mostDownloadedValues else { return nil }
    let values = rows.dropFirst().map { row in
      row.map { field -> JSONValue in
        Int64(field).map { .integer($0) } ?? SweepTable.number(ofAxisValue: field).map { .real($0) } ?? .text(field)
      }
    }
    return PageTable(name, names: header, values: values)
  }

  /// What is not a number is NaN.
  private static func columns(_ rows: [[String]]) -> [String: [Double]] {
    guard let header = rows.first else { return [:] }
    var columns = [[Double]](repeating: [], count: header.count)
    for row in rows.dropFirst() {
      for (place, field) in row.enumerated() { columns[place].append(Double(field) ?? .nan) }
    }
    return Dictionary(zip(header, columns), uniquingKeysWith: { first, _ in first })
  }
}

extension RunResult {
  /// The figure of a statistic; nil if there is none that says something.
  func value(_ name: StatisticName) -> Double? { statistics[name]?.known.number }

  /// The marks of a statistic.
  func marks(_ name: StatisticName) -> StatisticMarks {
    statistics[name].map(statistics.marks(of:)) ?? .none
  }

  /// The chips in use, side by side: their tiles, and how many cores they have; nil if the result does not say.
  var chips: (count: Int, tiles: MeshMap.Size, cores: Int)? {
    let geometry = chip?["geometry"]
    guard let count = value(.chips).flatMap(Int.init(exactly:)), let cores = chip?.whole("cores"),
      let columns = geometry?["tiles_x"]?.whole("value"), let rows = geometry?["tiles_y"]?.whole("value"),
      // Far more than there are: a file that is damaged may say anything.
      [count, cores, columns, rows].allSatisfy((1..<1 << 24).contains)
    else { return nil }
    return (count, MeshMap.Size(columns: count * columns, rows: rows), count * cores)
  }

  /// A member of the configuration that lists texts, such as `estimates`.
  func texts(_ name: String) -> [String] {
    run.texts(name)
  }
}

extension JSONValue {
  /// A member that is a text; empty if it is none.
  func text(_ name: String) -> String {
    if case .text(let text)? = self[name] { text } else { "" }
  }

  /// A member that is a whole number; nil if it is none.
  fileprivate func whole(_ name: String) -> Int? {
    if case .integer(let number)? = self[name] { Int(number) } else { nil }
  }
}
