import DataFiles
import Foundation
import Reports

/// The charts of one or several runs.
struct RunCharts {
  let runs: [RunResult]

  private static let units: [(name: StatisticName, label: String)] = [
    (.synapseEnergy, "synapses"), (.somaEnergy, "somas"), (.axonEnergy, "axons"), (.networkEnergy, "network"),
    (.hostEnergy, "host port"), (.staticEnergy, "static"),
  ]

  // MARK: Energy

  var energy: Page.Figure {
    let bars = runs.map { run in
      StackedBars.Bar(
        run.name, Self.units.map { run.value($0.name).map { max($0, 0) } ?? .nan },
        marks: run.marks(.totalEnergy).symbols, partMarks: Self.units.map { run.marks($0.name).symbols })
    }
    let chart = StackedBars("Energy by unit", "energy", unit: "J", parts: Self.units.map(\.label), bars)
    let missing = StatisticMarks.missingLegend(
      ofOwned: runs.map { ($0.run.text("chip"), $0.marks(.totalEnergy)) })
    return Page.Figure("energy", chart.drawing, note: missing.map { "\($0)." } ?? "")
  }

  // MARK: The mesh

  var cores: [Page.Figure] {
    let maps = runs.compactMap { run in Self.busyCores(run).map { (run: run, steps: $0.steps, cores: $0.cores) } }
    let largest = maps.flatMap { $0.cores.map(\.value) }.max()
    return maps.map { run, steps, cores in
      let map = MeshMap(
        titled("Busy time of a step, core by core", run), "busy time of a step, mean", unit: "s",
        marks: run.marks(.latency).symbols, scale: largest, mesh: Self.mesh(of: run), cores: cores)
      return Page.Figure(
        named("cores", run), map.drawing,
        note: "The longer of somas and synapse engine in each step, over \(Int(steps).counted("step"))."
          + Self.shareNote(cores.count, of: run) + Self.scaleNote(maps.count, "colours"))
    }
  }

  /// Tiles along a side that a map can show.
  private static let mostTiles = 64

  /// All tiles of the chips in use, so that what is idle is seen; nil if a map cannot show so many.
  private static func mesh(of run: RunResult) -> MeshMap.Size? {
    run.chips.map(\.tiles).flatMap { max($0.columns, $0.rows) > mostTiles ? nil : $0 }
  }

  /// How many of the cores of its chips a map has.
  private static func shareNote(_ cores: Int, of run: RunResult) -> String {
    guard let chips = run.chips else { return "" }
    let part = mesh(of: run) == nil ? " Only the rectangle of tiles in use is shown." : ""
    return " \(cores) of the \(chips.cores) cores of \(chips.count.counted("chip")) are in use.\(part)"
  }

  /// Nil if there are none: every run has some, so that the file is damaged or gone.
  static func busyCores(_ run: RunResult) -> (steps: Double, cores: [MeshMap.Core])? {
    guard let numbers = run.cores["core"], let xs = run.cores["tile_x"], let ys = run.cores["tile_y"],
      let busy = run.cores["busy_ps"], let steps = run.value(.timesteps), steps > 0
    else { return nil }
    let cores = numbers.indices.compactMap { place -> MeshMap.Core? in
      guard let number = Int(exactly: numbers[place]), let x = Int(exactly: xs[place]), let y = Int(exactly: ys[place])
      else { return nil }
      return MeshMap.Core(number, x: x, y: y, value: busy[place] * 1e-12 / steps)
    }
    return cores.isEmpty || cores.count < numbers.count ? nil : (steps, cores)
  }

  private static func scaleNote(_ maps: Int, _ what: String) -> String {
    maps > 1 ? " All \(maps) maps have one scale of \(what)." : ""
  }

  var links: [Page.Figure] {
    let maps = runs.filter { !$0.links.isEmpty }
    let largest = maps.flatMap { $0.links.map(\.packets) }.max()
    return maps.map { run in
      let directions = ["east": (1, 0), "west": (-1, 0), "north": (0, -1), "south": (0, 1)]
      let links = run.links.compactMap { link -> MeshMap.Link? in
        directions[link.way].map { MeshMap.Link(x: link.x, y: link.y, dx: $0.0, dy: $0.1, value: link.packets) }
      }
      let map = MeshMap(
        titled("Load of links", run), "packets over a link", unit: "1", marks: run.marks(.hops).symbols,
        scale: maps.count > 1 ? largest : nil, mesh: Self.mesh(of: run), links: links)
      return Page.Figure(
        named("links", run), map.drawing,
        note: "Packets from tile to tile, those of the input included. Traffic keeps to the right: of the two lines "
          + "between tiles the lower goes east, the upper west, the left south (to larger y), the right north."
          + Self.scaleNote(maps.count, "widths"))
    }
  }

  // MARK: Activity

  var rasters: [Page.Figure] {
    runs.compactMap { run in
      guard let spikes = run.spikes else { return nil }
      let raster = SpikeRaster(
        titled("Spikes of the coding layer", run), group: "kernel", groups: spikes.kernels, steps: spikes.steps,
        counts: spikes.counts)
      return Page.Figure(named("raster", run), raster.drawing)
    }
  }

  var rate: Page.Figure? {
    let recorded = runs.compactMap { run in run.steps["spikes"].map { (name: run.name, upToStep: $0) } }
    guard let longest = recorded.map(\.upToStep.count).max(), longest > 0 else { return nil }
    let size = (longest + Self.mostPoints - 1) / Self.mostPoints
    let chart = Chart(
      "Spikes of each step", x: .init("timestep", includesZero: true), y: .init("spikes a step", includesZero: true),
      recorded.map { Chart.Series($0.name, Self.rate($0.upToStep, ofBins: size)) })
    return Page.Figure("rate", chart.drawing, note: size > 1 ? "Means over \(size) steps each." : "")
  }

  /// Means of so many steps each, the last of what is left, at the middle of each; steps count from 0 as in the raster.
  private static func rate(_ upToStep: [Double], ofBins size: Int) -> [Chart.Point] {
    stride(from: 0, to: upToStep.count, by: size).map { first in
      let last = min(first + size, upToStep.count) - 1
      let spikes = upToStep[last] - (first > 0 ? upToStep[first - 1] : 0)
      return Chart.Point(Double(first + last) / 2, spikes / Double(last - first + 1))
    }
  }

  // MARK: Quality

  /// Gap and PSNR against time and energy.
  var quality: [Page.Figure] {
    [
      ("gap-time", chart("Gap over time", Self.gap, time)), ("psnr-time", chart("PSNR over time", Self.psnr, time)),
      ("gap-energy", chart("Gap against energy", Self.gap, energyUsed)),
      ("psnr-energy", chart("PSNR against energy", Self.psnr, energyUsed)),
    ].compactMap { name, chart in chart.map { Page.Figure(name, $0.drawing) } }
  }

  /// The first of them; nil if no run has recorded its steps.
  var gapOverTime: Chart? { chart("Gap over time", Self.gap, time) }

  private static let gap = Measure(name: "gap", label: "gap (%)", column: "gap", factor: 100, isLogarithmic: true)
  private static let psnr = Measure(
    name: "psnr", label: "PSNR (dB)", column: "psnr_dB", factor: 1, isLogarithmic: false)

  private var time: Growth {
    Growth(label: "simulated time" + symbols(.latency), unit: "s") { run in
      run.steps["end_ps"].map { $0.map { $0 * 1e-12 } }
    }
  }

  private var energyUsed: Growth {
    Growth(label: "energy" + symbols(.totalEnergy), unit: "J", values: Self.energyByStep)
  }

  /// What grows with each step.
  private struct Growth {
    let label: String
    let unit: String
    let values: (RunResult) -> [Double]?
  }

  private struct Measure {
    let name, label, column: String
    let factor: Double
    let isLogarithmic: Bool
  }

  private func chart(_ title: String, _ measure: Measure, _ growth: Growth) -> Chart? {
    let curves = runs.compactMap { run -> (run: RunResult, x: [Double], y: [Double])? in
      guard let x = growth.values(run), let y = run.steps[measure.column], !x.isEmpty else { return nil }
      return (run, x, y.map { $0 * measure.factor })
    }
    guard !curves.isEmpty else { return nil }
    let unit = PrefixedUnit(for: curves.flatMap(\.x), unit: growth.unit)
    var series = curves.map { curve in
      Chart.Series(curve.run.name, Self.thinned(zip(curve.x, curve.y).map { Chart.Point($0 * unit.factor, $1) }))
    }
    let counted = curves.compactMap { curve -> Chart.Point? in
      guard let step = curve.run.value(.timesteps).map({ Int($0) }), curve.x.indices.contains(step - 1) else {
        return nil
      }
      let (x, y) = (curve.x[step - 1] * unit.factor, curve.y[step - 1])
      let tip =
        "\(curve.run.name): after \(step.counted("step")), which the figures are of: \(unit.label(growth.label)) "
      return Chart.Point(
        x, y, tip: tip + "\(String(format: "%.4g", x)), \(measure.label) \(String(format: "%.4g", y))")
    }
    series.append(Chart.Series("step of the figures", counted, style: .points))
    return Chart(
      title, x: .init(unit.label(growth.label), includesZero: true),
      y: .init(measure.label, isLogarithmic: measure.isLogarithmic), series)
  }

  /// Dynamic energy and static power × time up to each step.
  private static func energyByStep(_ run: RunResult) -> [Double]? {
    guard run.value(.totalEnergy) != nil, let dynamic = run.steps["energy_dynamic_pJ"], let ends = run.steps["end_ps"]
    else { return nil }
    let power = (run.value(.staticEnergy) ?? 0) / (run.value(.latency) ?? .infinity)
    return zip(dynamic, ends).map { $0 * 1e-12 + $1 * 1e-12 * power }
  }

  // MARK: Names

  private func titled(_ title: String, _ run: RunResult) -> String {
    runs.count == 1 ? title : "\(title): \(run.name)"
  }

  private func named(_ name: String, _ run: RunResult) -> String {
    runs.count == 1 ? name : "\(name)-\(run.shortName.shortenedForFiles)"
  }

  /// The marks that a statistic has in any of the runs.
  private func symbols(_ name: StatisticName) -> String {
    runs.map { $0.marks(name) }.reduce(.none, +).symbols
  }

  private static let mostPoints = 400

  /// At most some hundred points of a curve, the last one among them.
  private static func thinned(_ points: [Chart.Point]) -> [Chart.Point] {
    let stride = (points.count + mostPoints - 1) / mostPoints
    return points.enumerated().filter { $0.offset % stride == 0 || $0.offset == points.count - 1 }.map(\.element)
  }
}

extension String {
  /// Short enough to be part of a file's name with what is put before and behind it while it is written; what is cut
  /// off becomes a hash.
  fileprivate var shortenedForFiles: String {
    guard utf8.count > 128 else { return self }
    var start = ""
    for character in self where start.utf8.count + character.utf8.count <= 100 { start.append(character) }
    return "\(start)-\(ContentHash(self).text)"
  }
}
