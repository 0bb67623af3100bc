import Neuromorphic
import SparseCoding

/// How much memory runs take at their peak, estimated from their shapes before they start.
///
/// The largest parts are the spectrum of the lateral weights, whose own bound is taken, the network with its codes, a
/// number of bytes a neuron, the whole photograph, which is normalised before it is cropped, the events of a file, and
/// of long runs the record of each step, and what NWB sorts of the spikes. These figures are measured: docs/sweeps.md
/// has the estimates beside peaks.
package struct MemoryEstimate {
  package init() {}

  private var inputs = SweepInputs()

  private static let program_bytes = 48 << 20
  private static let neuron_bytes = 100
  private static let pixel_bytes = 48
  /// Of an event of a file, in arrays that grow: measured were 39.
  private static let event_bytes = 60
  /// Columns of NumPy arrays, each with its buffer.
  private static let archive_bytes = 16 << 20
  /// A spike of 32 bytes, its copy, and its fields, of those that NWB sorts at once. There are 2 in 1000 neurons a
  /// step: measured were 0.5 to 1.7.
  private static let (sortedSpike_bytes, sortedSpikes) = (80, 1 << 20)
  private static let spikesOfNeuronAndStep = 0.002
  /// Of what is kept of a step, whose arrays grow by doubling, and of its line in `steps.csv`.
  private static let (step_bytes, stepLine_bytes) = (480, 240)

  /// The estimate of a run, in bytes; what cannot be read counts nothing, as such a run ends at once.
  package mutating func peak_bytes(of run: RunConfiguration) -> Int {
    guard let whole = inputs.picture(of: run), let kernels = inputs.kernels(of: run) else { return Self.program_bytes }
    let (height, width) = run.crop.map { ($0.size, $0.size) } ?? (whole.height, whole.width)
    let pixels = whole.height * whole.width * Self.pixel_bytes
    let geometry = try? CodeGeometry(
      imageHeight: height, imageWidth: width, kernelCount: kernels.count, kernelSize: kernels.size, stride: run.stride,
      boundary: .valid)
    guard let geometry else { return Self.program_bytes + pixels }
    let spectrum = LateralWeights.largestMemory_B(geometry: geometry, arithmetic: run.arithmetic, model: run.model)
    let neurons = geometry.coefficientCount * (run.model == .spiking ? 2 : 1) + height * width
    return Self.program_bytes + pixels + spectrum + neurons * Self.neuron_bytes + Self.steps_bytes(of: run)
      + Self.spikes_bytes(of: run, neurons: neurons) + inputs.events(of: run) * Self.event_bytes
  }

  private static func spikes_bytes(of run: RunConfiguration, neurons: Int) -> Int {
    let spikes = Double(neurons) * Double(run.mostSteps) * spikesOfNeuronAndStep
    let sorted = Int(min(spikes, Double(sortedSpikes))) * sortedSpike_bytes
    return (run.traces.contains(.npz) ? archive_bytes : 0) + (run.traces.contains(.nwb) ? sorted + 4 * neurons : 0)
  }

  private static func steps_bytes(of run: RunConfiguration) -> Int {
    run.mostSteps * (step_bytes + (run.traces.contains(.steps) ? stepLine_bytes : 0))
  }
}
