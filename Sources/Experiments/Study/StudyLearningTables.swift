import Foundation
import KernelBanks
import Reports

/// The tables of learning.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  var learningTable: StudyTable {
    let rows = options.starts.flatMap { start -> [[Cell]] in
      looks(from: start).map { look in
        [
          .text(start), .number(look.step, digits: 0), .number(Double(max(1, heldOut.count)), digits: 0),
          .number(look.objective, digits: 5), .number(look.psnr, digits: 2),
        ]
      }
    }
    return StudyTable(
      name: "learning",
      title: "Learning, judged on \(learningJudges) (λ = \(StudyProtocol.learning.lambda), "
        + "stride \(StudyProtocol.stride))",
      columns: ["start", "steps", "photographs", "objective a pixel", "PSNR (dB)"], rows: rows)
  }

  /// What shows whether learning helps, in words.
  var learningJudges: String {
    heldOut.isEmpty ? "the photograph learnt from, as there is no other" : "photographs not learnt from"
  }

  /// Which kernels are taken together, in words.
  var foldsNote: String { folds.all.count > 1 ? " (kernels of all \(folds.all.count) folds)" : "" }

  var refitTable: StudyTable {
    let rows = options.starts.flatMap { start -> [[Cell]] in
      let cells = learning(from: start)
      guard !cells.isEmpty else { return [] }
      return ["before", "after"].map { time in
        let explained = cells.flatMap { $0.numbers("explained_\(time)") }
        func known(_ name: String) -> [Double] {
          zip(cells.flatMap { $0.numbers("\(name)_\(time)") }, explained).filter { $0.1 >= LogGaborFit.leastExplained }
            .map(\.0)
        }
        let (widths, thetas) = (known("bandwidth"), known("theta"))
        // No orientation of a design is so far from them that rounding could decide.
        let cardinal = thetas.filter {
          min($0.truncatingRemainder(dividingBy: 90), 90 - $0.truncatingRemainder(dividingBy: 90)) <= 6.25
        }
        let count = widths.isEmpty ? .nan : Double(widths.count)
        return [
          .text(start), .text(time), .number(Double(widths.count) / Double(max(1, explained.count)), digits: 3),
          .number(SampleStatistics.median(widths), digits: 1),
          .number(Double(widths.filter { $0 < 8 }.count) / count, digits: 3),
          .number(Double(widths.filter { $0 > 27 }.count) / count, digits: 3),
          .number(Double(cardinal.count) / count, digits: 3),
          .number(SampleStatistics.median(explained), digits: 3),
        ]
      }
    }
    return StudyTable(
      name: "refit",
      title: "Log-Gabors that resemble the kernels, before and after learning\(foldsNote)",
      columns: [
        "start", "learning", "kernels explained to half", "median B_θ (°)", "share below 8°", "share above 27°",
        "share within 6.25° of 0° or 90° (uniform: 0.139)",
        "median share of energy explained",
      ], rows: rows)
  }
}
