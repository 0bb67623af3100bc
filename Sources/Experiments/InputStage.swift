import DataFiles
import EventStreams
import Foundation
import KernelBanks
import Neuromorphic
import SparseCoding

/// The event stream that drives a network, and what it cost and lost to make.
struct InputStage {
  /// The events as they were encoded, those that are too late for the run among them.
  let stream: EventStream
  /// The events as the chip takes them.
  let injected: EventStream
  let drive: LCANetwork.Drive
  /// An event's value is payload × 2^exponent.
  let exponent: Int
  /// An upper bound of the drive |b|.
  let largestDrive: Double
  /// Values that got no event.
  let dropped: Int
  /// The sparse code that is sent, if one is.
  let code: SentCode?
  /// What was not taken from the file of events, one line each.
  private(set) var leftOut: [String] = []
  /// Steps until all of a recording is in the network, which has nothing to code before; 0 for other inputs.
  private(set) var recordedSteps = 0

  /// A sparse code as it is sent.
  struct SentCode {
    let solution: LassoSolution
    let lambda: Double
    /// Gap of the fixed point of the drive that the events give, to the image's optimum.
    let driveGap: Double
  }

  init(_ run: RunConfiguration, reference: Reference, chip: ChipDescription) throws {
    if let path = run.events {
      try self.init(events: path, run, reference: reference, chip: chip)
    } else if run.input.takesImage {
      let encoding = try run.input.encode(reference.problem.image, run.encoderOptions(chip))
      try self.init(encoding.stream, dropped: encoding.dropped, drive: .image, code: nil, reference: reference)
      leftOut = stream.tooLate(networkSteps: run.mostSteps)
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
    leftOut = stream.tooLate(networkSteps: run.mostSteps)
  }

  private init(events path: String, _ run: RunConfiguration, reference: Reference, chip: ChipDescription) throws {
    let (stream, leftOut) = try run.inputEvents(path)
    guard let encoder = try? stream.valueEncoder() else {
      let known = Encoder.allCases.map(\.rawValue).joined(separator: ", ")
      throw ExperimentError(
        "\(path): nothing says what the events of the encoder '\(stream.encoder)' are worth; known: \(known)")
    }
    try chip.check(takes: encoder)
    let geometry = reference.problem.geometry
    let isImage =
      encoder.takesImage && stream.channels == 1 && stream.rows == geometry.imageHeight
      && stream.columns == geometry.imageWidth
    let bank = try run.inputIsOwnBank ? reference.problem.bank : run.resolvedBank(run.inputBank ?? run.bank)
    let isCode =
      !encoder.takesImage && stream.channels == bank.count && stream.rows == geometry.rows
      && stream.columns == geometry.columns
    guard isImage || isCode else {
      throw ExperimentError(
        "\(path): the stream of the encoder '\(stream.encoder)' has "
          + "\(stream.channels) × \(stream.rows) × \(stream.columns) places (channels × rows × columns); "
          + "pixels would be 1 × \(geometry.imageHeight) × \(geometry.imageWidth), "
          + "coefficients \(bank.count) × \(geometry.rows) × \(geometry.columns)")
    }
    guard isCode || !run.primes else {
      throw ExperimentError("\(path): prime needs coefficients of the network's bank, and these are events of pixels")
    }
    try self.init(
      stream, sentSteps: run.mostSteps, dropped: 0, drive: isImage ? .image : .code(of: bank, primes: run.primes),
      code: nil, reference: reference)
    self.leftOut = leftOut
    if stream.isIntegratedRecording { recordedSteps = stream.steps + 1 }
  }

  /// Finishes a stream: rates are worth 1/N each, latencies the steps that are left.
  ///
  /// - Throws: `ExperimentError` if that cannot be expressed in the chip's numbers.
  private init(
    _ stream: EventStream, sentSteps: Int = .max, dropped: Int, drive: LCANetwork.Drive, code: SentCode?,
    reference: Reference
  ) throws {
    self.stream = stream
    let sent = stream.sent(in: sentSteps)
    injected = try sent.countedDown()
    guard let exponent = injected.heldExponent else {
      throw ExperimentError(
        "the rate code '\(stream.encoder)' is spread over \(stream.steps) steps; a power of two is needed")
    }
    self.exponent = exponent
    self.drive = drive
    self.dropped = dropped
    self.code = code
    // Of all of it: what a step does must not depend on how many come after it.
    largestDrive =
      try stream.isIntegratedRecording
      ? Self.largestDriveOnTheWay(of: stream, reference: reference)
      : Self.largestDrive(of: stream, drive, reference: reference)
  }

  /// Checks that the chip's numbers can hold the input beside the threshold.
  ///
  /// - Throws: `ExperimentError`; only narrow states or a stream from elsewhere can fail.
  func check(lambda: Double, on chip: ChipDescription) throws {
    try chip.check(holds: largestDrive, lambda: lambda)
    let finest = Int(lambda.exponent) - 40
    guard exponent >= finest else {
      throw ExperimentError(
        "the input counts in 2^\(exponent), too fine beside lambda \(lambda): the stream's payload_exponent must be "
          + "\(finest) or more")
    }
  }

  /// Largest |b| that the whole stream gives.
  private static func largestDrive(of stream: EventStream, _ drive: LCANetwork.Drive, reference: Reference) throws
    -> Double
  {
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

  /// A bound of |b| at any time: the picture of a recording need not be largest at its end.
  private static func largestDriveOnTheWay(of stream: EventStream, reference: Reference) throws -> Double {
    let bank = reference.problem.bank
    let magnitudes = try KernelBank(
      name: bank.name, count: bank.count, size: bank.size, weights: bank.weights.map { abs($0) })
    let analysis = try ConvolutionOperator(bank: magnitudes, geometry: reference.problem.geometry)
    return analysis.analysis(of: stream.largestSums()).reduce(0) { max($0, Double($1)) }
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
  /// The same stream without the events of later steps.
  fileprivate func sent(in steps: Int) -> EventStream {
    guard contains(where: { $0.step >= steps }) else { return self }
    var stream = header
    for event in self where event.step < steps { stream.append(event) }
    return stream
  }

  /// Latency codes as graded ones, each payload times the steps that are left: the input axons count down during the
  /// frame. Other codes stay.
  fileprivate func countedDown() throws -> EventStream {
    guard encoder == Encoder.sparseLatency.rawValue else { return self }
    var stream = self
    stream.encoder = Encoder.sparse.rawValue
    for i in indices {
      let (weighted, overflows) = payload[i].multipliedReportingOverflow(by: Int32(steps) - step[i])
      guard !overflows else {
        throw ExperimentError(
          "event \(i): payload \(payload[i]) times \((steps - Int(step[i])).counted("step")) left exceeds 32 bits")
      }
      stream.payload[i] = weighted
    }
    return stream
  }
}

extension ChipDescription {
  /// - Throws: `ExperimentError` if the chip's spikes are binary and the encoder's events graded.
  func check(takes encoder: Encoder) throws {
    guard isBinary, encoder != .denseRate, encoder != .sparseRate else { return }
    throw ExperimentError(
      "\(name) has binary spikes and fixed neurons, and cannot take the input '\(encoder.rawValue)'; "
        + "use dense-rate or sparse-rate")
  }
}
