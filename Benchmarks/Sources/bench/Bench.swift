import ArgumentParser

/// Measures this program alone; `Benchmarks/run.py` puts its rivals beside it.
@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures one piece of work and prints the result as a line of JSON.",
    subcommands: [
      ConvolutionBench.self, EncodeBench.self, HashedNetworkBench.self, RecordingBench.self,
      SpikeTraceBench.self,
    ])
}
