import Foundation
import Reports
import SparseCoding

/// A quality that all banks are compared at on a chip; its raw value is its name in a study's cells.
package enum StudyTarget: String, CaseIterable, Sendable {
  /// The bank's own optimum, to the gap of the configuration.
  case gap
  /// One objective for all banks.
  case common
  /// A PSNR of 18 or 21 dB.
  case psnr18, psnr21
  /// The best PSNR that the run holds at all.
  case largest

  /// What tables call it.
  var title: String {
    switch self {
    case .gap: "own gap of 5 %"
    case .common: "common objective"
    case .psnr18: "18 dB"
    case .psnr21: "21 dB"
    case .largest: "largest PSNR held"
    }
  }

  /// The first step of a run that reaches it and is held; nil if none does, or the code of zeros has that PSNR already.
  package func step(in run: ChipRun) -> Int? {
    switch self {
    case .gap: run.reachedStep
    case .common: run.configuration.commonObjective.flatMap { run.reachedStep(objective: $0) }
    case .psnr18: run.reachedStep(psnr: 18)
    case .psnr21: run.reachedStep(psnr: 21)
    case .largest: run.reachedStep(psnr: run.largestHeldPSNR)
    }
  }
}

extension ChipRun {
  fileprivate func reachedStep(psnr: Double) -> Int? {
    guard psnr > psnrOfNothing else { return nil }
    return Self.reachedStep(
      qualities.map(\.squaredError), target: squaredError(psnr: psnr) * (1 + 1e-9), held: configuration.heldSteps)
  }

  /// PSNR of a code of zeros.
  fileprivate var psnrOfNothing: Double { Quality.psnrOfNothing(against: reference.problem.image) }

  /// The best of all stretches of held steps, each as good as its worst step.
  fileprivate var largestHeldPSNR: Double {
    let errors = qualities.map(\.squaredError)
    let held = configuration.heldSteps
    let stretches = 0..<max(0, errors.count - held)
    let worst = stretches.map { errors[$0...$0 + held].max() ?? .infinity }
    return psnr(ofSquaredError: worst.min() ?? .infinity)
  }

  /// What it took to come to a step, counted from 1, and what the code is there.
  func state(at step: Int) -> [JSONValue.Member] {
    let record = records[step - 1]
    return [
      .init("step", .integer(Int64(step))), .init("input_events", .integer(Int64(record.hostEvents))),
      .init("spikes", .integer(Int64(record.spikes))), .init("synops", .integer(Int64(record.synapticOperations))),
      .init("energy", .real(totalEnergy_J(at: step))), .init("time", .real(latency_s(at: step))),
      .init("sparseness", .real(sparseness(at: step))), .init("psnr", .real(psnr(at: step))),
    ]
  }

  /// Share of coefficients that are 0 after a step, counted from 1.
  func sparseness(at step: Int) -> Double {
    1 - Double(qualities[step - 1].nonzeros) / Double(reference.problem.geometry.coefficientCount)
  }

  /// PSNR of the code after a step, counted from 1.
  func psnr(at step: Int) -> Double { psnr(ofSquaredError: qualities[step - 1].squaredError) }

  /// PSNR that ‖x − Φa‖² stands for.
  func psnr(ofSquaredError error: Double) -> Double {
    10 * log10(peak * peak * Double(reference.problem.image.pixels.count) / error)
  }

  /// ‖x − Φa‖² that a PSNR stands for.
  private func squaredError(psnr: Double) -> Double {
    peak * peak * Double(reference.problem.image.pixels.count) / pow(10, psnr / 10)
  }

  private var peak: Double {
    let pixels = reference.problem.image.pixels
    return Double(pixels.max() ?? 0) - Double(pixels.min() ?? 0)
  }
}
