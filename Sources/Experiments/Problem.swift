import DataFiles
import EventStreams
import Foundation
import KernelBanks
import Neuromorphic
import SparseCoding

/// What is wrong with an experiment's configuration, in one line.
public struct ExperimentError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, in one line.
  public let description: String

  /// Makes an error of one line.
  public init(_ description: String) { self.description = description }
}

/// The image and bank of a run, and the certified optimum that its code is judged by.
public struct Reference: Sendable {
  /// The LASSO of the image.
  public let problem: LassoProblem
  /// A code within the reference gap of the optimum, with its certificate.
  public let optimum: LassoSolution
  /// Quality of the image rebuilt from the optimum.
  public let quality: Quality

  /// D*: no code has a smaller objective.
  public var dualValue: Double { optimum.certificate.dual }

  /// (E − D*) / D*.
  public func gap(ofObjective objective: Double) -> Double { (objective - dualValue) / dualValue }

  /// Reads the image and the bank, and solves for the optimum.
  public init(_ run: RunConfiguration) throws { try self.init(run.problem(), of: run) }

  /// Solves for the optimum.
  ///
  /// - Throws: `ExperimentError` that names the file if there is none within the gap.
  init(_ problem: LassoProblem, of run: RunConfiguration, progress: ProgressHandler = { _ in }) throws {
    self.problem = problem
    do {
      var gap = GapProgress(tolerance: run.referenceGap)
      optimum = try problem.solve(relativeGap: run.referenceGap) { progress(gap.update($0, $1)) }
    } catch let error as SparseCodingError {
      throw ExperimentError(
        "\(run.image ?? run.events ?? "the image"): no certified reference, as \(error); \(run.referenceAdvice)")
    }
    quality = try Quality(of: problem.synthesisOperator.synthesis(of: optimum.code), against: problem.image)
  }
}

extension Image {
  /// The prepared image; errors of its size name the file.
  static func prepared(contentsOf path: String, crop: Crop?, minimum size: Int) throws -> Image {
    let image = try Image(contentsOf: path)
    let (height, width) = crop.map { ($0.size, $0.size) } ?? (image.height, image.width)
    guard min(height, width) >= size else {
      throw ExperimentError(
        "\(path): \(crop == nil ? "the image" : "the crop") of \(width) × \(height) pixels is smaller than a kernel, "
          + "\(size) × \(size); use a larger one or smaller kernels")
    }
    do {
      _ = try crop?.corner(inHeight: image.height, width: image.width, leastSize: size)
      return try image.prepared(crop: crop)
    } catch let error as SparseCodingError {
      throw ExperimentError("\(path): \(error)")
    }
  }
}

extension RunConfiguration {
  /// What would give a reference to a run that has none. Sums of polarities may be of any size, unlike photographs.
  fileprivate var referenceAdvice: String {
    image == nil && events != nil
      ? "use a smaller event_exponent where the recording is integrated, or a larger lambda or reference_gap"
      : "use a larger lambda or reference_gap"
  }

  /// Reads the image and the bank, and checks that they go together.
  func problem() throws -> LassoProblem {
    let bank = try resolvedBank(bank)
    let (name, picture) = try picture(minimum: bank.size)
    guard let first = picture.pixels.first, picture.pixels.contains(where: { $0 != first }) else {
      throw ExperimentError("\(name): the crop is flat, so there is nothing to code; choose another part of the image")
    }
    let problem = try LassoProblem(image: picture, bank: bank, lambda: lambda, stride: stride, boundary: .valid)
    let largest = problem.synthesisOperator.analysis(of: picture).reduce(0) { max($0, abs(Double($1))) }
    guard lambda < largest else {
      throw ExperimentError(
        "lambda is \(lambda); from \(largest) on every code of \(name) is zero: choose a smaller one")
    }
    return problem
  }

  /// What is coded, and the file that it comes from: the photograph, or what a camera's recording adds up to.
  private func picture(minimum size: Int) throws -> (name: String, Image) {
    if let image { return (image, try Image.prepared(contentsOf: image, crop: crop, minimum: size)) }
    guard let events else {
      throw ExperimentError("no image is given; name a photograph (PNG or JPEG), or a camera's recording with --events")
    }
    let stream = try inputEvents(events).stream
    guard stream.isIntegratedRecording else {
      throw ExperimentError(
        "\(events): a stream of the encoder '\(stream.encoder)' is judged against an image; name it with --image "
          + "(recordings of cameras are of the encoders \(EventStream.cameraEncoders.joined(separator: ", ")))")
    }
    guard crop == nil || (stream.rows == crop?.size && stream.columns == crop?.size) else {
      throw ExperimentError(
        "\(events): its \(stream.columns) × \(stream.rows) pixels are what was cropped from a recording; "
          + "the crop must be \(stream.rows == stream.columns ? "\(stream.rows) or none" : "none")")
    }
    let picture: Image
    do {
      picture = try stream.decodedImage()
    } catch let error as EventStreamError {
      throw ExperimentError("\(events): \(error)")
    }
    guard min(picture.height, picture.width) >= size else {
      throw ExperimentError(
        "\(events): \(picture.width) × \(picture.height) pixels are smaller than a kernel, \(size) × \(size)")
    }
    return (events, picture)
  }

  /// The events of a file; a camera's recording as graded events of pixels, step by step.
  ///
  /// - Returns: The stream with all of its steps, and what is not in it or too late for the network's last one.
  func inputEvents(_ path: String) throws -> EventStreamFile.Reading {
    let (stream, leftOut) = try EventStreamFile.reading(path)
    guard stream.isRecording else {
      return (stream, leftOut + stream.tooLate(networkSteps: mostSteps))
    }
    do {
      let graded = try stream.integrated(
        crop: crop, step_ns: Int64(eventStep_us) * 1000, exponent: eventExponent, networkSteps: mostSteps)
      return (graded.stream, leftOut + graded.leftOut)
    } catch {
      throw ExperimentError("\(path): \(error)")
    }
  }

  /// The bank of a name or path; the study's norm scales the kernels of files, too, the unit norm leaves them as they
  /// are.
  func resolvedBank(_ name: String) throws -> KernelBank {
    let bank = try KernelBank.named(name)
    return norm == .peak ? try bank.peakNormalized() : bank
  }
}
