import Foundation
import Reports

/// The tables of certified codes.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  var certifiedTable: StudyTable {
    let rows = options.lambdas.sorted().flatMap { lambda -> [[Cell]] in
      let reference = codes(.homogeneous, lambda)
      return options.banks.compactMap { bank in
        let cells = codes(bank, lambda)
        guard !cells.isEmpty else { return nil }
        return [
          .number(lambda, digits: 2), .text(bank.name),
          .estimate(median(cells.map { $0.number("sparseness") }), digits: 4),
          .estimate(median(cells.map { $0.number("psnr") }), digits: 2),
          .estimate(median(cells.map { $0.number("ssim") }), digits: 4),
          .estimate(median(cells.map { $0.number("dual") / $0.number("pixels") }), digits: 5),
          .estimate(median(cells.map(Self.gap)), digits: 5),
          probability(bank, cells, reference, "sparseness"), probability(bank, cells, reference, "psnr"),
        ]
      }
    }
    return StudyTable(
      name: "certified",
      title: "Certified optima: unit norm, stride \(StudyProtocol.stride), gap \(options.relativeGap * 100) %, "
        + "\(options.codedArea)",
      columns: [
        "λ", "bank", "sparseness", "PSNR (dB)", "SSIM", "dual value a pixel", "certified gap",
        "p, sparseness ≠ homogeneous", "p, PSNR ≠ homogeneous",
      ], rows: rows)
  }

  var equalSparsenessTable: StudyTable {
    let reference = psnrAtEqualSparseness(.homogeneous)
    let isHeldOut = images.map { heldOut.contains($0) }
    let rows = options.banks.compactMap { bank -> [Cell]? in
      let values = psnrAtEqualSparseness(bank)
      guard values.count == reference.count, values.contains(where: \.isFinite) else { return nil }
      let gains = zip(values, reference).map { $0 - $1 }
      let judged = zip(gains, isHeldOut).filter(\.1).map(\.0)
      var row: [Cell] = [
        .text(bank.name), .estimate(median(values), digits: 2), .estimate(median(gains), digits: 2),
        .number(Double(gains.filter { $0 > 0 }.count), digits: 0),
      ]
      if !heldOut.isEmpty { row.append(.estimate(median(judged), digits: 2)) }
      return row
    }
    return StudyTable(
      name: "equal-sparseness",
      title: "PSNR at equal sparseness: that of the homogeneous bank at λ = \(options.middleLambda)",
      columns: ["bank", "PSNR (dB)", "gain over homogeneous (dB)", "photographs that gain"]
        + (heldOut.isEmpty ? [] : ["gain on photographs not learnt from (dB)"]),
      rows: rows)
  }
}
