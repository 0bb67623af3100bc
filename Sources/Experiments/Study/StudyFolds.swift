/// Which photographs banks are learnt from, and which ones judge them: in each fold others.
///
/// The photographs are parted by name into groups of a third each, rounded down, at least of one. The last group judges
/// the banks of the first fold, which are learnt from all others, the last but one those of the second, and so on.
struct StudyFolds: Sendable {
  /// The photographs of one fold.
  struct Fold: Sendable {
    let learnt: [String]
    /// None if there is only one photograph, which is learnt from.
    let heldOut: [String]
  }

  let all: [Fold]
  /// Photographs that are held out in one of them, by name.
  let heldOut: [String]
  private let foldOfHeldOut: [String: Int]

  /// - Parameters:
  ///   - images: The photographs, by name.
  ///   - count: How many folds, at least 1 and at most as many as there are groups.
  init(_ images: [String], count: Int) {
    let size = Self.groupSize(images)
    all = (0..<count).map { fold in
      let end = max(0, images.count - fold * size)
      let group = max(0, end - size)..<end
      return Fold(
        learnt: images.indices.filter { !group.contains($0) }.map { images[$0] }, heldOut: Array(images[group]))
    }
    foldOfHeldOut = Dictionary(
      uniqueKeysWithValues: all.enumerated().flatMap { fold, images in images.heldOut.map { ($0, fold) } })
    heldOut = foldOfHeldOut.keys.sorted()
  }

  /// How many there can be.
  static func largestCount(_ images: [String]) -> Int {
    let size = groupSize(images)
    return size == 0 ? 1 : (images.count + size - 1) / size
  }

  private static func groupSize(_ images: [String]) -> Int { images.count > 1 ? max(1, images.count / 3) : 0 }

  /// The bank that a photograph is coded with: of learnt ones the one that has not seen it, if there is one.
  func bank(_ bank: StudyBank, for image: String) -> StudyBank {
    guard bank.isLearnt else { return bank }
    return StudyBank(origin: bank.origin, fold: foldOfHeldOut[image] ?? 0)
  }
}
