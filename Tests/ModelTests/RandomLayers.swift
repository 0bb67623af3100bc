import EventStreams
import Neuromorphic
import TestSupport

/// A chain of layers of relays with local random connections, larger than one core, and input that keeps it busy.
struct RandomLayers {
  let network: Network
  let input: EventStream
  let steps = 12

  init(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let sizes = (0..<Int.random(in: 2...3, using: &random)).map { _ in Int.random(in: 100...300, using: &random) }
    let populations = sizes.enumerated().map { Network.relays("p\($0)", $1) }
    let reach = Int.random(in: 5...40, using: &random)
    var projections: [Network.Projection] = []
    for index in sizes.indices.dropFirst() {
      projections.append(Self.local(from: index - 1, sizes[index - 1], to: index, sizes[index], reach: reach, &random))
    }
    network = .ofUnits(populations, projections)
    let shape = network.inputShape
    input = .events(
      for: shape,
      (0..<400).map { _ in
        (Int.random(in: 0..<10, using: &random), Int.random(in: 0..<shape.count, using: &random), 1)
      })
  }

  /// Each neuron to about twenty of the neurons that lie about where it does.
  private static func local(
    from: Int, _ sources: Int, to: Int, _ targets: Int, reach: Int, _ random: inout SplitMix64
  ) -> Network.Projection {
    var pairs: [(source: Int, target: Int, weight: Int)] = []
    for source in 0..<sources {
      for _ in 0..<20 {
        let place = source * targets / sources + Int.random(in: -reach...reach, using: &random)
        pairs.append((source, min(max(place, 0), targets - 1), 100))
      }
    }
    return .pairs(from: .population(from), sources, to: to, pairs)
  }
}
