import DataFiles
import Foundation
import KernelBanks
import SparseCoding
import TestSupport
import Testing

@Suite struct ADMMTests {
  static let photographs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("photographs").path

  @Test(
    .enabled(if: PythonOracle.isAvailable, "needs sporco; run by make test"),
    arguments: [("camera", BankDesign.homogeneous), ("grass", BankDesign.heterogeneous)])
  func theStudysProtocolIsThatOfSporco(image: String, design: BankDesign) throws {
    var design = design
    design.norm = .peak
    let problem = try LassoProblem(
      image: .prepared(contentsOf: "\(Self.photographs)/\(image).png", crop: Crop(size: 64)), bank: design.bank(),
      lambda: 0.01, boundary: .circular)
    let ours = try problem.solveByADMM()
    var archive = problem.archive
    archive.arrays["iterations"] = NumPyArray(100)
    let expected = try PythonOracle.archive("study_protocol.py", input: archive)
    let objective = try expected.number("objective")
    #expect(ours.iterations == (try expected.integer("iterations")))
    #expect(abs(ours.solution.certificate.primal - objective) < 1e-3 * objective)
    #expect(abs(ours.solution.code.sparseness - (try expected.number("sparseness"))) < 1e-4)
    let quality = try Quality(
      of: problem.synthesisOperator.synthesis(of: ours.solution.code), against: problem.image)
    #expect(abs(quality.psnr - (try expected.number("psnr"))) < 0.05)
  }

  @Test func runLongItMeetsTheCertifiedOptimum() throws {
    // An odd number of kernels: the last pair is half empty.
    let problem = try LassoProblem(
      image: Random.image(12, 10, seed: 3), bank: Random.bank(5, size: 4, seed: 4, unitNorm: false), lambda: 0.3,
      boundary: .circular)
    var parameters = ADMMParameters()
    parameters.iterationLimit = 5000
    parameters.tolerance = 1e-6
    parameters.penalty = 3
    parameters.adaptsPenalty = false
    let solution = try problem.solveByADMM(parameters).solution
    #expect(solution.certificate.relativeGap < 1e-4)
    let optimum = try problem.solve(relativeGap: 1e-5)
    #expect(abs(solution.certificate.primal - optimum.certificate.primal) < 1e-4 * optimum.certificate.primal)
  }

  @Test func aHundredIterationsAreFarFromTheOptimumAndTheCertificateSaysSo() throws {
    let problem = try LassoProblem(
      image: .prepared(contentsOf: "\(Self.photographs)/coffee.png", crop: Crop(size: 48)),
      bank: BankDesign.heterogeneous.bank(), lambda: 0.05, boundary: .circular)
    let certificate = try problem.solveByADMM().solution.certificate
    let optimum = try problem.solve(relativeGap: 1e-3).certificate.primal
    #expect(certificate.primal > 1.1 * optimum)
    #expect(certificate.relativeGap > certificate.primal / optimum - 1)
  }

  @Test func stopsOfOneRunAreRunsThatStopThere() throws {
    let problem = try LassoProblem(
      image: Random.image(12, 12, seed: 5), bank: Random.bank(4, size: 4, seed: 6), lambda: 0.2, boundary: .circular)
    var parameters = ADMMParameters()
    parameters.tolerance = 0.02
    let limits = [3, 8, 8, 5000]
    let stops = try problem.solveByADMM(parameters, after: limits)
    for (stop, limit) in zip(stops, limits) {
      parameters.iterationLimit = limit
      let run = try problem.solveByADMM(parameters)
      #expect(stop.iterations == run.iterations && stop.penalty == run.penalty)
      #expect(stop.solution.code == run.solution.code)
    }
    #expect(stops.map(\.iterations).starts(with: [3, 8, 8]) && (9..<5000).contains(stops[3].iterations))
    #expect(throws: SparseCodingError.self) { try problem.solveByADMM(after: [3, 0]) }
  }

  @Test func otherGeometriesAreRefused() throws {
    for layout in Layout.all where layout.boundary == .valid || layout.stride > 1 {
      #expect(throws: SparseCodingError.self) { try layout.problem().solveByADMM() }
    }
  }
}
