import Foundation
import KernelBanks
import Reports
import SparseCoding

/// The pictures of a study, each by the name of its file.
extension StudyResults {
  private var dialBanks: [(place: Double, bank: StudyBank)] {
    options.dial.sorted().map { ($0, options.dialBank($0)) }
  }

  /// Along the dial, with the mean of B_θ if it is the same throughout.
  var dialAxis: Chart.Axis {
    .init("heterogeneity h" + (shownConstantMean.map { ", mean B_θ \($0)" } ?? ""), includesZero: true)
  }

  var charts: [(name: String, chart: Chart)] {
    [
      ("dial-sparseness", dialChart("Sparseness along the dial", "sparseness", "sparseness")),
      ("dial-psnr", dialChart("PSNR along the dial", "PSNR (dB)", "psnr")),
      ("dial-gain", gainChart), ("quality", qualityChart("all kinds of banks", kindsOfBanks)),
      // Learnt banks are so far above that these look alike beside them.
      ("quality-designed", qualityChart("designed banks", options.designedBanks)), ("bandwidths", bandwidthChart),
      ("learning", learningChart), ("refit", refitChart), ("refit-orientations", refitOrientationChart),
      ("dial-bandwidth", bankChart),
    ].shown + (convergenceCharts + differenceCharts).shown + codeSources.flatMap(codeCharts) + chipCharts
  }

  /// The pictures that there are of the study's protocol and of certified codes.
  private func codeCharts(_ source: StudyCodeSource) -> [(name: String, chart: Chart)] {
    let charts = [
      ("pruning", pruningChart(source)), ("relative-pruning", relativePruningChart(source)),
      ("orientations", orientationChart(source)), ("amplitudes", amplitudeChart(source)),
      ("local", localChart(source)),
    ]
    let damage = StudyDamage.ofCodes.map { ("damage-\($0.name)", damageChart($0, source)) }
    return (charts + damage).map { (name: "\($0.0)-\(source.suffix)", chart: $0.1) }.shown
  }

  /// What points are over photographs.
  var medianLabel: String {
    images.count < SampleStatistics.leastCountWithInterval ? "median" : "median and ≥ 95 % interval"
  }

  func point(_ x: Double, _ estimate: Estimate) -> Chart.Point {
    guard estimate.hasInterval else { return Chart.Point(x, estimate.value) }
    return Chart.Point(x, estimate.value, low: estimate.low, high: estimate.high)
  }

  /// The banks of the dial themselves.
  private var bankChart: Chart {
    Chart(
      "B_θ along the dial", x: dialAxis,
      y: .init("B_θ (°), mean ± standard deviation", includesZero: true),
      [
        Chart.Series(
          "kernels of a bank",
          dialBanks.compactMap { place, bank in
            guard let summary = bankSummaries[bank], let mean = summary.meanBandwidth_deg,
              let spread = summary.bandwidthSpread_deg
            else { return nil }
            return Chart.Point(place, mean, low: mean - spread, high: mean + spread)
          })
      ])
  }

  // MARK: Codes

  private func dialChart(_ title: String, _ label: String, _ name: String) -> Chart {
    Chart(
      title, x: dialAxis, y: .init("\(label), \(medianLabel)"),
      options.lambdas.sorted().map { lambda in
        Chart.Series(
          "λ = \(lambda)",
          dialBanks.compactMap { place, bank in
            let values = codes(bank, lambda).map { $0.number(name) }
            return values.isEmpty ? nil : point(place, median(values))
          })
      })
  }

  private var gainChart: Chart {
    let reference = psnrAtEqualSparseness(options.homogeneous)
    let points = dialBanks.compactMap { place, bank -> Chart.Point? in
      let values = psnrAtEqualSparseness(bank)
      guard values.count == reference.count, values.contains(where: \.isFinite) else { return nil }
      return point(place, median(zip(values, reference).map { $0 - $1 }))
    }
    return Chart(
      "Gain at equal sparseness", x: dialAxis,
      y: .init("PSNR over \(options.homogeneous.name) (dB)", includesZero: true), [.init(medianLabel, points)])
  }

  /// All but those between the ends of the dial.
  private var kindsOfBanks: [StudyBank] {
    let between = dialBanks.map(\.bank).filter { !options.dialEnds.contains($0) }
    return options.banks.filter { !between.contains($0) }
  }

  private func qualityChart(_ which: String, _ banks: [StudyBank]) -> Chart {
    Chart(
      "Certified codes, \(which): sparseness buys error", x: .init("sparseness, median"), y: .init("PSNR (dB), median"),
      banks.map { bank in
        Chart.Series(
          bank.name,
          options.lambdas.sorted().compactMap { lambda in
            let cells = codes(bank, lambda)
            guard !cells.isEmpty else { return nil }
            return Chart.Point(
              median(cells.map { $0.number("sparseness") }).value, median(cells.map { $0.number("psnr") }).value)
          })
      })
  }

  private func pruningChart(_ source: StudyCodeSource) -> Chart {
    pruningChart("Pruning |a| < c", "threshold c", StudyWorker.thresholds, "pruning_psnr", source)
  }

  private func relativePruningChart(_ source: StudyCodeSource) -> Chart {
    pruningChart(
      "Pruning |a| < c max |a|", "threshold c, share of the largest", StudyWorker.relativeThresholds,
      "relative_pruning_psnr", source)
  }

  private func pruningChart(
    _ title: String, _ label: String, _ thresholds: [Double], _ name: String, _ source: StudyCodeSource
  ) -> Chart {
    Chart(
      "\(title), \(source.setting)", x: .init(label), y: .init("PSNR (dB), \(medianLabel)"),
      source.banks.map { bank in
        let curves = medians(source.cells(bank).map { $0.numbers(name) })
        return Chart.Series(bank.title, zip(thresholds, curves).map { point($0, $1) })
      })
  }

  private var bandwidthChart: Chart {
    let kinds = [certifiedCodes, protocolCodes].map { ($0.settingOfDesigned, $0.cells(options.heterogeneous)) }
    return Chart(
      "Which kernels of the \(options.heterogeneous.name) bank codes use", x: .init("B_θ (°)", includesZero: true),
      y: .init("share of Σ|a|, \(medianLabel)", includesZero: true),
      kinds.map { name, cells in
        let widths = cells.first?.numbers("bandwidths") ?? []
        return Chart.Series(
          name, zip(widths, medians(cells.map { $0.numbers("bandwidth_shares") })).map { point($0, $1) })
      })
  }

  private func orientationChart(_ source: StudyCodeSource) -> Chart {
    Chart(
      "Orientations, \(source.setting)", x: .init("θ (°)", includesZero: true),
      y: .init("share of Σ|a| a kernel orientation", includesZero: true),
      options.studyBanks.map { bank in
        let histogram = mean(source.cells(bank).map { $0.numbers("orientations") }.filter { !$0.isEmpty })
        let used = histogram.indices.filter { histogram[$0] > 0 }
        return Chart.Series(bank.title, used.map { Chart.Point(2.5 * Double($0), histogram[$0]) })
      })
  }

  /// What was counted, and the law that fits it; both of all photographs together.
  private func amplitudeChart(_ source: StudyCodeSource) -> Chart {
    Chart(
      "Magnitudes, \(source.setting)", x: .init("|a|", isLogarithmic: true),
      y: .init("coefficients in a bin, share of all", isLogarithmic: true),
      options.studyBanks.flatMap { bank -> [Chart.Series] in
        let cells = source.cells(bank)
        let (counts, moments) = (amplitudeHistogram(cells), amplitudes(cells))
        guard moments.count > 0 else { return [] }
        let ends = AmplitudeFit.binEnds
        let centers = counts.indices.map { (ends[$0] + ends[$0 + 1]) / 2 }
        let fit = AmplitudeFit(.cutOff, moments)
        let density = centers.map { pow($0, -fit.power) * exp(-fit.rate * $0) }
        let (total, mass) = (counts.reduce(0, +), density.reduce(0, +))
        let counted = zip(centers, counts).filter { $0.1 > 0 }.map { Chart.Point($0, $1 / total) }
        return [
          Chart.Series(bank.title, counted, style: .points),
          Chart.Series(
            "\(bank.title), power law with cut-off", zip(centers, density).map { Chart.Point($0, $1 / mass) }),
        ]
      })
  }

  private func localChart(_ source: StudyCodeSource) -> Chart {
    Chart(
      "B_θ in use, \(source.settingOfDesigned)", x: .init("circular variance of gradients in cells of 32 × 32"),
      y: .init("mean B_θ of the code (°)"),
      images.map { image in
        let cell = source.cell(image, options.heterogeneous)
        return Chart.Series(
          bankName(image),
          zip(cell?.numbers("cell_variance") ?? [], cell?.numbers("cell_bandwidth") ?? []).map { Chart.Point($0, $1) },
          style: .points)
      })
  }

  // MARK: Learning

  private var learningChart: Chart {
    Chart(
      "Objective on \(learningJudges)", x: .init("steps", includesZero: true), y: .init("objective a pixel"),
      options.starts.map { start in
        Chart.Series("from \(start)", looks(from: start).map { Chart.Point($0.step, $0.objective) })
      })
  }

  private var refitChart: Chart {
    refitChart(
      "B_θ of the kernels before and after learning\(foldsNote)", "B_θ", "bandwidth",
      FitHistogram.bandwidths)
  }

  private var refitOrientationChart: Chart {
    refitChart(
      "θ of the kernels before and after learning\(foldsNote)", "θ", "theta",
      FitHistogram.orientations)
  }

  private func refitChart(
    _ title: String, _ label: String, _ name: String, _ histogram: @escaping ([Double]) -> FitHistogram
  ) -> Chart {
    Chart(
      title, x: .init("\(label) of the best log-Gabor (°), bins from their lower ends", includesZero: true),
      y: .init("kernels in a bin of \(FitHistogram.width)°", includesZero: true),
      options.starts.dropLast().flatMap { start -> [Chart.Series] in
        let cells = learning(from: start)
        guard !cells.isEmpty else { return [] }
        return ["before", "after"].map { time in
          let values = cells.flatMap { zip($0.numbers("\(name)_\(time)"), $0.numbers("explained_\(time)")) }
            .filter { $0.1 >= LogGaborFit.leastExplained }.map(\.0)
          let points = histogram(values).steps.map { Chart.Point($0.place, Double($0.count)) }
          return Chart.Series("\(start), \(time)", points, style: .steps)
        }
      })
  }

  // MARK: Damage

  private func damageChart(_ damage: StudyDamage, _ source: StudyCodeSource) -> Chart {
    Chart(
      "Damage: \(damage.label), \(source.setting)",
      x: .init(damage.label, includesZero: damage.isRandom), y: .init("PSNR (dB), \(medianLabel)"),
      source.banks.map { bank in
        let curves = source.cells(bank).map { $0.numbers("damage_\(damage.name)") }
          .filter { $0.count == damage.levels.count }
        return Chart.Series(bank.name, zip(damage.levels, medians(curves)).map { point($0, $1) })
      })
  }
}

extension [(name: String, chart: Chart)] {
  /// Those in which there is something, without the curves of which there is nothing.
  var shown: Self {
    map { name, chart in
      var chart = chart
      chart.series.removeAll { $0.points.isEmpty }
      return (name, chart)
    }.filter { !$0.chart.series.isEmpty }
  }
}
