import Foundation
import KernelBanks
import SparseCoding

/// What histograms, fits and correlations of other tables rest on: long lists, as files only.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  /// Which orientations codes use, in bins of 2.5°: what the shares and fits of `orientations` are of.
  var orientationHistogramTable: StudyTable {
    let rows = codeSources.flatMap { source in
      source.banks.flatMap { bank -> [[Cell]] in
        let histograms = source.cells(bank).map { $0.numbers("orientations") }.filter { !$0.isEmpty }
        return mean(histograms).enumerated().map { bin, share in
          [
            .text(source.title), .text(bank.name), .number(Double(histograms.count), digits: 0),
            .number(2.5 * Double(bin), digits: 1), .number(share, digits: 4),
          ]
        }
      }
    }
    return StudyTable(
      name: "orientation-histogram",
      title: "Orientations in bins of 2.5°, share of Σ|a|, mean over photographs. \(codeSettings)",
      columns: ["code", "bank", "photographs", "θ (°)", "share"], rows: rows, isInPage: false)
  }

  /// How many coefficients of all photographs lie in each bin of magnitude.
  var amplitudeHistogramTable: StudyTable {
    let ends = AmplitudeFit.binEnds
    let rows = codeSources.flatMap { source in
      source.banks.flatMap { bank -> [[Cell]] in
        let cells = source.cells(bank)
        guard !cells.isEmpty else { return [] }
        return amplitudeHistogram(cells).enumerated().map { bin, count in
          [
            .text(source.title), .text(bank.name), .number(Double(cells.count), digits: 0),
            .number(ends[bin], digits: 4),
            .number(ends[bin + 1], digits: 4), .number(count, digits: 0),
          ]
        }
      }
    }
    return StudyTable(
      name: "amplitude-histogram",
      title: "Magnitudes from 0.01 to 1: coefficients of all photographs in each bin. \(codeSettings)",
      columns: ["code", "bank", "photographs", "|a| from", "|a| below", "coefficients"], rows: rows, isInPage: false)
  }

  /// What the correlations of `local` are of.
  var localCellTable: StudyTable {
    let rows = codeSources.flatMap { source in
      source.banks.flatMap { bank in
        images.flatMap { image -> [[Cell]] in
          guard let cell = source.cell(image, bank) else { return [] }
          let values = ["cell_top", "cell_left", "cell_variance", "cell_tensor_spread", "cell_bandwidth"].map(
            cell.numbers)
          return values[0].indices.map { place in
            [.text(source.title), .text(bank.name), .text(bankName(image))]
              + zip(values, [0, 0, 4, 4, 2]).map { .number($0[place], digits: $1) }
          }
        }
      }
    }
    return StudyTable(
      name: "local-cells",
      title: "Every cell of 32 × 32 pixels: how oriented it is, and which B_θ its code uses. \(codeSettings)",
      columns: [
        "code", "bank", "photograph", "top (pixels)", "left (pixels)", "circular variance",
        "spread of the structure tensor", "mean B_θ (°)",
      ], rows: rows, isInPage: false)
  }

  /// What the rows of `refit` are of.
  var refitKernelTable: StudyTable {
    let rows = options.starts.flatMap { start -> [[Cell]] in
      learning(from: start).enumerated().flatMap { fold, cell in
        ["before", "after"].flatMap { time in
          let values = ["theta", "bandwidth", "explained"].map { cell.numbers("\($0)_\(time)") }
          return values[0].indices.map { kernel -> [Cell] in
            [
              .text(start), .number(Double(fold + 1), digits: 0), .text(time), .number(Double(kernel), digits: 0),
            ] + zip(values, [1, 1, 3]).map { .number($0[kernel], digits: $1) }
          }
        }
      }
    }
    return StudyTable(
      name: "refit-kernels", title: "Every kernel before and after learning, and the log-Gabor that resembles it most",
      columns: ["start", "fold", "learning", "kernel", "θ (°)", "B_θ (°)", "share of energy explained"], rows: rows,
      isInPage: false)
  }
}
