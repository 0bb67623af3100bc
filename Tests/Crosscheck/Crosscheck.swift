import HashedNetworks
import ArgumentParser
import Foundation
import Neuromorphic

/// Runs the same networks on the chip model and on SANA-FE and compares spikes, counts, energies and times.
@main
struct Crosscheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares the chip model with SANA-FE on the same networks; fails if anything but time differs.")

  @Option(help: "A chip's name or file.") var chip = "loihi1-regressed"
  @Option(help: "Timesteps.") var steps = 100
  @Option(help: "Timesteps of SANA-FE's slow cycle timing.") var cycleSteps = 5
  @Option(help: "Leave out networks of more neurons.") var largest = 20_000

  private static let networks = [
    HashedNetwork(topology: .rand, neurons: 1000, fanout: 100, period: 20),
    HashedNetwork(topology: .rand, neurons: 10_000, fanout: 100, period: 20),
    HashedNetwork(topology: .local, neurons: 1000, fanout: 100, period: 20),
    HashedNetwork(topology: .local, neurons: 10_000, fanout: 100, period: 20),
    HashedNetwork(topology: .all, neurons: 500, fanout: 500, period: 20),
    HashedNetwork(topology: .grid, neurons: 16_384, fanout: 9, period: 20),
  ]

  func validate() throws {
    guard steps >= 2, cycleSteps >= 1, cycleSteps <= steps else {
      throw ValidationError("at least two steps are needed, and no more of the cycle timing than of the others")
    }
  }

  func run() throws {
    let chip = try ChipDescription.named(chip)
    var comparisons: [Comparison] = []
    for network in Self.networks where network.neurons <= largest {
      comparisons.append(try Comparison(network, on: chip, steps: steps, cycleSteps: cycleSteps))
    }
    print(ComparisonTable(comparisons: comparisons, cycleSteps: cycleSteps).text)
    let failures = comparisons.flatMap { $0.differences + $0.missedDamage }
    for failure in failures { FileHandle.standardError.write(Data("crosscheck: \(failure)\n".utf8)) }
    guard failures.isEmpty else { throw ExitCode.failure }
    print(
      "\(comparisons.count) networks, \(steps) steps: the same spikes, counts and energies; a moved spike, a lost synop "
        + "and an energy that is 1 ppm off are found")
  }
}
