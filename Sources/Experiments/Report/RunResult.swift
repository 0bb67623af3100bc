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
  /// PNG files by name without suffix.
  let pictures: [String: Data]
  /// `chip.json`.
  let chip: JSONValue?

  static let pictureNames = ["image", "reconstruction", "residual", "bank"]

  /// Reads a result folder.
  ///
  /// - Throws: `FileError` or `ReportError` if a file in it is damaged.
  init(folder: String) throws {
    let stats = "\(folder)/stats.json"
    do {
      let file = try StatisticsFile(parsing: bytes(ofFile: stats, maximumBytes: 1 << 26))
      (statistics, run) = (file.statistics, file.run)
    } catch let error as ReportError {
      throw ReportError("\(stats): \(error)")
    }
    (name, shortName) = ("\(bankName(run.text("bank"))), \(run.text("input"))", "run")
    configuration = try Self.configuration("\(folder)/run.yaml")
    steps = try Self.columns("\(folder)/steps.csv")
    cores = try Self.columns("\(folder)/cores.csv")
    links = try Self.rows("\(folder)/links.csv").compactMap { row in
      guard row.count == 4, let x = Int(row[0]), let y = Int(row[1]), let packets = Double(row[3]) else { return nil }
      return (x, y, row[2], packets)
    }
    spikes = try SpikeCounts(file: "\(folder)/spikes.csv")
    var pictures: [String: Data] = [:]
    for name in Self.pictureNames where FileManager.default.fileExists(atPath: "\(folder)/\(name).png") {
      pictures[name] = try bytes(ofFile: "\(folder)/\(name).png", maximumBytes: 1 << 26)
    }
    self.pictures = pictures
    let chipFile = "\(folder)/chip.json"
    chip =
      FileManager.default.fileExists(atPath: chipFile)
      ? try JSONValue(parsing: bytes(ofFile: chipFile, maximumBytes: 1 << 26)) : nil
  }

  private static func configuration(_ path: String) throws -> [(key: String, value: String, meaning: String)] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    let run = try RunConfiguration(contentsOf: path)
    return RunKey.all.map { ($0.name, $0.write(run), $0.meaning) }
  }

  private static func rows(_ path: String) throws -> [[String]] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return CSV.rows(of: String(decoding: try bytes(ofFile: path, maximumBytes: 1 << 28), as: UTF8.self))
  }

  /// What is not a number is NaN.
  private static func columns(_ path: String) throws -> [String: [Double]] {
    let rows = try rows(path)
    guard let header = rows.first else { return [:] }
    var columns = [[Double]](repeating: [], count: header.count)
    for row in rows.dropFirst() {
      guard row.count == header.count else {
        throw ReportError("\(path): a line has \(row.count) fields under \(header.count) names")
      }
      for (place, field) in row.enumerated() { columns[place].append(Double(field) ?? .nan) }
    }
    return Dictionary(zip(header, columns), uniquingKeysWith: { first, _ in first })
  }
}

extension RunResult {
  /// The figure of a statistic; nil if there is none.
  func value(_ name: StatisticName) -> Double? { statistics[name]?.value.number }

  /// The marks of a statistic.
  func marks(_ name: StatisticName) -> StatisticMarks {
    statistics[name].map(statistics.marks(of:)) ?? .none
  }

  /// A member of the configuration that lists texts, such as `estimates`.
  func texts(_ name: String) -> [String] {
    guard case .list(let values)? = run[name] else { return [] }
    return values.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }
}

extension JSONValue {
  /// A member that is a text; empty if it is none.
  func text(_ name: String) -> String {
    if case .text(let text)? = self[name] { text } else { "" }
  }
}

/// Spikes of the coding layer by step and kernel.
struct SpikeCounts {
  let kernels: Int
  let steps: Int
  /// `counts[step * kernels + kernel]`.
  let counts: [Int]

  /// Counts the lines of a `spikes.csv`, with the column `neuron` or, as older ones are, without; nil if there is no such
  /// file, or none of its spikes is the coding layer's.
  ///
  /// - Throws: `FileError` if it cannot be read.
  init?(file: String) throws {
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    let data = try bytes(ofFile: file, maximumBytes: 1 << 31)
    var byStep: [[Int]] = []
    var kernels = 0
    // Fields: time_ps, step, population, neuron, kernel, …; such a file can have millions of lines.
    data.withUnsafeBytes { (text: UnsafeRawBufferPointer) in
      let header = text.firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      let hasNeurons = String(decoding: text[..<header], as: UTF8.self).split(separator: ",").contains("neuron")
      var place = header + 1
      while place < text.count {
        let end = text[place...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
        if let (step, kernel) = Self.spike(text[place..<end], hasNeurons: hasNeurons) {
          kernels = max(kernels, kernel + 1)
          while byStep.count <= step { byStep.append([]) }
          while byStep[step].count <= kernel { byStep[step].append(0) }
          byStep[step][kernel] += 1
        }
        place = end + 1
      }
    }
    guard kernels > 0, byStep.count * kernels <= Self.mostCounts else { return nil }
    (self.kernels, steps) = (kernels, byStep.count)
    counts = byStep.flatMap { $0 + [Int](repeating: 0, count: kernels - $0.count) }
  }

  /// Most steps and kernels; larger numbers are damage.
  private static let (mostSteps, mostKernels) = (1 << 20, 1 << 16)
  /// Most counts of both together, in memory of half a gigabyte.
  private static let mostCounts = 1 << 26

  private static func spike(_ line: Slice<UnsafeRawBufferPointer>, hasNeurons: Bool) -> (step: Int, kernel: Int)? {
    var fields = line.split(separator: UInt8(ascii: ","), maxSplits: 5, omittingEmptySubsequences: false).makeIterator()
    guard fields.next() != nil, let step = fields.next().flatMap(number), let population = fields.next(),
      population.elementsEqual("coding".utf8), !hasNeurons || fields.next() != nil,
      let kernel = fields.next().flatMap(number),
      step < mostSteps, kernel < mostKernels
    else { return nil }
    return (step, kernel)
  }

  private static func number(_ digits: Slice<UnsafeRawBufferPointer>) -> Int? {
    guard !digits.isEmpty, digits.count < 10 else { return nil }
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = 10 * value + Int(digit - UInt8(ascii: "0"))
    }
    return value
  }
}
