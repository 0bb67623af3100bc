import DataFiles
import Foundation
import Reports

/// What the results of a sweep say now. Each is read once, as there may be thousands.
public struct SweepResults {
  /// The statistics of all points that are done.
  public let table: SweepTable
  /// What the estimates in them rest on, each once.
  let estimates: [String]
  private let sweep: Sweep
  /// How many each build of the program made.
  private let versions: [String: Int]
  /// Results that lack statistics which every run has, and which they lack.
  private let poor: (ids: [String], lacking: Set<StatisticName>)

  /// Reads all results that are there.
  init(_ sweep: Sweep, progress: ProgressHandler) {
    var rows: [(point: Sweep.Point, statistics: Statistics)] = []
    var estimates: [String] = []
    var versions: [String: Int] = [:]
    var poor: (ids: [String], lacking: Set<StatisticName>) = ([], [])
    for (place, point) in sweep.points.enumerated() {
      if place.isMultiple(of: 50) {
        progress(.init("reading results", done: Double(place), of: Double(sweep.points.count), unit: "points"))
      }
      guard let file = try? sweep.files.result(of: point.id) else { continue }
      rows.append((point, file.statistics.withTarget(of: point)))
      estimates += file.run.texts("estimates")
      versions[Sweep.version(of: file), default: 0] += 1
      let lacking = Self.ofEveryRun.filter { file.statistics[$0] == nil }
      guard !lacking.isEmpty else { continue }
      poor.ids.append(point.id)
      poor.lacking.formUnion(lacking)
    }
    table = SweepTable(of: rows, axes: sweep.axes)
    (self.sweep, self.estimates, self.versions, self.poor) = (sweep, estimates.uniqued(), versions, poor)
  }

  private static let ofEveryRun = StatisticName.allCases.filter(\.isOfEveryRun)

  /// What is wrong with results, in a line each: those that are damaged are not in the table.
  public var warnings: [String] { damageNotes + [lackNote].compactMap(\.self) }

  /// What is wrong with the first results that are damaged, and how many more there are.
  var damageNotes: [String] {
    let damages = sweep.damages(beside: table.ids)
    return damages.prefix(Self.mostDamages).map { "a result is damaged and does not count: \($0.text)" }
      + Self.moreNote(damages.count - Self.mostDamages)
  }

  /// So many damaged results are named.
  private static let mostDamages = 10

  private static func moreNote(_ more: Int) -> [String] {
    guard more > 0 else { return [] }
    return [
      "\(more) more \(more == 1 ? "result is" : "results are") damaged and \(more == 1 ? "does" : "do") not count"
    ]
  }

  private static let mostNames = 4

  /// As those of an older version do.
  var lackNote: String? {
    guard let first = poor.ids.first else { return nil }
    let names = StatisticName.allCases.filter(poor.lacking.contains).map(\.rawValue)
    let shown = names.prefix(Self.mostNames).joined(separator: ", ")
    let rest = names.count > Self.mostNames ? " and \(names.count - Self.mostNames) more" : ""
    let (folder, again) = (sweep.files.resultFolder(first), "rheobase sweep run \(sweep.folder.shellWord) makes")
    let which = "statistics that every run has now (\(shown)\(rest)), whose cells are empty"
    return poor.ids.count == 1
      ? "1 result lacks \(which); remove its folder, \(folder), and \(again) this point again"
      : "\(poor.ids.count) results lack \(which); remove their folders, the first \(folder), and \(again) these again"
  }

  /// That they are of several builds of the program, in a line; nil if they are of one.
  public var versionNote: String? { Sweep.note(on: versions) }
}

extension SweepTable {
  /// Statistics of finished points of a sweep with these axes.
  fileprivate init(of rows: [(point: Sweep.Point, statistics: Statistics)], axes: [String]) {
    let names = Self.columns(rows.reduce(into: []) { $0.formUnion($1.statistics.names) })
    let points = rows.map { point, statistics in
      let columns = names.map { statistics[$0] }
      let marks = columns.enumerated().compactMap { place, statistic -> (Int, StatisticMarks)? in
        guard let statistic, statistic.value.asNumber != nil else { return nil }
        let marks = statistics.marks(of: statistic)
        return marks.isEmpty ? nil : (place, marks)
      }
      return Point(
        id: point.id, axisValues: point.axisValues, values: columns.map { $0?.known.asNumber },
        marks: Dictionary(uniqueKeysWithValues: marks))
    }
    self.init(axes: axes.map(Self.axisName), statistics: names, points: points)
  }

  /// Names in the order of the catalog, those of the host last.
  private static func columns(_ names: Set<String>) -> [String] {
    let catalog = StatisticName.allCases.map(\.rawValue)
    let host = Set(Sweep.hostColumns)
    let ordered = catalog.filter(names.contains) + names.subtracting(catalog).sorted()
    return ordered.filter { !host.contains($0) } + ordered.filter(host.contains)
  }
}

extension Statistics {
  /// With what only the plan tells: that a point was to run to its target.
  fileprivate func withTarget(of point: Sweep.Point) -> Statistics {
    guard let reached = self[.reachedStep] else { return self }
    var all = self
    all.set(.missedTarget, point.runsToTarget && reached.value == .null)
    return all
  }
}

extension Statistic.Value {
  /// Numbers as they are, flags as 1 and 0.
  fileprivate var asNumber: Double? { if case .flag(let flag) = self { flag ? 1 : 0 } else { number } }
}
