import Foundation
import Reports

/// The tables of how good codes are.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  /// By the study's protocol, and certified at each λ.
  var qualityTable: StudyTable {
    let sources = [protocolCodes] + options.lambdas.sorted().map(certifiedCodes)
    return StudyTable(
      name: "quality",
      title:
        "Codes by the study's protocol (ADMM, \(StudyProtocol.publishedIterations) iterations, stride 1, peak norm, "
        + "learnt kernels unit norm, \(area)) and certified optima (unit norm, stride \(StudyProtocol.stride), "
        + "gap \(options.relativeGap * 100) %, \(options.codedArea))",
      columns: [
        "code", "λ", "bank", "sparseness", "PSNR (dB)", "SSIM", "objective a pixel", "dual value a pixel",
        "certified gap",
      ] + ["sparseness", "PSNR", "SSIM"].map { "p, \($0) ≠ \(options.homogeneous.name)" },
      rows: sources.flatMap { source in source.banks.compactMap { qualityRow(source, $0) } })
  }

  private func qualityRow(_ source: StudyCodeSource, _ bank: StudyBank) -> [Cell]? {
    let (cells, reference) = (source.cells(bank), source.cells(options.homogeneous))
    guard !cells.isEmpty else { return nil }
    func estimate(_ digits: Int, _ value: (JSONValue) -> Double) -> Cell {
      .estimate(median(cells.map(value)), digits: digits)
    }
    return [
      .text(source.title), .number(source.lambda, digits: 2), .text(bank.title),
      estimate(4) { $0.number("sparseness") }, estimate(2) { $0.number("psnr") }, estimate(4) { $0.number("ssim") },
      estimate(5) { $0.number("objective") / $0.number("pixels") },
      estimate(5) { $0.number("dual") / $0.number("pixels") }, estimate(5, Self.gap),
      probability(bank, cells, reference, "sparseness"), probability(bank, cells, reference, "psnr"),
      probability(bank, cells, reference, "ssim"),
    ]
  }

  var equalSparsenessTable: StudyTable {
    let reference = psnrAtEqualSparseness(options.homogeneous)
    let isHeldOut = images.map { heldOut.contains($0) }
    let rows = options.banks.compactMap { bank -> [Cell]? in
      let values = psnrAtEqualSparseness(bank)
      guard values.count == reference.count else { return nil }
      let gains = zip(values, reference).map { $0 - $1 }
      let judged = zip(gains, isHeldOut).filter(\.1).map(\.0)
      var row: [Cell] = [
        .text(bank.name), .number(Double(gains.filter(\.isFinite).count), digits: 0),
        .estimate(median(values), digits: 2), .estimate(median(gains), digits: 2),
        .number(Double(gains.filter { $0 > 0 }.count), digits: 0),
        .estimate(median(interpolationErrors(bank)), digits: 2),
      ]
      if !heldOut.isEmpty { row.append(.estimate(median(judged), digits: 2)) }
      return row
    }
    return StudyTable(
      name: "equal-sparseness",
      title:
        "PSNR at equal sparseness: that of the \(options.homogeneous.name) bank at λ = \(options.middleLambda), on the "
        + "photographs where the bank has codes on both sides of it, of \(images.count); more values of λ give more of "
        + "them. Interpolated between λ, straight in −log(1 − non-zeros / pixels); an indication of what that errs by is "
        + "how far it is from the code at the middle λ, were that left out",
      columns: [
        "bank", "photographs", "PSNR (dB)", "gain over \(options.homogeneous.name) (dB)", "photographs that gain",
        "absolute error of interpolation without the middle λ (dB)",
      ]
        + (heldOut.isEmpty ? [] : ["gain on photographs not learnt from (dB)"]),
      rows: rows)
  }
}
