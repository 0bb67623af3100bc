import DataFiles
import Foundation
import KernelBanks
import SparseCoding

/// A bank of a study, a file in its folder `banks`.
struct StudyBank: Hashable, Sendable {
  /// What it is made of.
  enum Origin: Hashable, Sendable {
    /// A place on the dial, and the mean of B_θ in degrees if it is not the usual one of the place.
    case dial(Double, meanBandwidth_deg: Double?)
    /// One bandwidth in degrees: that of the heterogeneous bank's mean, or of its narrowest kernels. They tell the
    /// spread of B_θ from its mean, and from the mere presence of narrow kernels.
    case control(Double)
    /// Learnt from an end of the dial, by its name, or from `noise`.
    case learnt(String)
  }

  let origin: Origin
  /// Of a learnt bank, which photographs it is learnt from; tables have the banks of all folds under one name.
  var fold = 0

  /// The bank at a place on the dial. Where the mean is that of the place anyway it is the same bank.
  static func dial(_ place: Double, meanBandwidth_deg: Double?) -> StudyBank {
    let usual_deg = BankDesign.usualMeanBandwidth_deg(atHeterogeneity: place)
    return StudyBank(
      origin: .dial(place, meanBandwidth_deg: meanBandwidth_deg == usual_deg ? nil : meanBandwidth_deg))
  }

  /// What it is called among banks of the published study, whose learnt banks are others.
  var title: String {
    if case .learnt(let start) = origin { "learnt here, from \(start)" } else { name }
  }

  var name: String {
    switch origin {
    case .dial(0, nil): "homogeneous"
    case .dial(1, nil): "heterogeneous"
    case .dial(let h, nil): "h\(h)"
    case .dial(let h, let meanBandwidth_deg?): "h\(h)-mean-\(meanBandwidth_deg)"
    case .control(let bandwidth_deg): "control-\(bandwidth_deg)"
    case .learnt(let start): "learnt-\(start)"
    }
  }

  var isLearnt: Bool { task != nil }

  /// What its file is called: as it is, but for the fold.
  var fileName: String { fold == 0 ? name : "\(name)-\(fold + 1)" }

  /// The task that makes it, unless it is designed.
  var task: String? {
    if case .learnt(let start) = origin { StudyTask(kind: .learn(start: start, fold: fold)).id } else { nil }
  }

  func path(in output: String) -> String { "\(output)/banks/\(fileName).npz" }

  /// Nil for a learnt bank.
  func design() throws -> BankDesign? {
    switch origin {
    case .dial(let h, let meanBandwidth_deg): try .heterogeneity(h, meanBandwidth_deg: meanBandwidth_deg)
    case .control(let bandwidth_deg): try .heterogeneity(0, meanBandwidth_deg: bandwidth_deg)
    case .learnt: nil
    }
  }

  /// The start that is no bank of the study.
  static let noise = "noise"
}

extension StudyOptions {
  /// What decides damage to a photograph's code: others are hit elsewhere, the same whatever the bank.
  func damageSeed(of image: String) -> UInt64 { ContentHash("\(seed) \(bankName(image))").value }

  /// What banks are learnt from, by name: the ends of the dial, and noise.
  var starts: [String] { dialEnds.map(\.name) + [StudyBank.noise] }

  /// The bank that learning starts from.
  func start(_ name: String) throws -> KernelBank {
    guard name != StudyBank.noise else { return try DictionaryLearning.noise(count: 144, size: 12, seed: seed) }
    let design = try BankDesign.presets.first { $0.name == name } ?? dialEnds.first { $0.name == name }?.design()
    guard let design else {
      throw ExperimentError("banks are learnt from \(starts.joined(separator: ", ")), not \(name)")
    }
    return try design.bank()
  }

  /// The end of the dial without spread; unless another mean is asked for, the study's bank of this name.
  var homogeneous: StudyBank { dialBank(0) }
  /// The end of the dial with the full spread; unless another mean is asked for, the study's bank of this name.
  var heterogeneous: StudyBank { dialBank(1) }
  var dialEnds: [StudyBank] { [homogeneous, heterogeneous] }

  /// All kernels of the heterogeneous bank's mean B_θ: beside that bank, what spread alone does. Where the mean is the
  /// same all along the dial, that is the homogeneous bank.
  var withoutSpread: StudyBank { meanBandwidth_deg == nil ? StudyBank(origin: .control(largestMean_deg)) : homogeneous }
  /// All kernels as narrow as the heterogeneous bank's narrowest; of a mean close to its half-range none can be made.
  var narrow: StudyBank {
    // What rounding leaves of a difference is no part of a name.
    let narrowest_deg = (1e6 * (largestMean_deg - BankDesign.fullHalfRange_deg)).rounded() / 1e6
    return StudyBank(origin: .control(narrowest_deg))
  }

  /// The mean of B_θ at the heterogeneous end.
  private var largestMean_deg: Double { meanBandwidth_deg ?? BankDesign.usualMeanBandwidth_deg(atHeterogeneity: 1) }

  /// The bank at a place on the dial.
  func dialBank(_ place: Double) -> StudyBank { .dial(place, meanBandwidth_deg: meanBandwidth_deg) }

  var dialBanks: [StudyBank] { dial.sorted().map(dialBank) }

  var designedBanks: [StudyBank] { dialBanks + [withoutSpread, narrow].filter { $0 != homogeneous } }

  var learntBanks: [StudyBank] {
    learningSteps > 0 ? starts.map { StudyBank(origin: .learnt($0)) } : []
  }

  /// The λ of a bank's certified codes. Learnt banks need larger ones for as few non-zeros as designed banks have.
  func codedLambdas(of bank: StudyBank) -> [Double] {
    let largest = lambdas.max() ?? 0
    return lambdas.sorted() + (bank.isLearnt ? [2 * largest, 4 * largest] : [])
  }

  /// Those that a chip is damaged with: all along the dial, and what is learnt from its ends.
  var damagedBanks: [StudyBank] {
    dialBanks + studyBanks.filter(\.isLearnt)
  }

  /// The four that the study's protocol codes with: both ends of the dial, and what is learnt from them.
  var studyBanks: [StudyBank] {
    dialEnds + learntBanks.filter { $0.origin != .learnt(StudyBank.noise) }
  }

  var banks: [StudyBank] { designedBanks + learntBanks }

  /// A file each: learnt banks of every fold.
  var bankFiles: [StudyBank] {
    designedBanks
      + learntBanks.flatMap { bank in (0..<foldCount).map { StudyBank(origin: bank.origin, fold: $0) } }
  }
}
