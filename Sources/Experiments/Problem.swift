import DataFiles
import EventStreams
import Foundation
import KernelBanks
import Neuromorphic
import SparseCoding

/// What is wrong with an experiment's configuration, in one line.
public struct ExperimentError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

/// The image and bank of a run, and the certified optimum that its code is judged by.
public struct Reference: Sendable {
  public let problem: LassoProblem
  public let optimum: LassoSolution
  /// Quality of the image rebuilt from the optimum.
  public let quality: Quality

  /// D*: no code has a smaller objective.
  public var dualValue: Double { optimum.certificate.dual }

  /// (E − D*) / D*.
  public func gap(ofObjective objective: Double) -> Double { (objective - dualValue) / dualValue }

  /// Reads the image and solves for the optimum.
  public init(_ run: RunConfiguration) throws {
    guard let path = run.image else { throw ExperimentError("no image is given; name a photograph (PNG or JPEG)") }
    let image = try Image.prepared(contentsOf: path, crop: run.crop)
    let bank = try run.resolvedBank(run.bank)
    problem = try LassoProblem(image: image, bank: bank, lambda: run.lambda, stride: run.stride, boundary: .valid)
    optimum = try problem.solve(relativeGap: run.referenceGap)
    guard optimum.certificate.dual > 0 else {
      throw ExperimentError("\(path): the crop is flat, so there is nothing to code; choose another part of the image")
    }
    quality = try Quality(of: problem.synthesisOperator.synthesis(of: optimum.code), against: image)
  }
}

extension RunConfiguration {
  /// The bank of a name or path, in the norm asked for.
  func resolvedBank(_ name: String) throws -> KernelBank {
    guard norm != .unit, var design = BankDesign.presets.first(where: { $0.name == name }) else {
      return try KernelBank.named(name)
    }
    design.norm = norm
    return try design.bank()
  }
}
