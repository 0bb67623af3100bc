import Foundation
import Reports

/// A bank beside another on the same photographs: their differences, one a photograph.
struct StudyDifference {
  /// The codes that are compared.
  enum Codes: Hashable {
    /// By the published study's protocol.
    case published
    /// Certified, at a λ.
    case certified(lambda: Double)
    /// Certified, with as many non-zeros as the homogeneous bank's at the middle λ.
    case equalSparseness

    /// By the protocol, or certified.
    var kind: String { self == .published ? "study's protocol" : "certified" }

    /// What tables call them.
    var title: String {
      switch self {
      case .published: kind
      case .certified(let lambda): "\(kind), λ = \(lambda)"
      case .equalSparseness: "\(kind), equal sparseness"
      }
    }
  }

  /// What is compared.
  enum Quantity: Hashable {
    case sparseness, psnr, ssim, objective
    /// The PSNR that a damage costs; its name is that of its curve in cells.
    case loss(name: String, label: String, level: Double)

    /// What tables call it.
    var title: String {
      switch self {
      case .sparseness: "sparseness"
      case .psnr: "PSNR (dB)"
      case .ssim: "SSIM"
      case .objective: "objective a pixel"
      case .loss(_, let label, let level): "\(label): \(String(format: "%g", level))"
      }
    }

    /// Digits behind the point that a page shows.
    var digits: Int {
      switch self {
      case .sparseness, .ssim: 4
      case .psnr, .loss: 2
      case .objective: 5
      }
    }

    /// Whether it is that loss, whatever it is called.
    func isLoss(_ soughtName: String, _ soughtLevel: Double) -> Bool {
      if case .loss(soughtName, _, soughtLevel) = self { true } else { false }
    }
  }

  let codes: Codes
  let quantity: Quantity
  let bank, reference: StudyBank
  let values: [Double]

  /// The norms of the kernels: the protocol scales designed ones by their peak, and leaves learnt ones as they are.
  var norms: String {
    hasOneNorm ? norm(of: bank) : "\(norm(of: bank)) less \(norm(of: reference))"
  }

  /// Whether both banks' kernels are scaled alike.
  var hasOneNorm: Bool { norm(of: bank) == norm(of: reference) }

  private func norm(of bank: StudyBank) -> String { codes == .published && !bank.isLearnt ? "peak" : "unit" }

  /// Whether only photographs are compared that the learnt bank has not seen.
  var isOfHeldOut: Bool { bank.isLearnt || reference.isLearnt }
}

extension StudyResults {
  private typealias Cell = StudyTable.Cell

  // MARK: Tables

  var differencesTable: StudyTable {
    table(
      "differences", "Paired differences: a bank less another on the same photograph. \(Self.normsNote)", differences)
  }

  var damageDifferencesTable: StudyTable {
    table(
      "damage-differences",
      "Resilience: by how much more than another bank's a code's PSNR falls (dB). \(Self.normsNote). "
        + "Kernels of peak norm differ in ℓ2 norm, so that one threshold (pruned below …) weighs them differently",
      damageDifferences)
  }

  private static let normsNote =
    "In the study's protocol designed banks are of peak norm and learnt ones of unit norm, and λ weighs differently on "
    + "them"

  private func table(_ name: String, _ title: String, _ differences: [StudyDifference]) -> StudyTable {
    StudyTable(
      name: name, title: "\(title); p: two-sided signed-rank test",
      columns: [
        "codes", "quantity", "bank", "less", "photographs", "number", "median difference", "photographs above 0", "p",
        "norm of the kernels",
      ], rows: differences.map(cells))
  }

  private func cells(_ difference: StudyDifference) -> [Cell] {
    [
      .text(difference.codes.title), .text(difference.quantity.title), .text(difference.bank.name),
      .text(difference.reference.name), .text(difference.isOfHeldOut ? "not learnt from" : "all"),
      .number(Double(difference.values.count), digits: 0),
      .estimate(median(difference.values), digits: difference.quantity.digits),
      .number(Double(difference.values.filter { $0 > 0 }.count), digits: 0),
      .signedRank(of: difference.values), .text(difference.norms),
    ]
  }

  /// The row of a table as a sentence, of the same figures.
  func sentence(_ difference: StudyDifference) -> String {
    let shown = cells(difference).map(StudyTable.shown)
    let photographs = difference.isOfHeldOut ? "photographs not learnt from" : "photographs"
    let p = shown[8].hasPrefix("<") ? shown[8] : "= \(shown[8])"
    return "\(shown[0]), \(shown[1]), \(shown[2]) less \(shown[3]): \(shown[6]), above 0 on \(shown[7]) of \(shown[5]) "
      + "\(photographs), p \(p)."
  }

  // MARK: Headlines

  /// The rows that answer the study's questions: does heterogeneity make codes sparser, and at which cost?
  var headlines: [StudyDifference] {
    let quantities: [StudyDifference.Codes: [StudyDifference.Quantity]] = [
      .published: [.sparseness, .psnr],
      .certified(lambda: options.middleLambda): [.sparseness, .psnr, .objective],
    ]
    return differences.filter { difference in
      difference.codes == .equalSparseness
        || (difference.bank == options.heterogeneous
          && quantities[difference.codes]?.contains(difference.quantity) == true)
    }
  }

  /// And is it more resilient? To the strongest pruning, to a tenth of the events lost, and to payloads of four bits;
  /// last to an absolute threshold, which weighs kernels differently.
  var damageHeadlines: [StudyDifference] {
    let losses = [
      ("relative_pruning", StudyWorker.relativeThresholds.last ?? 0), ("lost", 0.1), ("bits", 4),
      ("pruning", StudyWorker.thresholds.last ?? 0),
    ]
    let ofHeterogeneous = damageDifferences.filter { $0.bank == options.heterogeneous }
    return losses.flatMap { name, level in ofHeterogeneous.filter { $0.quantity.isLoss(name, level) } }
  }

  // MARK: Differences

  typealias Pair = (bank: StudyBank, reference: StudyBank)

  /// Every bank less the homogeneous one; the heterogeneous one less that of its mean B_θ alone; and of one narrow
  /// bandwidth less the heterogeneous one, which has it among others.
  var pairs: [Pair] {
    let (homogeneous, heterogeneous) = (options.homogeneous, options.heterogeneous)
    return options.banks.filter { $0 != homogeneous }.map { ($0, homogeneous) }
      + [(heterogeneous, options.withoutSpread)].filter { $0.1 != homogeneous }
      + [(options.narrow, heterogeneous)]
  }

  private var studyPairs: [Pair] {
    options.studyBanks.filter { $0 != options.homogeneous }.map { ($0, options.homogeneous) }
  }

  var differences: [StudyDifference] {
    let ofProtocol = [StudyDifference.Quantity.sparseness, .psnr, .ssim].flatMap { quantity in
      studyPairs.map { pair in
        difference(.published, quantity, pair) { image, bank in
          self[.published(image: image, bank: bank)].map { Self.value(quantity, of: $0) }
        }
      }
    }
    let certified = options.lambdas.sorted().flatMap { lambda in
      [StudyDifference.Quantity.sparseness, .psnr, .ssim, .objective].flatMap { quantity in
        pairs.map { pair in
          difference(.certified(lambda: lambda), quantity, pair) { image, bank in
            code(image, bank, lambda).map { Self.value(quantity, of: $0) }
          }
        }
      }
    }
    let equal = pairs.map { pair in
      difference(.equalSparseness, .psnr, pair) { image, bank in
        code(image, options.homogeneous, options.middleLambda).map {
          curve(image, bank).psnr_dB(atNonzeros: $0.number("nonzeros"))
        }
      }
    }
    return (ofProtocol + certified + equal).filter { !$0.values.isEmpty }
  }

  private static func value(_ quantity: StudyDifference.Quantity, of cell: JSONValue) -> Double {
    switch quantity {
    case .sparseness: cell.number("sparseness")
    case .psnr: cell.number("psnr")
    case .ssim: cell.number("ssim")
    case .objective: cell.number("objective") / cell.number("pixels")
    case .loss: .nan
    }
  }

  /// Losses: of pruned codes against the whole code, of damaged ones against the undamaged code of their own encoding,
  /// which is what their curve begins with.
  var damageDifferences: [StudyDifference] {
    let prunings = [
      ("pruning", "pruned below", StudyWorker.thresholds),
      ("relative_pruning", "pruned below a share of the largest", Array(StudyWorker.relativeThresholds.dropFirst())),
    ]
    let all = codeSources.flatMap { source in
      let pruned = prunings.flatMap { name, label, levels in
        losses(source.codes, name, label, [0] + levels) { image, bank in
          source.cell(image, bank).map { cell in
            [cell.number("psnr")] + cell.numbers("\(name)_psnr").suffix(levels.count)
          }
        }
      }
      let damaged = StudyDamage.ofCodes.flatMap { damage in
        losses(source.codes, damage.name, damage.label, damage.levels) { image, bank in
          source.cell(image, bank)?.numbers("damage_\(damage.name)")
        }
      }
      return pruned + damaged
    }
    return all.filter { !$0.values.isEmpty }
  }

  /// A difference for each level but the first, which is none, and each pair of banks. Thresholds that are the same for
  /// all say nothing of banks of different norms.
  private func losses(
    _ codes: StudyDifference.Codes, _ name: String, _ label: String, _ levels: [Double],
    _ curve: (_ image: String, _ bank: StudyBank) -> [Double]?
  ) -> [StudyDifference] {
    levels.indices.dropFirst().flatMap { place in
      (codes == .published ? studyPairs : pairs).map { pair in
        difference(codes, .loss(name: name, label: label, level: levels[place]), pair) { image, bank in
          curve(image, bank).flatMap { $0.count == levels.count ? $0[0] - $0[place] : nil }
        }
      }.filter { name != "pruning" || $0.hasOneNorm }
    }
  }

  /// Of the photographs for which both are known; a learnt bank is judged on those that it has not seen.
  private func difference(
    _ codes: StudyDifference.Codes, _ quantity: StudyDifference.Quantity, _ pair: Pair,
    _ value: (_ image: String, _ bank: StudyBank) -> Double?
  ) -> StudyDifference {
    let values = (pair.bank.isLearnt || pair.reference.isLearnt ? heldOut : images).compactMap { image -> Double? in
      guard let ours = value(image, pair.bank), let theirs = value(image, pair.reference) else { return nil }
      return (ours - theirs).isFinite ? ours - theirs : nil
    }
    return StudyDifference(
      codes: codes, quantity: quantity, bank: pair.bank, reference: pair.reference, values: values)
  }
}
