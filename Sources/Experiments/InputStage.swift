import EventStreams
import Foundation
import KernelBanks
import Neuromorphic
import SparseCoding

/// The event stream that drives a network, and what it cost and lost to make.
struct InputStage {
  let stream: EventStream
  let drive: LCANetwork.Drive
  /// An event's value is payload × 2^exponent.
  let exponent: Int
  /// An upper bound of the drive |b|.
  let largestDrive: Double
  /// Values that got no event.
  let dropped: Int
  /// The sparse code that is sent, if one is.
  let code: SentCode?

  /// A sparse code as it is sent.
  struct SentCode {
    let solution: LassoSolution
    let lambda: Double
    /// Gap of the fixed point of the drive that the events give, to the image's optimum.
    let driveGap: Double
  }

  init(_ run: RunConfiguration, reference: Reference, chip: ChipDescription) throws {
    if chip.isBinary, run.input == .dense || run.input == .sparse {
      throw ExperimentError(
        "\(chip.name) has binary spikes and cannot take the graded input '\(run.input.rawValue)'; "
          + "use dense-rate, sparse-rate or sparse-latency")
    }
    guard run.inputSteps.nonzeroBitCount == 1 else {
      throw ExperimentError("input_steps is \(run.inputSteps); a power of two is needed")
    }
    if let path = run.events {
      try self.init(events: path, run, reference: reference)
    } else if run.input.takesImage {
      guard !run.primes else { throw ExperimentError("priming needs a sparse input; '\(run.input.rawValue)' has none") }
      let encoding = try run.input.encode(reference.problem.image, run.encoderOptions(chip))
      try self.init(encoding.stream, dropped: encoding.dropped, drive: .image, code: nil, reference: reference)
    } else {
      try self.init(sparse: run, reference: reference, chip: chip)
    }
  }

  private init(sparse run: RunConfiguration, reference: Reference, chip: ChipDescription) throws {
    let problem = reference.problem
    let bank = try run.inputIsOwnBank ? problem.bank : run.resolvedBank(run.inputBank ?? run.bank)
    let lambda = run.inputLambda ?? (run.inputIsOwnBank ? run.lambda : run.lambda / 5)
    let coder = try LassoProblem(image: problem.image, bank: bank, lambda: lambda, stride: run.stride, boundary: .valid)
    let solution = try coder.solve(relativeGap: run.inputGap)
    let encoding = try run.input.encode(solution.code, run.encoderOptions(chip))
    let sent = try encoding.stream.decodedCode(geometry: coder.geometry)
    let code = SentCode(
      solution: solution, lambda: lambda,
      driveGap: try Self.driveGap(of: sent, coder: coder, reference: reference, run))
    try self.init(
      encoding.stream, dropped: encoding.dropped, drive: .code(of: bank, primes: run.primes), code: code,
      reference: reference)
  }

  private init(events path: String, _ run: RunConfiguration, reference: Reference) throws {
    let stream = try EventStreamFile.read(path)
    let geometry = reference.problem.geometry
    let isImage = stream.channels == 1 && stream.rows == geometry.imageHeight && stream.columns == geometry.imageWidth
    let bank = try run.inputIsOwnBank ? reference.problem.bank : run.resolvedBank(run.inputBank ?? run.bank)
    let isCode =
      stream.channels == bank.count && stream.rows == geometry.rows && stream.columns == geometry.columns
    guard isImage || isCode else {
      throw ExperimentError(
        "\(path): the stream has \(stream.channels) × \(stream.rows) × \(stream.columns) places (channels × rows × columns); "
          + "pixels would be 1 × \(geometry.imageHeight) × \(geometry.imageWidth), "
          + "coefficients \(bank.count) × \(geometry.rows) × \(geometry.columns)")
    }
    try self.init(
      stream, dropped: 0, drive: isImage ? .image : .code(of: bank, primes: run.primes), code: nil, reference: reference)
  }

  /// Finishes a stream: rates are worth 1/N each, latencies the steps that are left.
  private init(
    _ stream: EventStream, dropped: Int, drive: LCANetwork.Drive, code: SentCode?, reference: Reference
  ) throws {
    self.stream = stream.weighted
    exponent = stream.payloadExponent - stream.rateShift
    self.drive = drive
    self.dropped = dropped
    self.code = code
    largestDrive = try Self.largestDrive(of: stream, drive, reference: reference)
  }

  /// Largest |b| that the whole stream gives.
  private static func largestDrive(of stream: EventStream, _ drive: LCANetwork.Drive, reference: Reference) throws -> Double {
    let image: Image
    var signTerm = 0.0
    switch drive {
    case .image: image = try stream.decodedImage()
    case .code(let bank, _):
      let geometry = reference.problem.geometry
      let source = try CodeGeometry(
        imageHeight: geometry.imageHeight, imageWidth: geometry.imageWidth, kernelCount: bank.count,
        kernelSize: bank.size, stride: geometry.stride, boundary: geometry.boundary)
      let synthesis = try ConvolutionOperator(bank: bank, geometry: source)
      image = synthesis.synthesis(of: try stream.decodedCode(geometry: source))
      signTerm = reference.problem.lambda
    }
    let drives = reference.problem.synthesisOperator.analysis(of: image)
    return drives.reduce(0) { max($0, abs(Double($1))) } + signTerm
  }

  /// With D = Φ and the sign term the sent code itself is the fixed point; else the LASSO of its reconstruction is.
  private static func driveGap(
    of sent: SparseCode, coder: LassoProblem, reference: Reference, _ run: RunConfiguration
  ) throws -> Double {
    if run.inputIsOwnBank { return reference.gap(ofObjective: reference.problem.objective(of: sent)) }
    let problem = reference.problem
    let rebuilt = try LassoProblem(
      image: coder.synthesisOperator.synthesis(of: sent), bank: problem.bank, lambda: problem.lambda,
      stride: problem.geometry.stride, boundary: problem.geometry.boundary)
    let fixedPoint = try rebuilt.solve(relativeGap: run.referenceGap)
    return reference.gap(ofObjective: problem.objective(of: fixedPoint.code))
  }
}

extension RunConfiguration {
  fileprivate func encoderOptions(_ chip: ChipDescription) -> EncoderOptions {
    EncoderOptions(payloadBits: max(2, min(inputBits, chip.payloadBits.value)), steps: inputSteps)
  }
}

extension EventStream {
  /// Rate codes: log2 of the number of steps that share a value.
  fileprivate var rateShift: Int {
    encoder == Encoder.denseRate.rawValue || encoder == Encoder.sparseRate.rawValue ? steps.trailingZeroBitCount : 0
  }

  /// Latency codes with each payload times the steps that are left: the input axons count down during the frame.
  fileprivate var weighted: EventStream {
    guard encoder == Encoder.sparseLatency.rawValue else { return self }
    var stream = self
    for i in stream.payload.indices { stream.payload[i] *= Int32(steps) - stream.step[i] }
    return stream
  }
}
