/// Explicit synapses in compressed rows (CSR), those of a row by rising target. Where targets lie side by side, only
/// the ends of each run are kept, so that a synapse takes little more memory than its weight. Copies share it, and so
/// does the chip model.
public struct SynapseRows: Sendable {
  /// Source neuron i has the synapses `rowStarts[i] ..< rowStarts[i + 1]`.
  public let rowStarts: SharedArray<Int>
  /// One for each synapse.
  public let weights: QuantizedWeights
  let targets: Targets

  /// The dendrites of all rows, one after the other.
  enum Targets: Sendable {
    case listed(PackedTargets)
    /// Row i has the runs `starts[i] ..< starts[i + 1]`. Each has two bounds: its first target, and the one after its
    /// last.
    case runs(starts: SharedArray<Int>, bounds: SharedArray<UInt32>)
  }

  /// Runs are kept where they have at least so many targets each on average: two thirds of the memory of a list.
  private static let fewestOfARun = 4

  /// Synapses in any order within their row. Whether the rows hold together is checked with their network.
  ///
  /// - Parameter targets: Gone through two or three times, so they need not lie in memory: a lazy collection will do.
  public init(rowStarts: some Collection<Int>, targets: some Collection<Int32>, weights: QuantizedWeights) {
    let starts = SharedArray(rowStarts)
    let given = GivenRows(starts: starts, targets: targets)
    self.rowStarts = starts
    guard starts.riseFromZero(to: targets.count), weights.count == targets.count, let survey = RowSurvey(given) else {
      let kept = Array(targets), range = (kept.min() ?? 0)...(kept.max() ?? 0)
      self.targets = .listed(PackedTargets(count: kept.count, range: range) { visit in visit(kept) })
      self.weights = weights
      return
    }
    var sorted = weights
    let hasRuns = survey.runs * Self.fewestOfARun <= targets.count
    self.targets = Targets(count: targets.count, largest: survey.largest, hasRuns: hasRuns) { visit in
      if survey.areSorted {
        given.forEach { visit($1) }
      } else {
        sorted = weights.sorted(with: given, visit)
      }
    }
    self.weights = sorted
  }

  /// The same synapses with other weights.
  func holding(_ weights: QuantizedWeights) -> SynapseRows {
    SynapseRows(rowStarts: rowStarts, weights: weights, targets: targets)
  }

  private init(rowStarts: SharedArray<Int>, weights: QuantizedWeights, targets: Targets) {
    self.rowStarts = rowStarts
    self.weights = weights
    self.targets = targets
  }

  /// Number of synapses.
  public var count: Int {
    switch targets {
    case .listed(let targets): targets.count
    case .runs: rowStarts.last ?? 0
    }
  }

  /// The dendrites of a source neuron's synapses, by rising number.
  public func targets(of source: Int) -> [Int32] {
    switch targets {
    case .listed(let targets): Array(targets[rowStarts[source]..<rowStarts[source + 1]])
    case .runs(let starts, let bounds):
      (starts[source]..<starts[source + 1]).flatMap { Int32(bounds[2 * $0])..<Int32(bounds[2 * $0 + 1]) }
    }
  }

  /// A target that is none of that many dendrites.
  func firstTarget(outside dendrites: Int) -> Int32? {
    switch targets {
    case .listed(let targets): targets.first { !(0..<dendrites).contains(Int($0)) }
    case .runs(_, let bounds):
      bounds.enumerated().first { !$0.offset.isMultiple(of: 2) && $0.element > dendrites }.map {
        Int32(max(dendrites, Int(bounds[$0.offset - 1])))
      }
    }
  }
}

extension SynapseRows.Targets {
  /// Takes up rows of rising targets.
  fileprivate init(count: Int, largest: Int32, hasRuns: Bool, _ forEachRow: (_ visit: ([Int32]) -> Void) -> Void) {
    if hasRuns {
      var starts = [0], bounds: [UInt32] = []
      forEachRow { row in
        row.forEachRun { bounds += [UInt32($0), UInt32($1)] }
        starts.append(bounds.count / 2)
      }
      self = .runs(starts: SharedArray(starts), bounds: SharedArray(bounds))
    } else {
      self = .listed(PackedTargets(count: count, range: 0...largest, forEachRow))
    }
  }
}

/// Targets in the order in which they are given.
struct GivenRows<Targets: Collection<Int32>> {
  let starts: SharedArray<Int>
  let targets: Targets

  func forEach(_ visit: (_ first: Int, _ row: [Int32]) -> Void) {
    var given = targets.makeIterator()
    var row: [Int32] = []
    for index in 0..<starts.count - 1 {
      row.removeAll(keepingCapacity: true)
      while row.count < starts[index + 1] - starts[index], let target = given.next() { row.append(target) }
      visit(starts[index], row)
    }
  }
}

/// What there is to know of rows before they are taken up.
private struct RowSurvey {
  private(set) var runs = 0
  private(set) var largest: Int32 = 0
  private(set) var areSorted = true

  /// nil if some targets are negative, and so none.
  init?(_ rows: GivenRows<some Collection<Int32>>) {
    var areDendrites = true
    rows.forEach { _, row in
      row.forEachRun { _, _ in runs += 1 }
      areSorted = areSorted && row.isSorted
      areDendrites = areDendrites && row.allSatisfy { $0 >= 0 }
      largest = max(largest, row.max() ?? 0)
    }
    guard areDendrites else { return nil }
  }
}

extension [Int32] {
  /// Whether no element is less than the one before it.
  var isSorted: Bool { zip(self, dropFirst()).allSatisfy { $0 <= $1 } }

  /// Visits each run of neighbouring numbers: the first, and the one after the last.
  fileprivate func forEachRun(_ visit: (_ first: Int, _ end: Int) -> Void) {
    guard var first = self.first.map(Int.init) else { return }
    var end = first + 1
    for target in dropFirst() {
      if Int(target) != end {
        visit(first, end)
        first = Int(target)
      }
      end = Int(target) + 1
    }
    visit(first, end)
  }
}

extension SharedArray<Int> {
  fileprivate func riseFromZero(to end: Int) -> Bool {
    first == 0 && last == end && zip(self, dropFirst()).allSatisfy { $0 <= $1 }
  }
}
