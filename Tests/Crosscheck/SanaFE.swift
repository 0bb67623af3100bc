import HashedNetworks
import Foundation
import Neuromorphic
import TestSupport

/// SANA-FE's account of a network, and its time of each step by timing model.
struct SanaFE: Decodable {
  let spikes: [[Int]]
  /// By timing model; a model that ran fewer steps has fewer.
  let time_s: [String: [Double]]
  let updated: [Int]
  let packets: Int
  let hops: [Int]
  let synops: [Int]
  let synapse_J: [Double]
  let soma_J: [Double]
  let network_J: [Double]
  let dendrite_J: [Double]

  /// Its timing models: the sum of each core's work; a queue per core and an estimate of congestion; a network by
  /// cycles.
  enum Timing: String {
    case simple, detailed, cycle
  }

  static func run(_ network: HashedNetwork, format: SynapseFormat, steps: Int, cycleSteps: Int) throws -> SanaFE {
    try withTemporaryFolder { folder in
      let path = "\(folder)/account.json"
      try PythonOracle.run(
        "sanafe_run.py",
        [network.topology.rawValue] + [network.neurons, network.fanout, network.period, steps].map(String.init)
          + [format.rawValue, String(cycleSteps), path])
      return try JSONDecoder().decode(SanaFE.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }
  }

  var account: Account {
    Account(
      spikes: spikes.map { $0.sorted() }, updates: updated.reduce(0, +), packets: packets, hops: hops.reduce(0, +),
      synops: synops.reduce(0, +), synapses_J: (synapse_J + dendrite_J).reduce(0, +), somas_J: soma_J.reduce(0, +),
      axonsAndHops_J: network_J.reduce(0, +))
  }

  func times(_ timing: Timing) -> [Double] { time_s[timing.rawValue] ?? [] }
}
