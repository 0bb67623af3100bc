import Reports

/// The pictures of the tables of differences.
extension StudyResults {
  var differenceCharts: [(name: String, chart: Chart)] {
    let all = differences
    return [
      ("differences-sparseness", differenceChart(.sparseness, all)), ("differences-psnr", differenceChart(.psnr, all)),
      ("differences-objective", differenceChart(.objective, all)),
    ] + resilienceCharts
  }

  /// Of certified codes, against λ, a curve for each pair of designed banks: learnt ones are too far away.
  private func differenceChart(_ quantity: StudyDifference.Quantity, _ differences: [StudyDifference]) -> Chart {
    let all = differences.filter { $0.quantity == quantity && !$0.isOfHeldOut }
    var pairs: [String] = []
    for difference in all where !pairs.contains(difference.pairTitle) { pairs.append(difference.pairTitle) }
    return Chart(
      "Certified codes, a bank less another on the same photograph; \(medianLabel)",
      x: .init("λ", isLogarithmic: true),
      y: .init(quantity.title, includesZero: true),
      pairs.map { pair in
        Chart.Series(
          pair,
          all.filter { $0.pairTitle == pair }.compactMap { difference in
            guard case .certified(let lambda) = difference.codes else { return nil }
            return point(lambda, median(difference.values))
          })
      })
  }

  /// By how much more the heterogeneous bank's code loses than the homogeneous one's, for each kind of damage.
  private var resilienceCharts: [(name: String, chart: Chart)] {
    let all = damageDifferences.filter { $0.bank == options.heterogeneous && $0.reference == options.homogeneous }
    var losses: [(name: String, label: String)] = []
    for case .loss(let name, let label, _) in all.map(\.quantity) where !losses.contains(where: { $0.name == name }) {
      losses.append((name, label))
    }
    return losses.map { name, label in
      let series = codeSources.map { source in
        Chart.Series(
          source.settingOfDesigned,
          all.filter { $0.codes == source.codes }.compactMap { difference in
            guard case .loss(name, _, let level) = difference.quantity else { return nil }
            return point(level, median(difference.values))
          })
      }
      return (
        "resilience-\(name)",
        Chart(
          "\(options.heterogeneous.name) less \(options.homogeneous.name): loss to \(label); \(medianLabel)",
          x: .init(label), y: .init("loss above \(options.homogeneous.name) (dB)", includesZero: true), series)
      )
    }
  }
}

extension StudyDifference {
  fileprivate var pairTitle: String { "\(bank.name) − \(reference.name)" }
}
