import KernelBanks
import Reports

/// The pictures of a study that are of chips: of one photograph where it is named, the first that was run on each.
extension StudyResults {
  var chipCharts: [(name: String, chart: Chart)] {
    guard let image = chipImages.first else { return [] }
    return options.chips.flatMap { chip -> [(name: String, chart: Chart)] in
      let rows = (self[.chip(image: image, chip: chip)]?["rows"]?.asList ?? []).filter { $0["refused"] == nil }
      guard !rows.isEmpty else { return [] }
      let title = "\(bankName(chip)), \(bankName(image))"
      let energy = rows.map { chipMarks($0, .energy) }.reduce(.none, +)
      let withEncoding = rows.map { chipMarks($0, .energyWithEncoding) }.reduce(.none, +)
      let time = rows.map { chipMarks($0, .time) }.reduce(.none, +)
      return [
        ("target-\(bankName(chip))", targetChart(ofChip: chip, energy)),
        ("energy-\(bankName(chip))", energyChart(title, rows, energy)),
        ("front-\(bankName(chip))", frontChart(title, ofChip: chip, image, [.dense, .sparse], energy)),
        (
          "front-\(bankName(chip))-with-encoding",
          frontChart("\(title), with encoding", ofChip: chip, image, [.dense, .sparseWithEncoding], withEncoding)
        ),
        ("throughput-\(bankName(chip))-dense", throughputChart(title, ofChip: chip, image, rows, .dense, time)),
        ("throughput-\(bankName(chip))-sparse", throughputChart(title, ofChip: chip, image, rows, .sparse, time)),
        ("break-even-\(bankName(chip))", inputChart(title, ofChip: chip, image)),
      ]
    }.shown + damageCharts(ofChip: options.chips.first)
  }

  /// Along the dial, medians over the photographs that reach the common objective.
  private func targetChart(ofChip chip: String, _ marks: StatisticMarks) -> Chart {
    Chart(
      "\(bankName(chip)): energy to the common objective along the dial",
      x: dialAxis,
      y: .init("energy (mJ)\(marks.symbols), median", includesZero: true),
      [false, true].map { isSparse in
        let points = options.dial.sorted().compactMap { place -> Chart.Point? in
          let bank = options.dialBank(place)
          let runs = chipRows(chip, bank, isSparse: isSparse)
          let energies = runs.compactMap { run -> Double? in
            guard let state = run["targets"]?[StudyTarget.common.rawValue], state != .null else { return nil }
            return chipMarks(run, .energy).known(state.number("energy"), unit: "J")
          }.filter(\.isFinite)
          guard !energies.isEmpty else { return nil }
          let energy_J = SampleStatistics.median(energies)
          let cost = NumberFormat.engineering(energy_J, unit: "J") + marks.symbols
          return Chart.Point(
            place, 1e3 * energy_J,
            tip: "\(bank.name): \(cost), reached on \(energies.count) of \(runs.count) photographs")
        }
        return Chart.Series(isSparse ? "sparse input" : "dense input", points)
      })
  }

  /// What it costs to send a frame of so many events, relative to all pixels.
  private func inputChart(_ title: String, ofChip chip: String, _ image: String) -> Chart {
    let cell = self[.input(image: image, chip: chip)]
    let rows = cell?["rows"]?.asList ?? []
    return Chart(
      "\(title): a sparse frame beside a dense one", x: .init("events of the sparse frame", isLogarithmic: true),
      y: .init("cost, that of the dense frame = 1", isLogarithmic: true),
      ["synops", "energy", "time"].map { name in
        Chart.Series(
          name,
          rows.map { Chart.Point($0.number("events"), $0.number(name) / (cell?["dense"]?.number(name) ?? .nan)) })
      })
  }

  private func damageCharts(ofChip chip: String?) -> [(name: String, chart: Chart)] {
    guard let chip else { return [] }
    return StudyDamage.ofChips.map { damage in
      let series = options.damagedBanks.map { bank in
        let curves = chipImages.compactMap {
          self[.chipDamage(image: $0, bank: bank, chip: chip)]?.numbers(damage.name)
        }.filter { $0.count == damage.levels.count }
        return Chart.Series(bank.name, zip(damage.levels, medians(curves)).map { Chart.Point($0, $1.value) })
      }
      return (
        "chip-damage-\(damage.name)",
        Chart(
          "Damage on \(bankName(chip)): \(damage.label)\(damage.isRandom ? ", one draw" : "")",
          x: .init(damage.label, includesZero: damage.isRandom),
          y: .init("PSNR (dB), median over photographs"), series)
      )
    }.shown
  }

  private func energyAxis(_ marks: StatisticMarks) -> Chart.Axis {
    .init("energy (mJ)\(marks.symbols)", isLogarithmic: true)
  }

  private func energyChart(_ title: String, _ rows: [JSONValue], _ marks: StatisticMarks) -> Chart {
    let learnt = StudyBank(origin: .learnt(options.heterogeneous.name))
    let names = (options.dialEnds + [learnt]).map(\.name)
    let shown = rows.filter { names.contains($0["bank"]?.asText ?? "") }
    return Chart(
      "\(title): energy against PSNR, step by step", x: energyAxis(marks), y: .init("PSNR (dB)"),
      shown.map { row in
        Chart.Series(
          "\(row["bank"]?.asText ?? ""), \(row["input"]?.asText ?? "")",
          (row["curve"]?.asList ?? []).map { Chart.Point(1e3 * $0.number("energy"), $0.number("psnr")) })
      })
  }

  private func frontChart(
    _ title: String, ofChip chip: String, _ image: String, _ inputs: [StudyFront.Input], _ marks: StatisticMarks
  ) -> Chart {
    let fronts = energyFronts.filter {
      $0.chip == bankName(chip) && $0.image == bankName(image) && inputs.contains($0.input)
    }
    return Chart(
      "\(title): Pareto fronts of energy and PSNR", x: energyAxis(marks), y: .init("PSNR (dB)"),
      fronts.map { front in
        Chart.Series(
          front.title,
          front.points.map { point in
            let (energy, psnr) = (point.energy_J, point.state.number("psnr"))
            let quality = StudyTable.shown(.number(psnr, digits: 2))
            let cost = NumberFormat.engineering(energy, unit: "J") + point.energyMarks.symbols
            return Chart.Point(
              1e3 * energy, psnr,
              tip: "\(point.bank), step \(Int(point.state.number("step"))): \(quality) dB for \(cost)")
          })
      })
  }

  /// A series for each bank, so that its point is named where nothing can be pointed at.
  private func throughputChart(
    _ title: String, ofChip chip: String, _ image: String, _ rows: [JSONValue], _ input: StudyFront.Input,
    _ marks: StatisticMarks
  ) -> Chart {
    func point(_ bank: String, _ state: JSONValue) -> Chart.Point {
      let (sparseness, throughput) = (state.number("sparseness"), 1 / state.number("time"))
      let rate = NumberFormat.engineering(throughput, unit: "1/s") + marks.symbols
      return Chart.Point(
        sparseness, throughput,
        tip: "\(bank): sparseness \(StudyTable.shown(.number(sparseness, digits: 4))), \(rate)")
    }
    let reached = rows.compactMap { row -> Chart.Series? in
      guard row["input"]?.asText?.hasPrefix("sparse") == input.isSparse,
        let state = row["targets"]?[StudyTarget.common.rawValue], state != .null
      else { return nil }
      let bank = row["bank"]?.asText ?? ""
      return Chart.Series(bank, [point(bank, state)], style: .points)
    }
    let fronts = throughputFronts.filter {
      $0.chip == bankName(chip) && $0.image == bankName(image) && $0.points.count > 1 && $0.input == input
    }
    return Chart(
      "\(title): throughput against sparseness, \(input.rawValue) input, at the common objective",
      x: .init("sparseness of the chip's code"),
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
  fileprivate var title: String { "\(isOfAllBanks ? "all banks" : "the dial"), \(input.rawValue)" }
}
