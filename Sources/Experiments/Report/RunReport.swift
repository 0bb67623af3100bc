import DataFiles
import Foundation
import Reports

/// The page of one run, or of several side by side.
struct RunReport {
  let runs: [RunResult]
  /// What the page is called.
  let title: String

  var page: Page {
    let charts = RunCharts(runs: runs)
    let table = headline
    var sections = [
      Page.Section("In short", [.table(PageTable("Quality, activity, time and energy", table))]),
      Page.Section("Energy", [.figures([charts.energy])]),
      Page.Section(
        "Quality against time and energy", figures(charts.quality, of: ["steps.csv"], without: "steps")),
      Page.Section(
        "Cores and links",
        figures(charts.cores + charts.links, of: ["cores.csv", "links.csv"], without: nil) + withoutCores),
      Page.Section(
        "Spikes",
        figures(
          charts.rasters + [charts.rate].compactMap(\.self), of: ["spikes.csv", "steps.csv"], isDownloaded: false,
          without: "spikes,steps")),
      Page.Section("Image and kernels", pictures),
    ]
    sections += [Page.Section("All statistics", [.table(statistics)]), provenance]
    return Page(title: title, subtitle: subtitle, legend: table.legend, sections: sections)
  }

  /// - Parameter files: what the charts are drawn from.
  private func figures(
    _ figures: [Page.Figure], of files: [String], isDownloaded: Bool = true, without trace: String?
  ) -> [Page.Block] {
    let unshown = unshown(files)
    guard figures.isEmpty else {
      return [.figures(figures)] + (isDownloaded ? downloads(files) : []) + unshown
    }
    guard unshown.isEmpty else { return unshown }
    let advice = trace.map { "; run with --traces \($0)" } ?? ""
    return [.text("Not recorded in this result\(advice).")]
  }

  /// A word in place of each chart whose file is too long, or damaged.
  private func unshown(_ files: [String]) -> [Page.Block] {
    runs.flatMap { run in
      run.unshown.filter { files.contains($0.file) }.map { file in
        .text(runs.count > 1 ? "\(run.name): \(file.text)" : file.text)
      }
    }
  }

  /// A word in place of each map of cores whose file is damaged.
  private var withoutCores: [Page.Block] {
    runs.filter { run in
      RunCharts.busyCores(run) == nil && !run.unshown.contains { $0.file == "cores.csv" }
    }.map { run in
      .text(
        (runs.count > 1 ? "\(run.name): " : "")
          + "cores.csv is gone, or has no lines of cores; run again for the map of cores.")
    }
  }

  /// The data of files, those of several runs named by them.
  private func downloads(_ names: [String]) -> [Page.Block] {
    let tables = runs.flatMap { run in
      run.downloads.filter { names.contains($0.caption) }.map { table in
        var table = table
        if runs.count > 1 { table.caption = "\(run.shortName)-\(table.caption)" }
        return table
      }
    }
    return tables.isEmpty ? [] : [.downloads(tables)]
  }

  // MARK: In short

  private var headline: Table {
    var table = ComparisonTable(
      Comparison(
        rows: runs.map {
          var row = ComparisonRow(
            bank: bankName($0.run.text("bank")), input: $0.run.text("input"), model: $0.run.text("model"),
            chip: $0.run.text("chip"), statistics: $0.statistics)
          row.heldSteps = $0.heldSteps
          return row
        })
    ).table
    let host = Set(runs.flatMap { $0.texts("estimates") }.filter { $0.hasPrefix("encoding:") }).sorted()
    table.legend += host
    return table
  }

  private var subtitle: String {
    var parts: [String] = []
    func add(_ name: String, _ text: (String) -> String = { $0 }) {
      let values = Set(runs.map { $0.configuration.first { $0.key == name }?.value ?? "" })
      guard values.count == 1, let value = values.first, !value.isEmpty, value != "null" else { return }
      parts.append(text(value.trimmingCharacters(in: CharacterSet(charactersIn: "\""))))
    }
    let images = Set(runs.map { $0.run.text("image") })
    if images.count == 1, let name = images.first?.split(separator: "/").last { parts.append(String(name)) }
    add("crop") { "crop \($0)" }
    add("stride") { "stride \($0)" }
    add("lambda") { "λ = \($0)" }
    add("model")
    add("chip") { "chip \($0)" }
    add("timing") { "\($0) timing" }
    return parts.joined(separator: " · ")
  }

  // MARK: Pictures

  private var pictures: [Page.Block] {
    let captions = [
      "image": "The image, normalised", "reconstruction": "Rebuilt from the chip's code",
      "residual": "What is missing: image less rebuilt", "bank": "The kernels of the bank, each at its own scale",
    ]
    // Runs of one image or bank have one picture of it.
    var seen: Set<Data> = []
    let groups = runs.map { run in
      RunResult.pictureNames.compactMap { name -> (caption: String, png: Data)? in
        guard let png = run.pictures[name], seen.insert(png).inserted else { return nil }
        let owner = name == "image" ? "" : name == "bank" ? " (\(bankName(run.run.text("bank"))))" : " (\(run.name))"
        return ("\(captions[name] ?? name)\(owner)", png)
      }
    }
    let fitting = FittingPictures(groups.flatMap { $0.map(\.png) })
    var pngs = fitting.pngs[...]
    let blocks = groups.filter { !$0.isEmpty }.map { group -> Page.Block in
      defer { pngs = pngs.dropFirst(group.count) }
      return .pictures(zip(group, pngs).map { Page.Picture($0.caption, png: $1) })
    }
    if blocks.isEmpty { return [.text("Not recorded in this result; run with --traces spikes,steps,pictures.")] }
    let scale = fitting.mostPixels.map { " Larger ones are shown at \($0) pixels a side; the result has all of them." }
    let gray = "Image, reconstruction and residual have one scale of gray; mid-gray is zero."
    return [.text(gray + (scale ?? ""))] + blocks
  }

  // MARK: Statistics

  private var statistics: PageTable {
    let all = Statistics(runs.flatMap { $0.statistics.ordered }).ordered
    let values = all.map { statistic -> [JSONValue] in
      [.text(statistic.name)] + runs.map { $0.statistics[statistic.name]?.known.json ?? .null }
        + [.text(statistic.unit), .text(statistic.description)]
    }
    let cells = all.map { statistic -> [Table.Cell] in
      [Table.Cell(statistic.name)]
        + runs.map { run in
          guard let own = run.statistics[statistic.name] else { return Table.Cell("–") }
          return Table.Cell(own.displayText, marks: run.statistics.marks(of: own).symbols)
        } + [Table.Cell(statistic.unit), Table.Cell(statistic.description)]
    }
    let names = ["statistic"] + runs.map(\.name) + ["unit", "description"]
    return PageTable(
      "All statistics; the download has exact values in the unit given",
      columns: names.enumerated().map { place, name in
        PageTable.Column(name, isNumeric: place > 0 && place <= runs.count)
      }, cells: cells, names: names, values: values)
  }

  // MARK: Where the figures come from

  private var provenance: Page.Section {
    var blocks: [Page.Block] = []
    let hypotheses = Set(runs.flatMap { $0.texts("hypothetical") }).sorted()
    if !hypotheses.isEmpty {
      blocks += [
        .text("No chip could run this, so that every figure of the chip is hypothetical (‡):"), .list(hypotheses),
      ]
    }
    let estimates = runs.reduce(into: [String]()) { all, run in
      all += run.texts("estimates").filter { !all.contains($0) }
    }
    if !estimates.isEmpty {
      blocks += [
        .text(
          "Estimates (*) that enter these figures, each with what it rests on. Compare runs with each other first."),
        .details(estimates.count.counted("estimate"), estimates),
      ]
    }
    blocks += chips.map { .table($0) }
    if let configuration { blocks.append(.table(configuration)) }
    return Page.Section("Where the figures come from", blocks)
  }

  private var configuration: PageTable? {
    guard let first = runs.first(where: { !$0.configuration.isEmpty }) else { return nil }
    return PageTable(
      "Configuration, as run.yaml has it", keys: first.configuration.map { ($0.key, value(of: $0.key), $0.meaning) })
  }

  /// The value that all runs have, or each with its run.
  private func value(of key: String) -> String {
    let values = runs.map { run in run.configuration.first { $0.key == key }?.value ?? "" }
    if Set(values).count == 1 { return values[0] }
    return zip(runs, values).map { "\($0.name): \($1)" }.joined(separator: "; ")
  }

  /// A table for each chip.
  private var chips: [PageTable] {
    runs.compactMap(\.chip).uniqued { $0.text("name") }.map { ChipSources($0).table }
  }
}
