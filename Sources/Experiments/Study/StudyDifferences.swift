import Foundation
import Reports

/// A bank beside another on the same photographs: their differences, one a photograph.
struct StudyDifference {
  /// Which codes, and of what the difference is.
  let codes, quantity: String
  let bank, reference: StudyBank
  let values: [Double]
  /// Digits behind the point that a page shows.
  let digits: Int
}

extension StudyResults {
  private typealias Cell = StudyTable.Cell

  // MARK: Tables

  var differencesTable: StudyTable {
    table("differences", "Paired differences: a bank less another on the same photograph", differences)
  }

  var damageDifferencesTable: StudyTable {
    table(
      "damage-differences", "Resilience: by how much more than the homogeneous bank's a code's PSNR falls (dB)",
      damageDifferences)
  }

  private func table(_ name: String, _ title: String, _ differences: [StudyDifference]) -> StudyTable {
    StudyTable(
      name: name, title: "\(title); p: two-sided signed-rank test",
      columns: ["codes", "quantity", "bank", "less", "images", "median difference", "images above 0", "p"],
      rows: differences.map(cells))
  }

  private func cells(_ difference: StudyDifference) -> [Cell] {
    [
      .text(difference.codes), .text(difference.quantity), .text(difference.bank.name),
      .text(difference.reference.name),
      .number(Double(difference.values.count), digits: 0),
      .estimate(median(difference.values), digits: difference.digits),
      .number(Double(difference.values.filter { $0 > 0 }.count), digits: 0),
      .number(SampleStatistics.signedRank(difference.values).p, digits: 4),
    ]
  }

  /// The row of a table as a sentence, of the same figures.
  func sentence(_ difference: StudyDifference) -> String {
    let shown = cells(difference).map(StudyTable.shown)
    return "\(shown[0]), \(shown[1]), \(shown[2]) less \(shown[3]): \(shown[5]), above 0 on \(shown[6]) of \(shown[4]) "
      + "photographs, p = \(shown[7])."
  }

  // MARK: Differences

  private static let quantities: [(name: String, label: String, digits: Int)] = [
    ("sparseness", "sparseness", 4), ("psnr", "PSNR (dB)", 2), ("ssim", "SSIM", 4),
    ("objective_a_pixel", "objective a pixel", 5),
  ]

  /// Every bank less the homogeneous one; and of one narrow bandwidth less the heterogeneous one, which has it among
  /// others.
  private var pairs: [(bank: StudyBank, reference: StudyBank)] {
    options.banks.filter { $0 != .homogeneous }.map { ($0, .homogeneous) } + [(.narrow, .heterogeneous)]
  }

  var differences: [StudyDifference] {
    let protocolPairs = pairs.filter { options.studyBanks.contains($0.bank) }
    let ofProtocol = Self.quantities.dropLast().flatMap { quantity in
      protocolPairs.map { pair in
        difference("study's protocol", quantity.label, pair, quantity.digits) { image, bank in
          self[.published(image: image, bank: bank)]?.number(quantity.name)
        }
      }
    }
    let certified = options.lambdas.sorted().flatMap { lambda in
      Self.quantities.flatMap { quantity in
        pairs.map { pair in
          difference("certified, λ = \(lambda)", quantity.label, pair, quantity.digits) { image, bank in
            code(image, bank, lambda).map { cell in
              quantity.name == "objective_a_pixel"
                ? cell.number("objective") / cell.number("pixels") : cell.number(quantity.name)
            }
          }
        }
      }
    }
    let equal = pairs.map { pair in
      difference("certified, equal sparseness", "PSNR (dB)", pair, 2) { image, bank in
        code(image, .homogeneous, options.middleLambda).map { psnr(image, bank, atNonzeros: $0.number("nonzeros")) }
      }
    }
    return (ofProtocol + certified + equal).filter { !$0.values.isEmpty }
  }

  /// Losses of the study's banks, each against the undamaged code of its own encoding.
  var damageDifferences: [StudyDifference] {
    let pairs = options.studyBanks.filter { $0 != .homogeneous }.map { (bank: $0, reference: StudyBank.homogeneous) }
    func losses(
      _ codes: String, _ label: String, _ levels: [Double], _ curve: @escaping (String, StudyBank) -> [Double]?
    ) -> [StudyDifference] {
      levels.indices.dropFirst().flatMap { place in
        pairs.map { pair in
          difference(codes, "\(label) \(String(format: "%g", levels[place]))", pair, 2) { image, bank in
            curve(image, bank).flatMap { $0.count == levels.count ? $0[0] - $0[place] : nil }
          }
        }
      }
    }
    func published(_ name: String) -> (String, StudyBank) -> [Double]? {
      { self[.published(image: $0, bank: $1)]?.numbers(name) }
    }
    let pruning =
      losses("study's protocol", "pruned below", StudyWorker.thresholds, published("pruning_psnr"))
      + losses(
        "study's protocol", "pruned below a share of the largest of", StudyWorker.relativeThresholds,
        published("relative_pruning_psnr"))
    let damaged = StudyWorker.damages.flatMap { damage in
      losses("certified, λ = \(options.middleLambda)", damage.label, damage.levels) { image, bank in
        code(image, bank, options.middleLambda)?.numbers("damage_\(damage.name)")
      }
    }
    return (pruning + damaged).filter { !$0.values.isEmpty }
  }

  /// Of the photographs for which both are known.
  private func difference(
    _ codes: String, _ quantity: String, _ pair: (bank: StudyBank, reference: StudyBank), _ digits: Int,
    _ value: (_ image: String, _ bank: StudyBank) -> Double?
  ) -> StudyDifference {
    let values = images.compactMap { image -> Double? in
      guard let ours = value(image, pair.bank), let theirs = value(image, pair.reference) else { return nil }
      return (ours - theirs).isFinite ? ours - theirs : nil
    }
    return StudyDifference(
      codes: codes, quantity: quantity, bank: pair.bank, reference: pair.reference, values: values, digits: digits)
  }
}
