/// Where a sparse frame costs as much as a dense one.
///
/// Two curves that run close together cross more than once; the sparse frame is surely cheaper only below the first
/// crossing and surely dearer only from the last one on, within what was measured.
package struct StudyBreakEven: Equatable, Sendable {
  /// What a sparse frame of some events costs, the dense frame being 1.
  package struct Point: Sendable {
    package let events, cost: Double

    package init(events: Double, cost: Double) { (self.events, self.cost) = (events, cost) }
  }

  /// Numbers of events at which the cheaper one changes, rising, linear between what was measured.
  package let crossings: [Double]
  private let isCheaperAtFirst: Bool
  private let isDearerAtLast: Bool

  /// Points by rising number of events; a frame that costs as much as the dense one counts as dearer.
  package init(_ points: [Point]) {
    crossings = zip(points, points.dropFirst()).compactMap { a, b in
      guard (a.cost < 1) != (b.cost < 1) else { return nil }
      return a.events + (b.events - a.events) * (1 - a.cost) / (b.cost - a.cost)
    }
    isCheaperAtFirst = points.first.map { $0.cost < 1 } ?? false
    isDearerAtLast = points.last.map { $0.cost >= 1 } ?? false
  }

  /// The sparse frame is cheaper at every smaller number of events that was measured; NaN if it is not cheaper at the
  /// smallest, or nowhere ceases to be.
  package var cheaperUpTo_events: Double { isCheaperAtFirst ? crossings.first ?? .nan : .nan }

  /// The smallest number of events from which on the sparse frame stays dearer, to the largest that was measured; NaN
  /// if it is not dearer there, or nowhere cheaper.
  package var dearerFrom_events: Double { isDearerAtLast ? crossings.last ?? .nan : .nan }
}
