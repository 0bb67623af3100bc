import Foundation
import KernelBanks
import Reports
import SparseCoding

/// The tables of a study.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  private var homogeneous: StudyBank { StudyBank(origin: .dial(0)) }
  private var heterogeneous: StudyBank { StudyBank(origin: .dial(1)) }

  var tables: [StudyTable] {
    [
      banksTable, publishedTable, pruningTable, relativePruningTable, convergenceTable, certifiedTable,
      equalSparsenessTable, orientationTable, bandwidthTable, amplitudeTable, localTable, damageTable, learningTable,
      refitTable,
    ].filter { !$0.rows.isEmpty } + chipTables
  }

  func table(_ name: String) -> StudyTable? { tables.first { $0.name == name } }

  // MARK: Banks

  private var banksTable: StudyTable {
    let rows = options.banks.compactMap { bank -> [Cell]? in
      guard let kernels = try? BankFile.read(bank.path(in: options.output)) else { return nil }
      let summary = BankSummary(kernels)
      return [
        .text(bank.name), .number(summary.meanBandwidth_deg ?? .nan, digits: 1),
        .number(summary.bandwidthSpread_deg ?? .nan, digits: 1), .number(summary.orientationCoverage, digits: 3),
        .number(summary.coherence, digits: 4), .number(summary.largestGramEigenvalues.first ?? .nan, digits: 1),
        .number(summary.largestGramEigenvalues.last ?? .nan, digits: 1),
      ]
    }
    return StudyTable(
      name: "banks", title: "Banks",
      columns: [
        "bank", "mean B_θ (°)", "spread of B_θ (°)", "orientation coverage", "coherence", "λ_max, stride 1",
        "λ_max, stride 2",
      ], rows: rows)
  }

  // MARK: The published protocol

  private func probability(_ a: [JSONValue], _ b: [JSONValue], _ name: String) -> Cell {
    .number(SampleStatistics.mannWhitney(a.map { $0.number(name) }, b.map { $0.number(name) }).p, digits: 4)
  }

  private var publishedTable: StudyTable {
    let reference = published(homogeneous)
    let rows = options.studyBanks.compactMap { bank -> [Cell]? in
      let cells = published(bank)
      guard !cells.isEmpty else { return nil }
      return [
        .text(bank.name), .number(Double(cells.count), digits: 0),
        .estimate(median(cells.map { $0.number("sparseness") }), digits: 4),
        .estimate(median(cells.map { $0.number("psnr") }), digits: 2),
        .estimate(median(cells.map { $0.number("ssim") }), digits: 4),
        probability(reference, cells, "sparseness"), probability(reference, cells, "psnr"),
      ]
    }
    return StudyTable(
      name: "published",
      title: "The study's protocol: ADMM, 100 iterations, λ = 0.01, stride 1, peak norm (learnt kernels: unit norm)",
      columns: [
        "bank", "images", "sparseness", "PSNR (dB)", "SSIM", "p, sparseness ≠ homogeneous", "p, PSNR ≠ homogeneous",
      ], rows: rows)
  }

  private func pruning(_ name: String, _ title: String, _ prefix: String, _ levels: [Double]) -> StudyTable {
    let rows = options.studyBanks.flatMap { bank -> [[Cell]] in
      let cells = published(bank)
      let sparseness = medians(cells.map { $0.numbers("\(prefix)_sparseness") })
      let psnr = medians(cells.map { $0.numbers("\(prefix)_psnr") })
      return zip(levels, zip(sparseness, psnr)).map { level, pair in
        [.text(bank.name), .number(level, digits: 3), .estimate(pair.0, digits: 4), .estimate(pair.1, digits: 2)]
      }
    }
    return StudyTable(name: name, title: title, columns: ["bank", "threshold", "sparseness", "PSNR (dB)"], rows: rows)
  }

  private var pruningTable: StudyTable {
    pruning("pruning", "Pruning |a| < threshold, the study's protocol", "pruning", StudyWorker.thresholds)
  }

  private var relativePruningTable: StudyTable {
    pruning(
      "relative-pruning", "Pruning |a| < threshold × max |a|, the study's protocol", "relative_pruning",
      [0, 0.125, 0.25, 0.5])
  }

  private var convergenceTable: StudyTable {
    let problems = [("published", "peak norm, λ = 0.01"), ("unit", "unit norm, λ = 0.1")]
    let rows = problems.flatMap { key, title in
      ["100", "300", "1000", "certified"].flatMap { limit -> [[Cell]] in
        [homogeneous, heterogeneous].compactMap { bank in
          let cells = images.compactMap { self[.convergence(image: $0, bank: bank)]?["\(key)-\(limit)"] }
          guard !cells.isEmpty else { return nil }
          return [
            .text(title), .text(limit == "certified" ? "certified, \(options.relativeGap * 100) %" : "ADMM, \(limit)"), .text(bank.name),
            .estimate(median(cells.map { $0.number("sparseness") }), digits: 4),
            .estimate(median(cells.map { $0.number("psnr") }), digits: 2),
            .estimate(median(cells.map { $0.number("objective") / $0.number("pixels") }), digits: 5),
          ]
        }
      }
    }
    return StudyTable(
      name: "convergence",
      title:
        "What more iterations change (stride 1, circular, \(options.convergenceCrop) × \(options.convergenceCrop))",
      columns: ["problem", "solver, iterations", "bank", "sparseness", "PSNR (dB)", "objective a pixel"], rows: rows)
  }

  // MARK: Certified codes

  private var certifiedTable: StudyTable {
    let rows = options.lambdas.sorted().flatMap { lambda -> [[Cell]] in
      let reference = codes(homogeneous, lambda)
      return options.banks.compactMap { bank in
        let cells = codes(bank, lambda)
        guard !cells.isEmpty else { return nil }
        return [
          .number(lambda, digits: 2), .text(bank.name), .number(Double(cells.count), digits: 0),
          .estimate(median(cells.map { $0.number("sparseness") }), digits: 4),
          .estimate(median(cells.map { $0.number("psnr") }), digits: 2),
          .estimate(median(cells.map { $0.number("ssim") }), digits: 4),
          .estimate(median(cells.map { $0.number("dual") / $0.number("pixels") }), digits: 5),
          probability(reference, cells, "sparseness"), probability(reference, cells, "psnr"),
        ]
      }
    }
    return StudyTable(
      name: "certified", title: "Certified optima: unit norm, stride 2, gap \(options.relativeGap * 100) %, \(options.codedArea)",
      columns: [
        "λ", "bank", "images", "sparseness", "PSNR (dB)", "SSIM", "dual value a pixel", "p, sparseness ≠ homogeneous",
        "p, PSNR ≠ homogeneous",
      ], rows: rows)
  }

  private var equalSparsenessTable: StudyTable {
    let reference = psnrAtEqualSparseness(homogeneous)
    let heldOut = Set((try? options.learningImages().heldOut.map(bankName)) ?? [])
    let isHeldOut = images.map { heldOut.contains(bankName($0)) }
    let rows = options.banks.compactMap { bank -> [Cell]? in
      let values = psnrAtEqualSparseness(bank)
      guard values.count == reference.count, values.contains(where: \.isFinite) else { return nil }
      let gains = zip(values, reference).map { $0 - $1 }
      let judged = zip(gains, isHeldOut).filter { $0.1 && $0.0.isFinite }.map(\.0)
      return [
        .text(bank.name), .number(Double(values.filter(\.isFinite).count), digits: 0),
        .estimate(median(values), digits: 2), .estimate(median(gains), digits: 2),
        .number(Double(gains.filter { $0 > 0 }.count), digits: 0), .estimate(median(judged), digits: 2),
      ]
    }
    return StudyTable(
      name: "equal-sparseness",
      title: "PSNR at equal sparseness: that of the homogeneous bank at λ = \(options.middleLambda)",
      columns: [
        "bank", "images", "PSNR (dB)", "gain over homogeneous (dB)", "images that gain",
        "gain on images not learnt from (dB)",
      ], rows: rows)
  }

  // MARK: Orientations, bandwidths, amplitudes

  private var orientationTable: StudyTable {
    let sources: [(String, (StudyBank) -> [JSONValue])] = [
      ("published", published), ("certified", { codes($0, options.middleLambda) }),
    ]
    let rows = sources.flatMap { name, cells in
      options.studyBanks.compactMap { bank -> [Cell]? in
        let histogram = mean(cells(bank).map { $0.numbers("orientations") }.filter { !$0.isEmpty })
        guard histogram.count == 72 else { return nil }
        // Banks of few orientations leave bins empty; the fit is of those in use.
        let used = histogram.indices.filter { histogram[$0] > 0 }
        let step = used.count < 36 ? 72 / max(1, used.count) : 1
        let fit = CardinalFit(histogram: stride(from: 0, to: 72, by: step).map { histogram[$0] })
        return [
          .text(name), .text(bank.name), .number(histogram[0], digits: 3), .number(histogram[36], digits: 3),
          .number(fit.concentrations[0], digits: 1), .number(fit.concentrations[1], digits: 1),
        ]
      }
    }
    return StudyTable(
      name: "orientations", title: "Share of Σ|a| at the cardinal orientations, and the concentration κ of both peaks",
      columns: ["code", "bank", "share at 0°", "share at 90°", "κ at 0°", "κ at 90°"], rows: rows)
  }

  private var bandwidthTable: StudyTable {
    let cells = codes(heterogeneous, options.middleLambda)
    let bandwidths = cells.first?.numbers("bandwidths") ?? []
    let certified = medians(cells.map { $0.numbers("bandwidth_shares") })
    let protocolShares = medians(published(heterogeneous).map { $0.numbers("bandwidth_shares") })
    guard certified.count == bandwidths.count else {
      return StudyTable(name: "bandwidths", title: "", columns: [], rows: [])
    }
    return StudyTable(
      name: "bandwidths", title: "Which bandwidths the heterogeneous bank's codes use, share of Σ|a|",
      columns: ["B_θ (°)", "certified", "published"],
      rows: bandwidths.indices.map { place in
        [
          .number(bandwidths[place], digits: 0), .estimate(certified[place], digits: 3),
          protocolShares.indices.contains(place) ? .estimate(protocolShares[place], digits: 3) : .text("–"),
        ]
      })
  }

  private var amplitudeTable: StudyTable {
    let sources: [(String, (StudyBank) -> [JSONValue])] = [
      ("published", published), ("certified", { codes($0, options.middleLambda) }),
    ]
    let rows = sources.flatMap { name, cells in
      options.studyBanks.flatMap { bank -> [[Cell]] in
        let moments = amplitudes(cells(bank))
        guard moments.count > 0 else { return [] }
        let fits = AmplitudeFit.Law.allCases.map { AmplitudeFit($0, moments) }
        let best = fits.map(\.bic).min() ?? 0
        return fits.map { fit in
          [
            .text(name), .text(bank.name), .text(fit.law.rawValue), .number(fit.power, digits: 3),
            .number(fit.rate, digits: 3), .number(fit.bic - best, digits: 0),
          ]
        }
      }
    }
    return StudyTable(
      name: "amplitudes", title: "Magnitudes from 0.01 to 1: density ∝ x^−power · e^(−rate x), most likely parameters",
      columns: ["code", "bank", "law", "power", "rate", "BIC above the best"], rows: rows)
  }

  private var localTable: StudyTable {
    let rows = options.banks.compactMap { bank -> [Cell]? in
      let cells = codes(bank, options.middleLambda).filter { !$0.numbers("cell_bandwidth").isEmpty }
      guard !cells.isEmpty else { return nil }
      func correlations(_ name: String) -> [Double] {
        cells.map { SampleStatistics.rankCorrelation($0.numbers(name), $0.numbers("cell_bandwidth")) }
      }
      return [
        .text(bank.name), .number(Double(cells.reduce(0) { $0 + $1.numbers("cell_bandwidth").count }), digits: 0),
        .estimate(median(correlations("cell_variance")), digits: 3),
        .estimate(median(correlations("cell_tensor_spread")), digits: 3),
        .number(Double(correlations("cell_variance").filter { $0 > 0 }.count), digits: 0),
      ]
    }
    return StudyTable(
      name: "local",
      title:
        "Does B_θ follow the image? Rank correlation over cells of 32 × 32 of mean B_θ with the spread of orientations",
      columns: [
        "bank", "cells", "with circular variance", "with spread of the structure tensor", "images above 0",
      ], rows: rows)
  }

  // MARK: Damage

  /// A row for each damage, bank and level, of curves of PSNR that begin without damage.
  func damageRows(
    _ damages: [(name: String, label: String, levels: [Double])], curves: (StudyBank, _ damage: String) -> [[Double]],
    cell: (Estimate) -> StudyTable.Cell
  ) -> [[StudyTable.Cell]] {
    damages.flatMap { damage in
      options.studyBanks.flatMap { bank -> [[Cell]] in
        let curves = curves(bank, damage.name).filter { $0.count == damage.levels.count }
        guard !curves.isEmpty else { return [] }
        let psnr = medians(curves)
        let losses = medians(curves.map { curve in curve.map { curve[0] - $0 } })
        return damage.levels.indices.map { place in
          [
            .text(damage.label), .number(damage.levels[place], digits: 2), .text(bank.name), cell(psnr[place]),
            cell(losses[place]),
          ]
        }
      }
    }
  }

  private var damageTable: StudyTable {
    let rows = damageRows(
      StudyWorker.damages,
      curves: { bank, damage in codes(bank, options.middleLambda).map { $0.numbers("damage_\(damage)") } },
      cell: { .estimate($0, digits: 2) })
    return StudyTable(
      name: "damage", title: "Damage to certified codes, λ = \(options.middleLambda)",
      columns: ["damage", "level", "bank", "PSNR (dB)", "loss (dB)"], rows: rows)
  }

  // MARK: Learning

  private var learningTable: StudyTable {
    let rows = StudyBank.starts.flatMap { start -> [[Cell]] in
      guard let cell = self[.learn(start: start)] else { return [] }
      let (steps, objective, psnr) = (cell.numbers("steps"), cell.numbers("objective"), cell.numbers("psnr"))
      return steps.indices.map { place in
        [
          .text(start), .number(steps[place], digits: 0), .number(objective[place], digits: 5),
          .number(psnr[place], digits: 2),
        ]
      }
    }
    return StudyTable(
      name: "learning", title: "Learning, judged on photographs not learnt from (λ = 0.1, stride 2)",
      columns: ["start", "steps", "objective a pixel", "PSNR (dB)"], rows: rows)
  }

  private var refitTable: StudyTable {
    let rows = StudyBank.starts.flatMap { start -> [[Cell]] in
      guard let cell = self[.learn(start: start)] else { return [] }
      return ["before", "after"].map { time in
        let widths = cell.numbers("bandwidth_\(time)").sorted()
        let thetas = cell.numbers("theta_\(time)")
        // Within 5° of 0° or 90°; 2/9 of all if orientations were even.
        let cardinal = thetas.filter {
          min($0.truncatingRemainder(dividingBy: 90), 90 - $0.truncatingRemainder(dividingBy: 90)) <= 5
        }
        let count = Double(max(1, widths.count))
        return [
          .text(start), .text(time), .number(SampleStatistics.median(widths), digits: 1),
          .number(Double(widths.filter { $0 < 8 }.count) / count, digits: 3),
          .number(Double(widths.filter { $0 > 27 }.count) / count, digits: 3),
          .number(Double(cardinal.count) / count, digits: 3),
          .number(SampleStatistics.median(cell.numbers("explained_\(time)")), digits: 3),
        ]
      }
    }
    return StudyTable(
      name: "refit", title: "Log-Gabors that resemble the kernels, before and after learning",
      columns: [
        "start", "learning", "median B_θ (°)", "share below 8°", "share above 27°", "share within 5° of 0° or 90°",
        "median share of energy explained",
      ], rows: rows)
  }
}
