import Foundation
import KernelBanks
import Reports
import SparseCoding

/// The tables of what codes are made of: orientations, bandwidths, amplitudes.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  var orientationTable: StudyTable {
    let rows = codeSources.flatMap { source in
      source.banks.compactMap { bank -> [Cell]? in
        let cells = source.cells(bank)
        let histogram = mean(cells.map { $0.numbers("orientations") }.filter { !$0.isEmpty })
        guard histogram.count == 72, let kernels = try? BankFile.read(bank.path(in: options.output)) else { return nil }
        let thetas = (kernels.knownDesigns ?? []).compactMap { $0?.theta }
        // Banks of several folds have kernels at other orientations each.
        let isOneBank = !bank.isLearnt || folds.all.count == 1
        let peaks = isOneBank ? CardinalPeaks(histogram: histogram, orientations: thetas) : nil
        let places = bank.isLearnt ? histogram.count : Set(thetas).count
        return [
          .text(source.title), .text(bank.title), .number(Double(cells.count), digits: 0),
          .number(mean(cells.map { [$0.number("known_share")] })[0], digits: 2),
          .number(histogram[0], digits: 3), .number(histogram[36], digits: 3), .number(1 / Double(places), digits: 3),
          .number(peaks?.concentrations[0] ?? .nan, digits: 1), .number(peaks?.concentrations[1] ?? .nan, digits: 1),
          .number(peaks?.largestConcentrations[0] ?? .nan, digits: 0),
          .number(peaks?.largestConcentrations[1] ?? .nan, digits: 0),
          .text(peaks?.doubts.map { $0?.rawValue ?? "–" }.joined(separator: ", ") ?? "of several banks"),
        ]
      }
    }
    return StudyTable(
      name: "orientations",
      title:
        "Share of Σ|a| at the cardinal orientations, beside that of each if all of the bank's orientations (of a "
        + "learnt bank: all bins of 2.5°) had the same, and the concentration κ of both peaks as far as it is "
        + "resolved. \(codeSettings)",
      columns: [
        "code", "bank", "photographs", "share of Σ|a| with a known θ", "share at 0°", "share at 90°",
        "share of each if uniform", "κ at 0°", "κ at 90°", "largest κ resolved at 0°", "largest κ resolved at 90°",
        "without κ at 0°, 90°",
      ], rows: rows)
  }

  var bandwidthTable: StudyTable {
    let cells = codes(options.heterogeneous, options.middleLambda)
    let bandwidths = cells.first?.numbers("bandwidths") ?? []
    let certified = medians(cells.map { $0.numbers("bandwidth_shares") })
    let protocolShares = medians(published(options.heterogeneous).map { $0.numbers("bandwidth_shares") })
    guard certified.count == bandwidths.count else {
      return StudyTable(name: "bandwidths", title: "", columns: [], rows: [])
    }
    return StudyTable(
      name: "bandwidths",
      title: "Which bandwidths the \(options.heterogeneous.name) bank's codes use, share of Σ|a|. \(codeSettings)",
      columns: ["B_θ (°)", "certified", "study's protocol"],
      rows: bandwidths.indices.map { place in
        [
          .number(bandwidths[place], digits: 0), .estimate(certified[place], digits: 3),
          protocolShares.indices.contains(place) ? .estimate(protocolShares[place], digits: 3) : .missing,
        ]
      })
  }

  var amplitudeTable: StudyTable {
    let rows = codeSources.flatMap { source in
      source.banks.flatMap { bank -> [[Cell]] in
        let cells = source.cells(bank)
        let moments = amplitudes(cells)
        guard moments.count > 0 else { return [] }
        let fits = AmplitudeFit.Law.allCases.map { AmplitudeFit($0, moments) }
        let best = fits.map(\.bic).min() ?? 0
        return fits.map { fit in
          [
            .text(source.title), .text(bank.title), .number(Double(cells.count), digits: 0), .text(fit.law.rawValue),
            .number(fit.power, digits: 3), .number(fit.rate, digits: 3), .number(fit.bic - best, digits: 0),
          ]
        }
      }
    }
    return StudyTable(
      name: "amplitudes",
      title: "Magnitudes from 0.01 to 1: density ∝ x^−power · e^(−rate x), most likely parameters. \(codeSettings)",
      columns: ["code", "bank", "photographs", "law", "power", "rate", "BIC above the best"], rows: rows)
  }

  var localTable: StudyTable {
    let rows = codeSources.flatMap { source in
      source.banks.compactMap { bank -> [Cell]? in
        let cells = source.cells(bank).filter { !$0.numbers("cell_bandwidth").isEmpty }
        guard !cells.isEmpty else { return nil }
        func correlations(_ name: String) -> [Double] {
          cells.map { SampleStatistics.rankCorrelation($0.numbers(name), $0.numbers("cell_bandwidth")) }
        }
        return [
          .text(source.title), .text(bank.title),
          .number(Double(cells.reduce(0) { $0 + $1.numbers("cell_bandwidth").count }), digits: 0),
          .estimate(median(correlations("cell_variance")), digits: 3),
          .estimate(median(correlations("cell_tensor_spread")), digits: 3),
          .number(Double(correlations("cell_variance").filter { $0 > 0 }.count), digits: 0),
        ]
      }
    }
    return StudyTable(
      name: "local",
      title:
        "Does B_θ follow the image? Rank correlation over cells of 32 × 32 of mean B_θ, weighted by |a|, with the "
        + "spread of orientations. \(codeSettings)",
      columns: [
        "code", "bank", "cells", "with circular variance", "with spread of the structure tensor", "images above 0",
      ], rows: rows)
  }
}
