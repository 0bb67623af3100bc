import KernelBanks
import Reports

/// The pictures of a study that are of chips: those of the first photograph that was run on each.
extension StudyResults {
  var chipCharts: [(name: String, chart: Chart)] {
    guard let image = chipImages.first else { return [] }
    return options.chips.flatMap { chip -> [(name: String, chart: Chart)] in
      let rows = (self[.chip(image: image, chip: chip)]?["rows"]?.asList ?? []).filter { $0["refused"] == nil }
      guard !rows.isEmpty else { return [] }
      let title = "\(bankName(chip)), \(bankName(image))"
      let energy = rows.map { chipMarks($0, "energy_marks") }.reduce(.none, +)
      let time = rows.map { chipMarks($0, "time_marks") }.reduce(.none, +)
      return [
        ("energy-\(bankName(chip))", energyChart(title, rows, energy)),
        ("front-\(bankName(chip))", frontChart(title, ofChip: chip, image, energy)),
        ("throughput-\(bankName(chip))", throughputChart(title, ofChip: chip, image, rows, time)),
      ].filter { $0.1.series.contains { !$0.points.isEmpty } }
    }
  }

  private func energyAxis(_ marks: StatisticMarks) -> Chart.Axis {
    .init("energy (mJ)\(marks.symbols)", isLogarithmic: true)
  }

  private func energyChart(_ title: String, _ rows: [JSONValue], _ marks: StatisticMarks) -> Chart {
    let shown = rows.filter {
      ["homogeneous", "heterogeneous", "learnt-heterogeneous"].contains($0["bank"]?.asText ?? "")
    }
    return Chart(
      "\(title): energy against PSNR, step by step", x: energyAxis(marks), y: .init("PSNR (dB)"),
      shown.map { row in
        Chart.Series(
          "\(row["bank"]?.asText ?? ""), \(row["input"]?.asText ?? "")",
          (row["curve"]?.asList ?? []).map { Chart.Point(1e3 * $0.number("energy"), $0.number("psnr")) })
      })
  }

  private func frontChart(_ title: String, ofChip chip: String, _ image: String, _ marks: StatisticMarks) -> Chart {
    let fronts = energyFronts.filter { $0.chip == bankName(chip) && $0.image == bankName(image) }
    return Chart(
      "\(title): Pareto fronts of energy and PSNR", x: energyAxis(marks), y: .init("PSNR (dB)"),
      fronts.map { front in
        Chart.Series(
          front.title,
          front.points.map { point in
            let (energy, psnr) = (point.state.number("energy"), point.state.number("psnr"))
            let quality = StudyTable.shown(.number(psnr, digits: 2))
            let cost = NumberFormat.engineering(energy, unit: "J") + point.energyMarks.symbols
            return Chart.Point(
              1e3 * energy, psnr,
              tip: "\(point.bank), step \(Int(point.state.number("step"))): \(quality) dB for \(cost)")
          })
      })
  }

  private func throughputChart(
    _ title: String, ofChip chip: String, _ image: String, _ rows: [JSONValue], _ marks: StatisticMarks
  ) -> Chart {
    func point(_ bank: String, _ state: JSONValue) -> Chart.Point {
      let (sparseness, throughput) = (state.number("sparseness"), 1 / state.number("time"))
      let rate = NumberFormat.engineering(throughput, unit: "1/s") + marks.symbols
      return Chart.Point(
        sparseness, throughput,
        tip: "\(bank): sparseness \(StudyTable.shown(.number(sparseness, digits: 4))), \(rate)")
    }
    let reached = [false, true].map { isSparse in
      Chart.Series(
        isSparse ? "sparse input" : "dense input",
        rows.filter { ($0["input"]?.asText?.hasPrefix("sparse") ?? false) == isSparse }.compactMap { row in
          guard let state = row["targets"]?[StudyTarget.common.rawValue], state != .null else { return nil }
          return point(row["bank"]?.asText ?? "", state)
        }, style: .points)
    }
    let fronts = throughputFronts.filter {
      $0.chip == bankName(chip) && $0.image == bankName(image) && $0.points.count > 1
    }
    return Chart(
      "\(title): throughput against sparseness, at the common objective", x: .init("sparseness of the chip's code"),
      y: .init("images/s\(marks.symbols)"),
      reached
        + fronts.map { front in
          Chart.Series(
            "front: \(front.title)", front.points.map { point($0.bank, $0.state) }, style: .front)
        })
  }
}

extension StudyFront {
  /// What the legend of a chart calls it.
  fileprivate var title: String { "\(isOfAllBanks ? "all banks" : "the dial"), \(isSparse ? "sparse" : "dense") input" }
}
