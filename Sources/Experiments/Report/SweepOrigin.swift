import DataFiles
import Foundation
import Reports

/// Where the figures of a sweep come from: what its points share, what its axes vary, and the chips with their sources.
struct SweepOrigin {
  private let sweep: Sweep
  private let base: RunConfiguration
  /// The different values of each axis.
  private let values: [[String]]
  private let chips: [JSONValue]
  private let estimates: [String]
  /// Why numbers of a chip are not shown.
  private let faults: [String]

  /// Chips whose numbers a page shows.
  private static let mostChips = 12

  /// - Parameters:
  ///   - done: the points that are done.
  ///   - first: the name of one of them, which stands for what all share.
  init(_ sweep: Sweep, done: SweepResults, first: String) throws {
    self.sweep = sweep
    base = try sweep.configuration(of: first)
    values = sweep.axes.indices.map { axis in sweep.points.map { $0.axisValues[axis] }.uniqued() }
    // One point of each chip: the others have the same numbers, but for those that are axes.
    let chipAxis = sweep.axes.firstIndex(of: "chip")
    let examples = done.table.points.uniqued { point in chipAxis.map { point.axisValues[$0] } }
    let sheets = examples.prefix(Self.mostChips).compactMap { Self.chip(sweep.files.resultFolder($0.id)) }
    chips = sheets.compactMap { try? $0.get() }
    faults = sheets.compactMap { if case .failure(let fault) = $0 { "\(fault)" } else { nil } }
    estimates = done.estimates
  }

  private static func chip(_ folder: String) -> Result<JSONValue, any Error>? {
    let file = "\(folder)/chip.json"
    return FileManager.default.fileExists(atPath: file) ? Result { try JSONValue(ofFile: file) } : nil
  }

  var blocks: [Page.Block] {
    var blocks: [Page.Block] = [
      .text(
        "Every figure is that of its point's result folder, read when this page was made. A point's configuration is "
          + "the base with the values of its axes; runs/POINT.yaml runs it again."
      ),
      .table(configuration),
    ]
    if !estimates.isEmpty {
      blocks += [
        .text("Estimates (*) that enter these figures, each with what it rests on."),
        .details(estimates.count.counted("estimate"), estimates),
      ]
    }
    if sweep.axes.contains(where: { $0.hasPrefix(RunKey.chipPrefix) }) {
      blocks.append(.text("Numbers of a chip that are axes are shown as its first point has them."))
    }
    blocks += faults.map { .text("The numbers of a chip are left out: \($0).") }
    return blocks + chips.map { .table(ChipSources($0).table) }
  }

  private var configuration: PageTable {
    let ofChip = sweep.axes.filter { $0.hasPrefix(RunKey.chipPrefix) }
    // What the first point has of the axes is not the base's.
    var base = base
    for key in ofChip { base.chipChanges[String(key.dropFirst(RunKey.chipPrefix.count))] = nil }
    var rows = RunKey.all.map { (key: $0.name, value: axisText($0.name) ?? $0.write(base), meaning: $0.meaning) }
    rows += ofChip.map { ($0, axisText($0) ?? "", "number of the chip's file") }
    if let repeats = axisText("repeat") { rows.append(("repeat", repeats, "repetition of a point")) }
    return PageTable("The base, and what the axes set", keys: rows)
  }

  private static let mostValues = 12

  /// What an axis sets a key to; nil if none does.
  private func axisText(_ key: String) -> String? {
    guard let axis = sweep.axes.firstIndex(of: key) else { return nil }
    let all = values[axis]
    let rest = all.count > Self.mostValues ? " … (\(all.count) values)" : ""
    return "axis: " + all.prefix(Self.mostValues).joined(separator: ", ") + rest
  }
}
