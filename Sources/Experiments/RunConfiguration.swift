import EventStreams
import KernelBanks
import Neuromorphic
import SparseCoding

/// Everything that decides a run's result; fully resolved, it is `run.yaml`.
public struct RunConfiguration: Equatable, Sendable {
  // What is coded.
  /// Path of the photograph: the input, or what an event stream is judged against.
  public var image: String?
  /// Path of an event stream that drives the network instead of the image.
  public var events: String?
  /// Which square of the image; nil for all of it.
  public var crop: Crop?

  // The problem.
  /// `homogeneous`, `heterogeneous`, or the path of a bank file.
  public var bank = "heterogeneous"
  /// Norm of the kernels; `unit` leaves those of bank files as they are.
  public var norm = BankDesign.Norm.unit
  /// Pixels between positions.
  public var stride = 2
  /// Weight of the sparseness, λ.
  public var lambda = 0.2

  // The input.
  /// Encoder of the input.
  public var input = Encoder.dense
  /// Bank of the sparse code that is sent; nil for the network's own.
  public var inputBank: String?
  /// λ of the sparse code that is sent; nil for `lambda` with the network's own bank, else a fifth of it.
  public var inputLambda: Double?
  /// Relative gap of the sparse code that is sent.
  public var inputGap = 0.01
  /// Whether events also set their neuron's state.
  public var primes = false
  /// Signed width of the input events' payloads.
  public var inputBits = 16
  /// Steps over which rate and latency codes are spread; a power of two.
  public var inputSteps = 64
  /// Microseconds of a camera's recording that one timestep covers.
  public var eventStep_us = 1000
  /// An event of a camera's recording is worth 2^eventExponent.
  public var eventExponent = -2

  // The network.
  /// How the network is built.
  public var model = LCAModel.delta
  /// nil for `float` arithmetic.
  public var weightBits: Int? = 8
  /// How the chip's synapses hold a weight; `split` takes two of `weightBits` each.
  public var weightFormat = WeightFormat.single
  /// Smallest change that is sent; nil for λ / 4.
  public var sendThreshold: Double?
  /// What a spike of `spiking` is worth; nil for the smallest that the drive allows.
  public var charge: Double?
  /// Euler step 2^−stepShift; nil for the largest stable one.
  public var stepShift: Int?
  /// What is broken on the chip.
  public var faults = Faults()
  /// Normal noise on each weight that the chip holds, as a share of the root mean square of its table; `faults.seed`
  /// decides it.
  public var weightNoise = 0.0

  // The chip.
  /// A bundled chip's name or the path of a chip file.
  public var chip = "loihi2"
  /// Numbers of the chip that are set otherwise than its file has them.
  public var chipChanges = ChipChanges()
  /// How exactly the network on chip is timed.
  public var timing = TimingLevel.approximate
  /// Threads that compute what the chip does in a step; results do not depend on it.
  public var threads = 1
  /// What happens when the network does not fit.
  public var capacity = CapacityPolicy.strict
  /// How the network is laid out.
  public var mapping = Mapping.Strategy.balanced
  /// Chips at the most.
  public var chipLimit = 64

  // How long, and how good.
  /// Exactly so many steps; nil to stop when the target has been held.
  public var timesteps: Int?
  /// Target: relative gap to the optimum.
  public var gap = 0.05
  /// A second target, an objective: in a comparison the one that all banks must reach; nil if there is none.
  public var commonObjective: Double?
  /// A target is reached when it is held for so many further steps.
  public var heldSteps = 50
  /// Steps at the most when a target is sought.
  public var stepLimit = 1000
  /// The most steps that it can take.
  var mostSteps: Int { timesteps ?? stepLimit }
  /// Relative gap of the reference that quality is measured against.
  public var referenceGap = 0.001

  // What is written.
  /// What is recorded besides statistics.
  public var traces: Set<Trace> = [.spikes, .steps, .pictures]
  /// Neurons whose states are recorded, in the trace `sqlite`.
  public var probes: [NeuronProbe] = []
  /// Power of the host while it encodes, in watts: an assumption, marked as an estimate wherever it enters.
  public var hostPower_W = 15.0

  /// The defaults, without an image.
  public init() {}

  /// How exactly the network on chip is timed.

  /// What happens when a network does not fit.
  public enum CapacityPolicy: String, CaseIterable, Sendable { case strict, report }

  /// What a run records besides its statistics.
  public enum Trace: String, CaseIterable, Sendable {
    case spikes, npz, sonata, nwb, steps, sqlite, perfetto, vcd, fst, input, pictures
  }

  /// What the encoding's time and energy rest on.
  public var encodingNote: String {
    "encoding: wall time, and for energy processor time, of this host; assumed \(hostPower_W) W a core (host_power_W)"
  }

  /// The arithmetic of the network.
  public var arithmetic: Network.Arithmetic { weightBits.map { .integer(weightBits: $0) } ?? .float }

  /// Whether a sparse code of the network's own bank is sent.
  var inputIsOwnBank: Bool { inputBank == nil || inputBank == bank }
}
