import ChipTraces
import EventStreams
import Foundation
import Neuromorphic

// A hundred neurons, each driven by a Poisson process of its own, for so long that their spikes go straight into a
// file.
var network = NetworkBuilder(input: .vector(100))
let cell = LIFModel(
  currentDecay: LIFModel.decay(timeConstant: 5), voltageDecay: LIFModel.decay(timeConstant: 20), threshold: 1)
let cells = try network.addPopulation("cells", shape: .vector(100), model: cell)
try network.connectInput(to: cells, .oneToOne(weight: 0.25))

let steps = 5000
let noise = try EventStream.poisson(rates: Array(repeating: 0.1, count: 100), channels: 100, steps: steps, seed: 1)
let built = try network.build(on: .named("loihi1"))
do {
  let path = CommandLine.arguments.dropFirst().first ?? "spikes.npz"
  let recording = try SpikeTrace(built.network).write(as: .npz, to: path) { append in
    try built.run(noise, steps: steps, onSpikes: append)
  }
  print("\(recording.steps.last?.spikes ?? 0) spikes in \(steps) steps")
} catch {
  FileHandle.standardError.write(Data("spike-file: \(error)\n".utf8))
  exit(1)
}
