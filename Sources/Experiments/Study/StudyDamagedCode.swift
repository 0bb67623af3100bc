import EventStreams
import KernelBanks
import Reports
import SparseCoding

/// A code and what is left of it after damage.
struct StudyDamagedCode {
  private let problem: LassoProblem
  private let code: SparseCode
  private let seed: UInt64

  init(_ code: SparseCode, of problem: LassoProblem, seed: UInt64) {
    (self.code, self.problem, self.seed) = (code, problem, seed)
  }

  /// What a cell says: PSNR in each encoding without damage, and curves of PSNR, medians over the draws, beside how far
  /// apart the draws are.
  func members() throws -> [JSONValue.Member] {
    let undamaged = try StudyDamage.Encoding.allCases.compactMap { encoding in
      try encoding.stream(of: code).map { JSONValue.Member(encoding.key, .real(try psnr(of: $0))) }
    }
    return undamaged
      + (try StudyDamage.ofCodes.flatMap { damage in
        let curve = try draws(of: damage, at: damage.levels)
        return [
          JSONValue.Member("damage_\(damage.name)", .numbers(curve.map(SampleStatistics.median))),
          JSONValue.Member("range_\(damage.name)", .numbers(curve.map { ($0.max() ?? 0) - ($0.min() ?? 0) })),
        ]
      })
  }

  /// What a damage costs in PSNR, in dB: the median of its draws.
  func loss(to damage: StudyDamage, at level: Double) throws -> Double {
    let medians = try draws(of: damage, at: [damage.levels[0], level]).map(SampleStatistics.median)
    return medians[0] - medians[1]
  }

  /// PSNR after each draw of a damage, level by level; of one that chance does not decide there is one.
  private func draws(of damage: StudyDamage, at levels: [Double]) throws -> [[Double]] {
    let stream = try damage.encoding.stream(of: code)
    return try levels.map { level in
      let count = damage.isRandom && level > 0 ? StudyProtocol.damageDraws : 1
      // Neither two studies of different seeds nor two photographs have a draw in common.
      return try (0..<count).map { draw in
        try psnr(damage, level, of: stream, seed: seed &* UInt64(StudyProtocol.damageDraws) &+ UInt64(draw))
      }
    }
  }

  private func psnr(_ damage: StudyDamage, _ level: Double, of stream: EventStream?, seed: UInt64) throws -> Double {
    switch damage.kind {
    case .events(let events): try stream.map { try psnr(of: $0.damaged(by: events.damage(level), seed: seed)) } ?? .nan
    case .kernelNoise: try psnr(noise: level, seed: seed)
    // A code is on no chip.
    case .chip: .nan
    }
  }

  private func psnr(of stream: EventStream) throws -> Double {
    let decoded = try stream.decodedCode(geometry: problem.geometry)
    return try Quality.psnr(of: problem.synthesisOperator.synthesis(of: decoded), against: problem.image)
  }

  /// The code is rebuilt with noisy kernels.
  private func psnr(noise level: Double, seed: UInt64) throws -> Double {
    let noisy = try problem.bank.withWeightNoise(level, seed: seed)
    let synthesis = try ConvolutionOperator(bank: noisy, geometry: problem.geometry)
    return try Quality.psnr(of: synthesis.synthesis(of: code), against: problem.image)
  }
}
