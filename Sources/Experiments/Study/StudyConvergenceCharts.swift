import Reports

/// The pictures of what more iterations of the study's protocol change.
extension StudyResults {
  var convergenceCharts: [(name: String, chart: Chart)] {
    let quantities = [
      (name: "sparseness", label: "sparseness"), (name: "psnr", label: "PSNR (dB)"),
      (name: "loss", label: "loss to \(StudyProtocol.shownConvergenceLoss) of events lost (dB)"),
    ]
    return quantities.flatMap { quantity in
      StudyProtocol.convergence.map { problem in
        (
          "convergence-\(quantity.name)-\(problem.key)",
          Chart(
            "What more iterations change: \(problem.title); \(medianLabel)",
            x: .init("iterations of ADMM", isLogarithmic: true), y: .init(quantity.label),
            options.dialEnds.flatMap { convergenceCurves(problem, $0, quantity.name) })
        )
      }
    }
  }

  /// A bank's curve over iterations, and a line at the height of its certified code.
  private func convergenceCurves(
    _ problem: StudyProtocol.Convergence, _ bank: StudyBank, _ name: String
  ) -> [Chart.Series] {
    func estimate(_ limit: String) -> Estimate {
      median(
        images.compactMap { self[.convergence(image: $0, bank: bank)]?["\(problem.key)-\(limit)"] }
          .map { $0.number(name) })
    }
    let counts = StudyProtocol.convergenceIterations
    return [
      .init(bank.name, counts.map { point(Double($0), estimate("\($0)")) }.filter(\.y.isFinite)),
      .init(
        "\(bank.name), certified",
        [counts.first, counts.last].compactMap { $0.map { point(Double($0), estimate("certified")) } }
          .filter(\.y.isFinite)),
    ]
  }
}
