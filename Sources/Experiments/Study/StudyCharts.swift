import Foundation
import KernelBanks
import Reports
import SparseCoding

/// The pictures of a study, each by the name of its file.
extension StudyResults {
  private var dialBanks: [(place: Double, bank: StudyBank)] {
    options.dial.sorted().map { ($0, StudyBank(origin: .dial($0))) }
  }

  var charts: [(name: String, chart: Chart)] {
    [
      ("dial-sparseness", dialChart("Sparseness along the dial", "sparseness", "sparseness")),
      ("dial-psnr", dialChart("PSNR along the dial", "PSNR (dB)", "psnr")),
      ("dial-gain", gainChart), ("quality", qualityChart), ("pruning", pruningChart),
      ("relative-pruning", relativePruningChart), ("orientations", orientationChart), ("bandwidths", bandwidthChart),
      ("amplitudes", amplitudeChart), ("local", localChart), ("learning", learningChart), ("refit", refitChart),
      ("refit-orientations", refitOrientationChart),
    ].filter { chart in chart.1.series.contains { !$0.points.isEmpty } } + damageCharts + chipCharts
  }

  /// What points are over photographs.
  private var medianLabel: String {
    images.count < SampleStatistics.leastCountWithInterval ? "median" : "median and 95 % interval"
  }

  private func point(_ x: Double, _ estimate: Estimate) -> Chart.Point {
    guard estimate.hasInterval else { return Chart.Point(x, estimate.value) }
    return Chart.Point(x, estimate.value, low: estimate.low, high: estimate.high)
  }

  // MARK: Codes

  private func dialChart(_ title: String, _ label: String, _ name: String) -> Chart {
    Chart(
      title, x: .init("heterogeneity h", includesZero: true), y: .init("\(label), \(medianLabel)"),
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
    let reference = psnrAtEqualSparseness(StudyBank(origin: .dial(0)))
    let points = dialBanks.compactMap { place, bank -> Chart.Point? in
      let values = psnrAtEqualSparseness(bank)
      guard values.count == reference.count, values.contains(where: \.isFinite) else { return nil }
      return point(place, median(zip(values, reference).map { $0 - $1 }))
    }
    return Chart(
      "Gain at equal sparseness", x: .init("heterogeneity h", includesZero: true),
      y: .init("PSNR over homogeneous (dB)", includesZero: true), [.init(medianLabel, points)])
  }

  private var qualityChart: Chart {
    let between = dialBanks.map(\.bank).filter { ![.homogeneous, .heterogeneous].contains($0) }
    let banks = options.banks.filter { !between.contains($0) }
    return Chart(
      "Certified codes: sparseness buys error", x: .init("sparseness, median"), y: .init("PSNR (dB), median"),
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

  private var pruningChart: Chart {
    pruningChart("Pruning |a| < c, the study's protocol", "threshold c", StudyWorker.thresholds, "pruning_psnr")
  }

  private var relativePruningChart: Chart {
    pruningChart(
      "Pruning |a| < c max |a|, the study's protocol", "threshold c, share of the largest",
      StudyWorker.relativeThresholds, "relative_pruning_psnr")
  }

  private func pruningChart(_ title: String, _ label: String, _ thresholds: [Double], _ name: String) -> Chart {
    Chart(
      title, x: .init(label), y: .init("PSNR (dB), \(medianLabel)"),
      options.studyBanks.map { bank in
        let curves = medians(published(bank).map { $0.numbers(name) })
        return Chart.Series(bank.title, zip(thresholds, curves).map { point($0, $1) })
      })
  }

  private var bandwidthChart: Chart {
    let kinds = [
      ("certified, λ = \(options.middleLambda)", codes(.heterogeneous, options.middleLambda)),
      ("study's protocol", published(.heterogeneous)),
    ]
    return Chart(
      "Which kernels of the heterogeneous bank codes use", x: .init("B_θ (°)", includesZero: true),
      y: .init("share of Σ|a|, \(medianLabel)", includesZero: true),
      kinds.map { name, cells in
        let widths = cells.first?.numbers("bandwidths") ?? []
        return Chart.Series(
          name, zip(widths, medians(cells.map { $0.numbers("bandwidth_shares") })).map { point($0, $1) })
      })
  }

  private var orientationChart: Chart {
    Chart(
      "Orientations of certified codes, λ = \(options.middleLambda)", x: .init("θ (°)", includesZero: true),
      y: .init("share of Σ|a| a kernel orientation", includesZero: true),
      options.studyBanks.map { bank in
        let histogram = mean(
          codes(bank, options.middleLambda).map { $0.numbers("orientations") }.filter { !$0.isEmpty })
        let used = histogram.indices.filter { histogram[$0] > 0 }
        return Chart.Series(bank.name, used.map { Chart.Point(2.5 * Double($0), histogram[$0]) })
      })
  }

  private var amplitudeChart: Chart {
    Chart(
      "Most likely density of magnitudes, certified codes", x: .init("|a|", isLogarithmic: true),
      y: .init("density, relative to that at 0.1", isLogarithmic: true),
      options.studyBanks.flatMap { bank -> [Chart.Series] in
        let moments = amplitudes(codes(bank, options.middleLambda))
        guard moments.count > 0 else { return [] }
        let fit = AmplitudeFit(.cutOff, moments)
        let points = (0...20).map { step -> Chart.Point in
          let x = pow(10, -2 + Double(step) / 10)
          return Chart.Point(x, pow(x / 0.1, -fit.power) * exp(-fit.rate * (x - 0.1)))
        }
        return [Chart.Series(bank.name, points)]
      })
  }

  private var localChart: Chart {
    Chart(
      "B_θ in use against the spread of orientations, cells of 32 × 32", x: .init("circular variance of gradients"),
      y: .init("mean B_θ of the code (°)"),
      images.map { image in
        let cell = code(image, StudyBank(origin: .dial(1)), options.middleLambda)
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
      StudyBank.starts.compactMap { start in
        self[.learn(start: start)].map { cell in
          Chart.Series(
            "from \(start)", zip(cell.numbers("steps"), cell.numbers("objective")).map { Chart.Point($0, $1) })
        }
      })
  }

  private var refitChart: Chart {
    refitChart("B_θ of the kernels before and after learning", "B_θ of the best log-Gabor (°)", "bandwidth", 60, by: 3)
  }

  private var refitOrientationChart: Chart {
    refitChart("θ of the kernels before and after learning", "θ of the best log-Gabor (°)", "theta", 180, by: 7.5)
  }

  private func refitChart(_ title: String, _ label: String, _ name: String, _ end: Double, by width: Double) -> Chart {
    Chart(
      title, x: .init(label, includesZero: true),
      y: .init("kernels in \(String(format: "%g", width))°", includesZero: true),
      StudyBank.starts.dropLast().flatMap { start -> [Chart.Series] in
        guard let cell = self[.learn(start: start)] else { return [] }
        return ["before", "after"].map { time in
          let values = zip(cell.numbers("\(name)_\(time)"), cell.numbers("explained_\(time)")).filter {
            $0.1 >= LogGaborFit.leastExplained
          }.map(\.0)
          let points = SampleStatistics.histogram(values, to: end, by: width).map { low, count in
            Chart.Point(low + width, Double(count))
          }
          return Chart.Series("\(start), \(time)", points, style: .steps)
        }
      })
  }

  // MARK: Damage

  private var damageCharts: [(name: String, chart: Chart)] {
    StudyWorker.damages.map { damage in
      let series = options.studyBanks.map { bank in
        let curves = codes(bank, options.middleLambda).map { $0.numbers("damage_\(damage.name)") }
          .filter { $0.count == damage.levels.count }
        return Chart.Series(bank.name, zip(damage.levels, medians(curves)).map { point($0, $1) })
      }
      return (
        "damage-\(damage.name)",
        Chart(
          "Damage to codes: \(damage.label)", x: .init(damage.label, includesZero: damage.name != "bits"),
          y: .init("PSNR (dB), \(medianLabel)"), series)
      )
    }.filter { $0.1.series.contains { !$0.points.isEmpty } }
  }
}
