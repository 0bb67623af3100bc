import EventStreams
import SparseCoding

/// A kind of damage, and the levels of its curve, the first of which is none.
struct StudyDamage: Sendable {
  /// What is damaged: each loses something by itself.
  enum Encoding: String, CaseIterable, Sendable {
    case code, graded, rate, latency, frame

    /// What is damaged of a code.
    static let ofCodes: [Encoding] = [.code, .graded, .rate, .latency]

    /// What tables call it.
    var title: String {
      switch self {
      case .code: "the code itself"
      case .graded: "graded events, \(StudyProtocol.payloadBits) bits"
      case .rate: "rate code, \(StudyProtocol.eventSteps) steps"
      case .latency: "latency code, \(StudyProtocol.eventSteps) steps"
      case .frame: "dense frame"
      }
    }

    /// The PSNR of the undamaged code in a cell.
    var key: String { self == .code ? "psnr" : "undamaged_\(rawValue)" }

    /// What makes events of a code; nil for what is not made of one.
    var encoder: Encoder? {
      switch self {
      case .graded: .sparse
      case .rate: .sparseRate
      case .latency: .sparseLatency
      case .code, .frame: nil
      }
    }

    /// A code as these events; nil if it is damaged by itself, or is not what is sent.
    func stream(of code: SparseCode) throws -> EventStream? {
      let options = EncoderOptions(payloadBits: StudyProtocol.payloadBits, steps: StudyProtocol.eventSteps)
      return try encoder?.encode(code, options).stream
    }
  }

  /// What it hits, and how.
  enum Kind: Sendable {
    case events(OfEvents)
    case chip(OfChip)
    /// Noise of the kernels that a code is rebuilt with, or that a whole network is compiled from.
    case kernelNoise
  }

  /// Damage to events on their way.
  enum OfEvents: Sendable {
    case lost, dead, jitter, bits

    /// What happens to events at a level.
    func damage(_ level: Double) -> Damage {
      switch self {
      case .lost: .lost(level)
      case .dead: .dead(level)
      case .jitter: .jitter(steps: Int(level))
      case .bits: .quantised(bits: Int(level))
      }
    }
  }

  /// Damage to the chip that runs.
  enum OfChip: Sendable {
    case deadNeurons, lostSpikes, weightBits, weightNoise

    /// Breaks the chip of a run at a level.
    func damage(_ level: Double, to run: inout RunConfiguration) {
      switch self {
      case .deadNeurons: run.faults.deadNeurons = level
      case .lostSpikes: run.faults.lostSpikes = level
      case .weightBits: run.weightBits = Int(level)
      case .weightNoise: run.weightNoise = level
      }
    }
  }

  let kind: Kind
  /// Its name in cells and of its picture.
  let name: String
  /// What tables call it.
  let label: String
  let encoding: Encoding
  let levels: [Double]

  /// Whether chance decides what it hits.
  var isRandom: Bool {
    switch kind {
    case .events(.bits), .chip(.weightBits): false
    case .events(.lost), .events(.dead), .events(.jitter), .chip(.deadNeurons), .chip(.lostSpikes),
      .chip(.weightNoise), .kernelNoise:
      true
    }
  }

  init(_ kind: Kind, _ name: String, _ label: String, _ encoding: Encoding, _ levels: [Double]) {
    (self.kind, self.name, self.label, self.encoding, self.levels) = (kind, name, label, encoding, levels)
  }

  /// All bits, then fewer of them.
  private static func bits(_ all: Int, _ fewer: Int...) -> [Double] {
    ([all] + fewer.filter { $0 < all }).map(Double.init)
  }

  static let eventsLost = StudyDamage(.events(.lost), "lost", "events lost", .graded, [0, 0.01, 0.03, 0.1, 0.3])

  /// Of codes. In a rate code a coefficient is several events: losing some of them is not the same as a neuron that
  /// sends none, as it is where a coefficient is one event.
  static let ofCodes = [
    eventsLost,
    StudyDamage(.events(.lost), "rate_lost", "events of a rate code lost", .rate, [0, 0.01, 0.03, 0.1, 0.3]),
    StudyDamage(.events(.dead), "dead", "dead neurons", .rate, [0, 0.01, 0.03, 0.1, 0.3]),
    StudyDamage(
      .events(.bits), "bits", "bits of a payload", .graded, bits(StudyProtocol.payloadBits, 8, 6, 5, 4, 3)),
    StudyDamage(
      .events(.jitter), "jitter", "jitter in steps of \(StudyProtocol.eventSteps)", .latency, [0, 1, 2, 4, 8]),
    StudyDamage(.kernelNoise, "noise", "kernel noise (share of rms)", .code, [0, 0.03, 0.1, 0.3]),
  ]

  /// Of a chip and of what it is sent. The first level of each is what an undamaged run has, weights and payloads of
  /// all bits included.
  static let ofChips = [
    StudyDamage(.events(.lost), "lost", "input events lost", .graded, [0, 0.1, 0.3]),
    StudyDamage(.events(.bits), "bits", "bits of input payloads", .graded, bits(StudyProtocol.payloadBits, 5, 4, 3)),
    StudyDamage(.chip(.deadNeurons), "dead_neurons", "dead neurons", .graded, [0, 0.1, 0.3]),
    StudyDamage(.chip(.lostSpikes), "lost_spikes", "spikes lost", .graded, [0, 0.1, 0.3]),
    StudyDamage(.events(.jitter), "jitter", "jitter in steps of \(StudyProtocol.eventSteps)", .latency, [0, 2, 8]),
    StudyDamage(.chip(.weightBits), "weight_bits", "bits of weights", .graded, bits(StudyProtocol.weightBits, 6, 5, 4)),
    StudyDamage(.kernelNoise, "noise", "kernel noise (share of rms)", .frame, [0, 0.1, 0.3]),
    StudyDamage(
      .chip(.weightNoise), "weight_noise", "noise of each weight by itself (share of rms)", .frame, [0, 0.1, 0.3]),
  ]
}
