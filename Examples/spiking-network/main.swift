import EventStreams
import Foundation
import Neuromorphic

// A retina of 12 × 12 pixels sees a vertical bar. Edge cells look at it through kernels, and a recurrent network of
// excitatory and inhibitory neurons listens to them.
var network = NetworkBuilder(input: .init(rows: 12, columns: 12, channels: 1))

let cell = LIFModel(
  currentDecay: LIFModel.decay(timeConstant: 5), voltageDecay: LIFModel.decay(timeConstant: 20), threshold: 1,
  refractorySteps: 2)
let edges = try network.addPopulation("edges", shape: .init(rows: 10, columns: 10, channels: 2), model: cell)
let excitatory = try network.addPopulation("excitatory", shape: .vector(80), model: cell)
let inhibitory = try network.addPopulation("inhibitory", shape: .vector(20), model: cell)

let vertical: [Float] = [
  -0.1, 0.2, -0.1,
  -0.1, 0.2, -0.1,
  -0.1, 0.2, -0.1,
]
let horizontal: [Float] = [
  -0.1, -0.1, -0.1,
  0.2, 0.2, 0.2,
  -0.1, -0.1, -0.1,
]
let kernels = ConvolutionKernels(targetChannels: 2, sourceChannels: 1, size: 3, weights: vertical + horizontal)
try network.connectInput(to: edges, .convolution(kernels))
try network.connect(edges, to: excitatory, .random(probability: 0.1, weight: 0.15, seed: 1))
try network.connect(excitatory, to: excitatory, .random(probability: 0.1, weight: 0.05, seed: 2), delay: 1)
try network.connect(excitatory, to: inhibitory, .random(probability: 0.2, weight: 0.1, seed: 3))
try network.connect(inhibitory, to: excitatory, .random(probability: 0.2, weight: -0.1, seed: 4), delay: 1)

let probes = try [edges, excitatory, inhibitory].map { try network.recordSpikes(of: $0) }
let potential = try network.recordState("v", of: excitatory, neurons: [0], every: 40)

// Pixels of the bar spike in three steps of ten, the others in one of a hundred.
let steps = 200
let rates = (0..<144).map { $0 % 12 == 5 ? 0.3 : 0.01 }
let retina = try EventStream.poisson(rates: rates, channels: 1, rows: 12, columns: 12, steps: steps, seed: 5)

let built = try network.build(on: .named("loihi1"))
print(built.summary)
let recording = try built.run(retina, steps: steps)

for spikes in probes.map({ recording[$0] }) {
  let counts = spikes.counts
  print("\(spikes.population): \(counts.reduce(0, +)) spikes of \(counts.count) neurons")
}
let channels = recording[probes[0]].counts.enumerated().reduce(into: [0, 0]) { $0[$1.offset % 2] += $1.element }
print("edge cells: \(channels[0]) spikes for vertical, \(channels[1]) for horizontal")
for (step, v) in zip(recording[potential].steps, recording[potential].values) {
  print("excitatory neuron 0 has v = \(v[0]) after step \(step)")
}
if let last = recording.steps.last {
  print("\(last.synapticOperations) synops, \(last.packetsSent) packets on \(recording.mapping.coreCount) cores")
}
if let file = CommandLine.arguments.dropFirst().first {
  do {
    try recording[probes[1]].write(to: file)
  } catch {
    FileHandle.standardError.write(Data("spiking-network: \(error)\n".utf8))
    exit(1)
  }
}
