import DataFiles
import Foundation
import KernelBanks
import Reports
import SparseCoding

/// What the cells of a study say: values by image and bank, to be put in tables.
struct StudyResults {
  let options: StudyOptions
  let images: [String]
  /// Photographs that are run on chips.
  let chipImages: [String]
  let folds: StudyFolds
  /// Photographs that are coded with learnt banks that have not seen them; none if there is only one.
  var heldOut: [String] { folds.heldOut }

  /// What is told of the banks that are there.
  let bankSummaries: [StudyBank: BankSummary]

  private let cells: [String: JSONValue]

  init(_ options: StudyOptions) throws {
    self.options = options
    images = try options.images()
    chipImages = try options.imagesOfChips()
    folds = try options.folds()
    var cells: [String: JSONValue] = [:]
    var fingerprints = try StudyFingerprints(options)
    for task in try StudyTask.all(options) {
      guard let cell = StudyCell(of: task.id, in: options.output),
        try fingerprints.hold(cell, for: task)
      else { continue }
      cells[task.id] = cell.result
    }
    self.cells = cells
    bankSummaries = Dictionary(
      uniqueKeysWithValues: options.bankFiles.compactMap { bank in
        (try? BankFile.read(bank.path(in: options.output))).map { (bank, BankSummary($0)) }
      })
  }

  /// The result of a task; whoever asks for a photograph's need not know its fold.
  subscript(_ kind: StudyTask.Kind) -> JSONValue? { cells[StudyTask(kind: kind.of(folds)).id] }

  /// A median and its interval.
  func median(_ values: [Double]) -> Estimate { SampleStatistics.medianEstimate(values.filter(\.isFinite)) }

  // MARK: Values of codes

  func published(_ bank: StudyBank) -> [JSONValue] { images.compactMap { self[.published(image: $0, bank: bank)] } }

  func code(_ image: String, _ bank: StudyBank, _ lambda: Double) -> JSONValue? {
    self[.codes(image: image, bank: bank)]?["\(lambda)"]
  }

  func codes(_ bank: StudyBank, _ lambda: Double) -> [JSONValue] { images.compactMap { code($0, bank, lambda) } }

  /// The mean of a list over cells, place by place.
  func mean(_ lists: [[Double]]) -> [Double] {
    guard let count = lists.first?.count, count > 0 else { return [] }
    let whole = lists.filter { $0.count == count }
    return (0..<count).map { place in whole.reduce(0) { $0 + $1[place] } / Double(whole.count) }
  }

  /// The median of a list over cells, place by place.
  func medians(_ lists: [[Double]]) -> [Estimate] {
    guard let count = lists.first?.count else { return [] }
    return (0..<count).map { place in median(lists.compactMap { $0.indices.contains(place) ? $0[place] : nil }) }
  }

  func amplitudes(_ cells: [JSONValue]) -> AmplitudeFit.Moments {
    cells.reduce(AmplitudeFit.Moments()) { total, cell in
      let numbers = cell.numbers("amplitude_moments")
      guard numbers.count == 3 else { return total }
      var moments = AmplitudeFit.Moments()
      (moments.count, moments.sum, moments.logSum) = (Int(numbers[0]), numbers[1], numbers[2])
      return total + moments
    }
  }

  /// How many coefficients of all cells lie in each bin of `AmplitudeFit`.
  func amplitudeHistogram(_ cells: [JSONValue]) -> [Double] {
    let histograms = cells.map { $0.numbers("amplitude_histogram") }
    return (0..<AmplitudeFit.binCount).map { bin in
      histograms.reduce(0) { $0 + ($1.indices.contains(bin) ? $1[bin] : 0) }
    }
  }

  // MARK: Learning

  /// What learning from a start did, fold by fold; none unless all are done.
  func learning(from start: String) -> [JSONValue] {
    let cells = folds.all.indices.compactMap { self[.learn(start: start, fold: $0)] }
    return cells.count == folds.all.count ? cells : []
  }

  /// What was seen of the photographs held out, look by look: means over all of them.
  func looks(from start: String) -> [(step: Double, objective: Double, psnr: Double)] {
    let cells = learning(from: start)
    let weights = folds.all.map { Double(max(1, $0.heldOut.count)) }
    func mean(_ name: String, _ look: Int) -> Double {
      let sum = zip(cells, weights).reduce(0) { $0 + $1.1 * ($1.0.numbers(name)[look]) }
      return sum / weights.reduce(0, +)
    }
    let count = cells.map { $0.numbers("steps").count }.min() ?? 0
    return (0..<count).map { (cells[0].numbers("steps")[$0], mean("objective", $0), mean("psnr", $0)) }
  }

  // MARK: Chips

  /// Rows of a chip, by image.
  func chipRows(_ chip: String) -> [JSONValue] { chipImages.flatMap { chipRows(chip, of: $0) } }

  func chipRows(_ chip: String, of image: String) -> [JSONValue] {
    self[.chip(image: image, chip: chip)]?["rows"]?.asList ?? []
  }

  func chipRows(_ chip: String, _ bank: StudyBank, isSparse: Bool) -> [JSONValue] {
    chipRows(chip).filter { $0.isRow(of: bank, isSparse: isSparse) }
  }
}

extension JSONValue {
  /// Whether a row of a chip is of a bank's run by a sparse input, or by a dense one.
  func isRow(of bank: StudyBank, isSparse: Bool) -> Bool {
    self["bank"]?.asText == bank.name && self["input"]?.asText?.hasPrefix("sparse") == isSparse
  }
}

extension StudyTask.Kind {
  /// The same with the bank that its photograph is coded with.
  fileprivate func of(_ folds: StudyFolds) -> Self {
    switch self {
    case .learn, .chip, .input: self
    case .published(let image, let bank): .published(image: image, bank: folds.bank(bank, for: image))
    case .convergence(let image, let bank): .convergence(image: image, bank: folds.bank(bank, for: image))
    case .codes(let image, let bank): .codes(image: image, bank: folds.bank(bank, for: image))
    case .chipDamage(let image, let bank, let chip):
      .chipDamage(image: image, bank: folds.bank(bank, for: image), chip: chip)
    }
  }
}
