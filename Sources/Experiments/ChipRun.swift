import DataFiles
import EventStreams
import Foundation
import Neuromorphic
import SparseCoding

/// One network on one chip, run to its target: what happened, step by step.
public struct ChipRun: Sendable {
  /// What was run.
  public let configuration: RunConfiguration
  /// The problem and its certified optimum.
  public let reference: Reference
  /// The chip it ran on.
  public let chip: ChipDescription
  /// The network.
  public let lca: LCANetwork
  /// Where its neurons lay.
  public let mapping: Mapping
  /// The weights of its lateral inhibition, and their spectrum.
  public let lateral: LateralWeights
  /// Limits that are exceeded (with `capacity: report` only).
  public let violations: [CapacityViolation]
  /// The event stream that drove it, as encoded or read.
  public let input: EventStream
  let inputStage: InputStage
  /// Hashes of what the files that the configuration names contained, by their paths.
  let contents: [String: String]

  /// One record per step.
  public let records: [StepRecord]
  /// The code's quality after each step.
  public let qualities: [StepQuality]
  /// Every spike, in the order in which the model made them; empty unless the runner keeps them.
  public let spikes: [Spike]
  /// Duration of one barrier.
  public let barrierTime_ps: UInt64
  /// The code at the step that the statistics cover.
  public let code: SparseCode
  /// What each core in use did up to that step, by rising core.
  public let cores: [CoreActivity]
  /// What each link between tiles did up to that step; those that nothing passed are left out.
  public let links: [LinkActivity]
  /// Wall-clock seconds of the simulation.
  public let hostSeconds: Double
  /// SystemC's warnings; empty if there are none.
  public let warnings: String

  /// Why no chip could run this; empty if one could.
  public var hypotheses: [String] {
    violations.map(\.description)
      + (mapping.chips > configuration.chipLimit
        ? ["\(mapping.chips) chips are needed; chip_limit is \(configuration.chipLimit)"] : [])
      + (configuration.weightBits == nil ? ["float arithmetic, which the chip does not have"] : [])
  }

  /// First step at or below an objective that is held for the configured number of further steps; nil if there is none.
  public func reachedStep(objective target: Double) -> Int? {
    Self.reachedStep(
      qualities.map(\.objective), target: target, held: configuration.heldSteps, from: inputStage.recordedSteps)
  }

  /// First step at or below the target gap that is held.
  public var reachedStep: Int? {
    reachedStep(objective: reference.dualValue * (1 + configuration.gap))
  }

  /// The smallest gap after any step that can count, and the first step that had it; nil if there was none.
  public var floor: (gap: Double, step: Int)? {
    let objectives = qualities.map(\.objective).dropFirst(max(0, inputStage.recordedSteps - 1))
    guard let least = objectives.min(), let index = objectives.firstIndex(of: least) else { return nil }
    return (reference.gap(ofObjective: least), index + 1)
  }

  /// The step that the statistics cover: the last of a given number, else the reached one, else the last.
  public var countedStep: Int { configuration.timesteps ?? reachedStep ?? records.count }

  /// A step counts from 1, is `from` or later, and must be followed by `held` steps at or below the target.
  package static func reachedStep(_ objectives: [Double], target: Double, held: Int, from: Int = 0) -> Int? {
    var first: Int?
    for (index, objective) in objectives.enumerated().dropFirst(max(0, from - 1)) {
      guard objective <= target else {
        first = nil
        continue
      }
      let start = first ?? index
      first = start
      if index - start >= held { return start + 1 }
    }
    return nil
  }
}

/// Runs configurations; what runs of one image and bank share is computed once.
public struct Runner {
  private var problems: [ReferenceKey: LassoProblem] = [:]
  private var references: [ReferenceKey: Reference] = [:]
  private var laterals: [LateralKey: LateralWeights] = [:]
  /// Whether a run without a given number of steps ends when its target has been held. One that goes on to its step
  /// limit has the same figures at the target, and shows what comes after it.
  public var stopsAtTarget = true
  /// Told what is being done, for people who wait.
  public var progress: ProgressHandler = { _ in }
  /// Told what a user should know of a run, in one line each.
  public var notice: (String) -> Void = { _ in }

  /// Whether a run is refused if not all events of its file go into it, or what it repeats had other files.
  public var isStrict = false
  /// The file of a result that is run again.
  var repeated: RunFile?
  /// What the files of the present run contain, where somebody wants to know.
  private var identity = PointIdentity()

  private let keepsSpikes: Bool

  /// A runner that knows nothing yet.
  ///
  /// - Parameter keepsSpikes: Whether runs have their spikes: 32 bytes each.
  public init(keepsSpikes: Bool = false) { self.keepsSpikes = keepsSpikes }

  /// Runs one configuration.
  ///
  /// - Parameter traceFolder: Where the result will be, with the traces of spikes and activity that the configuration asks
  ///   for; nil if it is written nowhere.
  public mutating func run(_ run: RunConfiguration, traceFolder: String? = nil) throws -> ChipRun {
    identity = PointIdentity()
    // A recording may be long, and other files may have the name of a former run's.
    if traceFolder != nil || repeated != nil { try tellChanges(of: run) }
    let chip = try prepare(run)
    let reference = try reference(run)
    progress("encoding the input (\(run.input.rawValue))")
    let input = try InputStage(run, reference: reference, chip: chip)
    try input.check(lambda: run.lambda, on: chip)
    try tell(input.leftOut, of: run)
    let lateral = try lateral(run, reference: reference)
    let lca = try LCANetwork(
      bank: reference.problem.bank, geometry: reference.problem.geometry, lateral: lateral, drive: input.drive,
      inputExponent: input.exponent, largestDrive: input.largestDrive, stateBits: chip.stateBits.value,
      options: run.lcaOptions)
    let mapping = try Mapping(
      lca.network, on: chip, chipLimit: run.chipLimit, onlyReporting: run.capacity == .report, strategy: run.mapping,
      activity: lca.activity)
    let violations = mapping.violations(of: lca.network, on: chip)
    return try simulate(
      run, reference: reference, chip: chip, input: input, lateral: lateral, lca: lca, mapping: mapping,
      violations: violations, traceFolder: traceFolder)
  }

  private func tell(_ leftOut: [String], of run: RunConfiguration) throws {
    let file = run.events ?? "the input \(run.input.rawValue)"
    // What the file's source had lost before is not left out by this run.
    let refused = leftOut.filter { !EventLosses.isFormer($0) }
    guard refused.isEmpty || !isStrict else {
      throw ExperimentError("\(file): the run is strict, and would leave out: \(refused.joined(separator: ", "))")
    }
    for text in leftOut { notice("\(file): \(EventLosses.missing(text))") }
  }

  /// Looks at what the files contain now, and tells which had other contents when the result was made.
  private mutating func tellChanges(of run: RunConfiguration) throws {
    identity.hashFiles(of: run)
    let changes = repeated?.changes(in: identity, of: run) ?? []
    guard changes.isEmpty || !isStrict else {
      throw ExperimentError("\(changes.joined(separator: ", ")), and the run is strict")
    }
    for change in changes { notice(change) }
  }

  private func simulate(
    _ run: RunConfiguration, reference: Reference, chip: ChipDescription, input: InputStage, lateral: LateralWeights,
    lca: LCANetwork, mapping: Mapping, violations: [CapacityViolation], traceFolder: String?
  ) throws -> ChipRun {
    let traces = try traceFolder.map {
      try RunTraces(run, folder: $0, network: lca.network, mapping: mapping, chip: chip)
    }
    let result = try simulate(
      run, reference: reference, chip: chip, input: input, lateral: lateral, lca: lca, mapping: mapping,
      violations: violations, traces: traces)
    // The simulation is gone, and its VCD complete.
    try traces?.finish(steps: result.records.count, end_ps: result.records.last?.end_ps ?? 0)
    return result
  }

  private func simulate(
    _ run: RunConfiguration, reference: Reference, chip: ChipDescription, input: InputStage, lateral: LateralWeights,
    lca: LCANetwork, mapping: Mapping, violations: [CapacityViolation], traces: RunTraces?
  ) throws -> ChipRun {
    let began = ContinuousClock.now
    let options = SimulationOptions(
      timing: run.timing, threads: run.threads, recordsPackets: traces?.needsPackets ?? false,
      activityTrace: traces?.activityTrace)
    let simulation = try Simulation(lca.network, mapping: mapping, chip: chip, options: options)
    try simulation.inject(input.injected)
    var observer = RunObserver(
      run, stopsAtTarget: stopsAtTarget, recordedSteps: input.recordedSteps, lca: lca, reference: reference)
    var spikes: [Spike] = []
    while !observer.isDone {
      // SystemC opens its trace in the first step, and would divide by zero in a folder that Ctrl-C is removing.
      try PartialFiles.undisturbed {
        let (records, new) = try simulation.run(steps: 1)
        observer.observe(records, new, of: simulation)
        try traces?.append(records, new, simulation.takePackets())
        if keepsSpikes { spikes.appendRecorded(new) }
        try traces?.probe(simulation, step: observer.records.count - 1)
      }
      if observer.records.count % 10 == 0 {
        progress(
          ProgressUpdate(
            "gap \(percent(reference.gap(ofObjective: observer.objective)))", done: Double(observer.records.count),
            of: Double(run.mostSteps), unit: "steps",
            mayEndEarly: run.timesteps == nil && stopsAtTarget))
      }
    }
    return ChipRun(
      configuration: run, reference: reference, chip: chip, lca: lca, mapping: mapping, lateral: lateral,
      violations: violations, input: input.stream, inputStage: input, contents: identity.contents,
      records: observer.records,
      qualities: observer.qualities, spikes: spikes, barrierTime_ps: simulation.barrierTime_ps,
      code: observer.codeAtTarget, cores: observer.coresAtTarget, links: observer.linksAtTarget,
      hostSeconds: (ContinuousClock.now - began) / .seconds(1),
      warnings: simulation.warnings)
  }

  /// What two runs must share to have the same reference.
  private struct ReferenceKey: Hashable {
    let image: String?
    let eventExponent: Int?
    let crop: Crop?
    let bank: String
    let norm: String
    let stride: Int
    let lambda, gap: Double

    init(_ run: RunConfiguration) {
      image = run.image ?? run.events
      eventExponent = run.image == nil ? run.eventExponent : nil
      crop = run.crop
      bank = run.bank
      norm = run.norm.rawValue
      stride = run.stride
      lambda = run.lambda
      gap = run.referenceGap
    }
  }

  private struct LateralKey: Hashable {
    let bank: String
    let norm: String
    let geometry: CodeGeometry
    let weightBits: Int?
    let weightFormat: WeightFormat
    let isResidual: Bool
  }

  /// Checks all that takes no time: names, files, shapes, what the chip can run and roughly hold.
  @discardableResult
  public mutating func prepare(_ run: RunConfiguration) throws -> ChipDescription {
    let chip = try run.check()
    let geometry = try problem(run).geometry
    try run.checkSize(of: geometry, on: chip)
    try run.checkProbes(of: geometry)
    return chip
  }

  /// The image, bank and certified optimum of a configuration.
  public mutating func reference(_ run: RunConfiguration) throws -> Reference {
    let key = ReferenceKey(run)
    if let known = references[key] { return known }
    let task = "solving for the certified optimum of the bank \(run.bank)"
    progress("\(task)")
    let reference = try Reference(problem(run), of: run) { [progress] in progress($0.within(task)) }
    references[key] = reference
    return reference
  }

  private mutating func problem(_ run: RunConfiguration) throws -> LassoProblem {
    let key = ReferenceKey(run)
    if let known = problems[key] { return known }
    let problem = try run.problem()
    problems[key] = problem
    return problem
  }

  private mutating func lateral(_ run: RunConfiguration, reference: Reference) throws -> LateralWeights {
    let geometry = reference.problem.geometry
    let key = LateralKey(
      bank: run.bank, norm: run.norm.rawValue, geometry: geometry, weightBits: run.weightBits,
      weightFormat: run.weightFormat, isResidual: run.model == .residual)
    if let known = laterals[key] { return known }
    progress("finding the spectrum of the Gram operator of \(run.bank)")
    let lateral = try LateralWeights(
      bank: reference.problem.bank, geometry: geometry, arithmetic: run.arithmetic, format: run.weightFormat,
      model: run.model)
    laterals[key] = lateral
    return lateral
  }
}

private func percent(_ fraction: Double) -> String { String(format: "%.1f %%", fraction * 100) }

extension RunConfiguration {
  fileprivate var lcaOptions: LCAOptions {
    var options = LCAOptions()
    options.model = model
    options.lambda = lambda
    options.arithmetic = arithmetic
    options.weightFormat = weightFormat
    options.sendThreshold = sendThreshold
    options.charge = charge
    options.stepShift = stepShift
    options.faults = faults
    options.weightNoise = weightNoise
    return options
  }
}

/// Follows a run step by step and says when it is done.
private struct RunObserver {
  private(set) var records: [StepRecord] = []
  private(set) var qualities: [StepQuality] = []
  private(set) var codeAtTarget: SparseCode
  private(set) var coresAtTarget: [CoreActivity] = []
  private(set) var linksAtTarget: [LinkActivity] = []

  private let run: RunConfiguration
  private let stopsAtTarget: Bool
  private let recordedSteps: Int
  private let target: Double
  private var tracker: CodeTracker
  /// Steps without a break at or below the target.
  private var held = 0
  /// Whether the target has been held once.
  private var hasReached = false

  init(_ run: RunConfiguration, stopsAtTarget: Bool, recordedSteps: Int, lca: LCANetwork, reference: Reference) {
    self.run = run
    self.stopsAtTarget = stopsAtTarget
    self.recordedSteps = recordedSteps
    target = reference.dualValue * (1 + run.gap)
    tracker = CodeTracker(lca, problem: reference.problem)
    codeAtTarget = tracker.code
  }

  var objective: Double { qualities.last?.objective ?? .infinity }

  var isDone: Bool {
    if let timesteps = run.timesteps { return records.count >= timesteps }
    return (stopsAtTarget && hasReached) || records.count >= run.stepLimit
  }

  mutating func observe(_ newRecords: [StepRecord], _ newSpikes: [Spike], of simulation: Simulation) {
    records += newRecords
    qualities.append(tracker.advance(newSpikes))
    held = objective <= target && records.count >= recordedSteps ? held + 1 : 0
    // The code of the statistics is the one at the step that they cover: the first at the target if that is held, else
    // the last.
    let mayHaveReached = run.timesteps == nil && !hasReached && held == 1
    hasReached = hasReached || held > run.heldSteps
    if mayHaveReached || (isDone && (run.timesteps != nil || !hasReached)) {
      codeAtTarget = tracker.code
      coresAtTarget = simulation.coreActivity()
      linksAtTarget = simulation.linkActivity()
    }
  }
}
