import DataFiles
import EventStreams
import Foundation
import KernelBanks
import Neuromorphic
import Reports
import SparseCoding

/// Does the tasks of a study that run on a chip.
struct StudyChips {
  let options: StudyOptions
  /// The task that it does.
  let task: String

  private func configuration(_ image: String, _ bank: StudyBank, _ chip: String) throws -> RunConfiguration {
    var run = StudyProtocol.chipRun
    run.image = image
    run.crop = try Crop(size: StudyProtocol.chipCrop)
    run.bank = bank.path(in: options.output)
    run.chip = chip
    run.stepLimit = options.stepLimit
    let description = try ChipDescription.named(chip)
    if !description.models.contains(LCAModel.delta.rawValue) {
      run.model = .spiking
      run.input = .denseRate
    }
    return run
  }

  // MARK: Banks at equal quality

  /// Every bank and input; the objective that all must reach is that of the largest of the banks' optima and their gap.
  ///
  /// All go on for as many steps: banks that reach their own gap early would else show less of what they can.
  func compare(_ image: String, _ chip: String) throws -> JSONValue {
    var runner = Runner()
    runner.stopsAtTarget = false
    let folds = try options.folds()
    let banks = options.banks.map { folds.bank($0, for: image) }
    let references = try banks.map { try runner.reference(configuration(image, $0, chip)) }
    let common = StudyProtocol.commonFactor * (references.map(\.dualValue).max() ?? 0)
    var rows: [JSONValue] = []
    for bank in banks {
      for isSparse in [false, true] {
        var run = try configuration(image, bank, chip)
        if isSparse { run.input = run.model == .spiking ? .sparseRate : .sparse }
        run.commonObjective = common
        let identity: [JSONValue.Member] = [
          .init("bank", .text(bank.name)), .init("input", .text(run.input.rawValue)),
          .init("model", .text(run.model.rawValue)),
        ]
        do {
          rows.append(.object(try identity + members(runner.run(run))))
        } catch let error as NeuromorphicError where error.exceedsCapacity {
          // What does not fit says by how much.
          rows.append(.object(identity + [.init("refused", .text(error.description))]))
        }
      }
    }
    return .object([.init("common", .real(common)), .init("rows", .list(rows))])
  }

  private func members(_ run: ChipRun) throws -> [JSONValue.Member] {
    let statistics = try run.statistics()
    var members = statistics.ordered.compactMap { statistic -> JSONValue.Member? in
      switch statistic.value {
      case .integer(let value): JSONValue.Member(statistic.name, .integer(Int64(value)))
      case .real(let value): JSONValue.Member(statistic.name, .real(value))
      case .flag(let value): JSONValue.Member(statistic.name, .flag(value))
      default: nil
      }
    }
    for figure in StudyFigure.allCases {
      let marks = statistics[figure.statistic].map(statistics.marks) ?? .none
      members.append(.init(figure.marksName, .object(marks.json)))
    }
    members.append(
      .init(
        "targets",
        .object(
          StudyTarget.allCases.map { target in
            .init(target.rawValue, target.step(in: run).map { .object(run.state(at: $0)) } ?? .null)
          })))
    members.append(.init("empty_psnr", .real(Quality.psnrOfNothing(against: run.reference.problem.image))))
    let steps = curveSteps(run.records.count)
    members.append(.init("curve", .list(steps.map { .object(run.state(at: $0)) })))
    return members
  }

  private func curveSteps(_ count: Int) -> [Int] {
    var steps: [Int] = []
    var step = 4.0
    while Int(step) < count {
      steps.append(Int(step))
      step = max(step + 1, step * 1.25)
    }
    return steps + (count > 0 ? [count] : [])
  }

  // MARK: The price of the input

  /// What it costs to send all pixels, or ever fewer coefficients.
  func inputCosts(_ image: String, _ chip: String) throws -> JSONValue {
    var runner = Runner()
    var dense = try configuration(image, options.heterogeneous, chip)
    dense.timesteps = StudyProtocol.inputSteps
    guard dense.model == .delta else { return Self.refusal("it takes rate codes only") }
    do {
      let run = try runner.run(dense)
      let problem = run.reference.problem
      // So small a λ that there are coefficients enough to choose the largest from.
      let many = try LassoProblem(image: problem.image, bank: problem.bank, lambda: 0.02, stride: dense.stride)
      let code = try many.solve(relativeGap: 0.05).code
      let operations = StudyFrameOperations(problem.geometry)
      let counts = [64, 128, 256, 512, 1024, 2048, 4096].filter { $0 <= code.nonzeroCount }
      let rows = try counts.map { count -> JSONValue in
        let stream = try Encoder.sparse.encode(
          code.largest(count), EncoderOptions(payloadBits: StudyProtocol.payloadBits)
        ).stream
        var sparse = dense
        sparse.input = .sparse
        let cost = try price(self.run(sparse, from: stream, &runner), causing: operations.of(stream))
        let sparseness = 1 - Double(stream.count) / Double(problem.geometry.coefficientCount)
        return .object(cost + [.init("sparseness", .real(sparseness))])
      }
      let cost = try price(run, causing: operations.ofAllPixels)
      return .object(
        [.init("dense", .object(cost)), .init("rows", .list(rows))]
          + formula(operations, coefficients: problem.geometry.coefficientCount))
    } catch let error as NeuromorphicError where error.exceedsCapacity {
      return Self.refusal(error.description)
    }
  }

  /// What a cell says of a chip that cannot do what is asked for.
  private static func refusal(_ reason: String) -> JSONValue { .object([.init("refused", .text(reason))]) }

  /// What a frame cost, in which no message of the network's own may be.
  private func price(_ run: ChipRun, causing operations: Int) throws -> [JSONValue.Member] {
    let record = run.records.last ?? StepRecord()
    guard record.spikes == 0, record.synapticOperations == operations else {
      throw ExperimentError(
        "\(task): while the input came there were \(record.spikes) spikes and \(record.synapticOperations) synaptic "
          + "operations; alone it causes none and \(operations)")
    }
    return [
      .init("events", .integer(Int64(record.hostEvents))), .init("synops", .integer(Int64(operations))),
      .init("energy", .real(run.energy(at: run.records.count).dynamic_pJ * 1e-12)),
      .init("time", .real(run.latency_s(at: run.records.count))),
    ]
  }

  private func formula(_ operations: StudyFrameOperations, coefficients: Int) -> [JSONValue.Member] {
    let events = operations.breakEven_events
    return [
      .init("formula_events", .real(events)),
      .init("formula_sparseness", .real(1 - events / Double(coefficients))),
    ]
  }

  // MARK: Damage

  /// PSNR after some steps of sparse input, for each kind and level.
  func damage(_ image: String, _ bank: StudyBank, _ chip: String) throws -> JSONValue {
    let run = try configuration(image, bank, chip)
    guard run.model == .delta else { return Self.refusal("it cannot run delta") }
    do {
      return try damage(image, run, bank)
    } catch let error as NeuromorphicError where error.exceedsCapacity {
      return Self.refusal(error.description)
    }
  }

  private func damage(_ image: String, _ base: RunConfiguration, _ bank: StudyBank) throws -> JSONValue {
    var runner = Runner()
    var run = base
    run.timesteps = StudyProtocol.damageSteps
    run.faults.seed = options.damageSeed(of: image)
    run.input = .sparse
    let reference = try runner.reference(run)
    // Without damage the runs of an input are one.
    var undamaged: [StudyDamage.Encoding: DamagedRun] = [:]
    let curves = try StudyDamage.ofChips.flatMap { damage -> [JSONValue.Member] in
      let curve = try damage.levels.enumerated().map { place, level in
        if place == 0, let known = undamaged[damage.encoding] { return known }
        let result = try self.damaged(&runner, run, reference, bank, damage, level)
        if place == 0 { undamaged[damage.encoding] = result }
        return result
      }
      return [
        .init(damage.name, .numbers(curve.map(\.psnr))), .init("gap_\(damage.name)", .numbers(curve.map(\.gap))),
        .init("sparseness_\(damage.name)", .numbers(curve.map(\.sparseness))),
      ]
    }
    return .object(
      [.init("empty_psnr", .real(Quality.psnrOfNothing(against: reference.problem.image)))] + curves)
  }

  /// The code of a damaged run after its last step, judged by the right problem.
  private struct DamagedRun {
    let psnr, gap, sparseness: Double

    init(_ code: SparseCode, _ reference: Reference) throws {
      let problem = reference.problem
      psnr = try Quality.psnr(of: problem.synthesisOperator.synthesis(of: code), against: problem.image)
      gap = reference.gap(ofObjective: problem.objective(of: code))
      sparseness = code.sparseness
    }
  }

  /// What is damaged is the chip, what it is sent, or the kernels that its network is compiled from.
  private func damaged(
    _ runner: inout Runner, _ base: RunConfiguration, _ reference: Reference, _ bank: StudyBank, _ damage: StudyDamage,
    _ level: Double
  ) throws -> DamagedRun {
    var run = base
    run.input = damage.encoding.encoder ?? .dense
    switch damage.kind {
    case .kernelNoise: return try DamagedRun(code(of: run, noise: level, bank), reference)
    case .chip(let part): part.damage(level, to: &run)
    case .events: break
    }
    guard var stream = try damage.encoding.stream(of: reference.optimum.code) else {
      return try DamagedRun(runner.run(run).code, reference)
    }
    if case .events(let events) = damage.kind {
      stream = try stream.damaged(by: events.damage(level), seed: run.faults.seed)
    }
    return try DamagedRun(self.run(run, from: stream, &runner).code, reference)
  }

  /// The whole network is compiled from noisy kernels, input and lateral weights alike.
  private func code(of base: RunConfiguration, noise: Double, _ bank: StudyBank) throws -> SparseCode {
    let right = try BankFile.read(bank.path(in: options.output))
    var run = base
    let noisy = try right.withWeightNoise(noise, seed: base.faults.seed)
    return try withPassingFile(write: { try BankFile.write(noisy, to: $0) }) { path in
      run.bank = path
      var runner = Runner()
      return try runner.run(run).code
    }
  }

  // MARK: Files of a run

  /// A run that is driven by a stream.
  private func run(_ base: RunConfiguration, from stream: EventStream, _ runner: inout Runner) throws -> ChipRun {
    var run = base
    return try withPassingFile(write: { try EventStreamFile.write(stream, to: $0) }) { path in
      run.events = path
      return try runner.run(run)
    }
  }

  /// A file that a run reads. Its name is the task's: one that a killed process left is written over and removed.
  private func withPassingFile<Result>(write: (String) throws -> Void, _ body: (String) throws -> Result) throws
    -> Result
  {
    let path = "\(options.output)/events/\(task).npz"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write(path)
    return try body(path)
  }
}
