import KernelBanks
import SparseCoding

/// The quality of the code that a network's spikes stand for, step by step.
public struct StepQuality: Equatable, Sendable {
  /// E = ½‖x − Φa‖² + λ‖a‖₁.
  public let objective: Double
  /// Coefficients of the code that are not zero.
  public let nonzeros: Int
  /// ‖x − Φa‖².
  public let squaredError: Double
}

/// Decodes a coding layer's spikes and follows the LASSO objective of the code, updating the residual spike by spike.
///
/// `delta`, `residual`: the code is the sum of all that was sent. `graded`: what was sent in the last step. `spiking`:
/// the spike counts over the last ⌈t/2⌉ of t steps, as rates.
public struct CodeTracker {
  private let lca: LCANetwork
  private let problem: LassoProblem
  /// Sums of payloads, or of spikes, ON less OFF (`spiking`), in the window.
  private var sums: [Double]
  private var nonzeros = 0
  /// Σ |sums|; exact as long as they are integers.
  private var magnitude = 0.0
  /// Σ sums · kernel, in units of the sums.
  private var synthesis: [Double]
  /// Spikes of the steps in the window, oldest first.
  private var window: [[Spike]] = []
  private var windowStart = 0
  private var stepsSeen = 0

  /// Follows a network's code of a problem's image; the problem's bank and geometry must be the network's.
  public init(_ lca: LCANetwork, problem: LassoProblem) {
    self.lca = lca
    self.problem = problem
    sums = Array(repeating: 0, count: lca.geometry.coefficientCount)
    synthesis = Array(repeating: 0, count: problem.image.pixels.count)
  }

  /// Takes the spikes of the next step and returns the quality of the code after it.
  public mutating func advance(_ spikes: some Sequence<Spike>) -> StepQuality {
    stepsSeen += 1
    let coding = spikes.filter { $0.population == 0 }
    if let start = windowBegins {
      // Before the new ones are added: real numbers then leave exact zeros behind.
      while windowStart < start {
        for spike in window[windowStart] { add(spike, times: -1) }
        window[windowStart] = []
        windowStart += 1
      }
      window.append(coding)
    }
    for spike in coding { add(spike, times: 1) }
    return quality
  }

  /// The code after the steps seen so far.
  public var code: SparseCode { SparseCode(geometry: lca.geometry, dense: sums.map { Float($0 * unit) }) }

  /// The first step, from 0, whose spikes count; nil if all do.
  private var windowBegins: Int? {
    switch lca.options.model {
    case .delta, .residual: nil
    case .graded: stepsSeen - 1
    case .spiking: stepsSeen / 2
    }
  }

  /// What one unit of `sums` is worth.
  private var unit: Double {
    let payload = Double(1).timesPowerOfTwo(lca.network.populations[0].scale.payloadExponent)
    switch lca.options.model {
    case .delta, .graded, .residual: return payload
    case .spiking:
      let duration = Double(stepsSeen - windowStart).timesPowerOfTwo(-lca.stepShift)
      return stepsSeen == windowStart ? 0 : lca.charge / duration
    }
  }

  private var quality: StepQuality {
    let unit = unit
    let pixels = problem.image.pixels
    var squares = 0.0
    for i in synthesis.indices {
      let residual = Double(pixels[i]) - unit * synthesis[i]
      squares += residual * residual
    }
    let magnitude = lca.network.isInteger ? magnitude : sums.reduce(0) { $0 + abs($1) }
    return StepQuality(
      objective: squares / 2 + problem.lambda * magnitude * unit, nonzeros: nonzeros, squaredError: squares)
  }

  private mutating func add(_ spike: Spike, times factor: Double) {
    let dendrite = spike.neuron / lca.network.populations[0].model.neuronsPerDendrite
    let change = factor * (lca.options.model == .spiking ? (spike.payload < 0 ? -1 : 1) : spike.payload)
    let before = sums[dendrite], after = before + change
    sums[dendrite] = after
    nonzeros += (after == 0 ? 0 : 1) - (before == 0 ? 0 : 1)
    magnitude += abs(after) - abs(before)
    let bank = problem.bank, geometry = lca.geometry
    let kernel = dendrite % bank.count, position = dendrite / bank.count
    let row = position / geometry.columns * geometry.stride, column = position % geometry.columns * geometry.stride
    let size = bank.size
    bank.weights.withUnsafeBufferPointer { weights in
      synthesis.withUnsafeMutableBufferPointer { pixels in
        for y in 0..<size {
          let line = (row + y) * geometry.imageWidth + column, kernelLine = (kernel * size + y) * size
          for x in 0..<size { pixels[line + x] += change * Double(weights[kernelLine + x]) }
        }
      }
    }
  }
}
