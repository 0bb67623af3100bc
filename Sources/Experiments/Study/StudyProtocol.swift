import SparseCoding

/// What a study does that is no option of it: tasks and tables read it here.
enum StudyProtocol {
  // MARK: Codes

  /// λ of the published study's protocol of coding.
  static let publishedLambda = 0.01
  /// Iterations of that protocol.
  static let publishedIterations = 100
  /// Pixels between positions of certified codes, and of learning.
  static let stride = 2

  /// A problem whose convergence is followed; its key names it in cells.
  struct Convergence: Sendable {
    let key: String
    let lambda: Double
    let isPeakNorm: Bool
    /// Whether there is a certified code, too: of the others it takes far longer, at the published λ minutes a
    /// photograph to within 5 %, where the number of non-zeros says nothing yet.
    let isCertified: Bool

    var title: String { "\(isPeakNorm ? "peak" : "unit") norm, λ = \(lambda)" }
  }

  /// The published problem, the usual one of certified codes, and what lies between: norm and λ change one at a time.
  static let convergence = [
    Convergence(key: "published", lambda: publishedLambda, isPeakNorm: true, isCertified: false),
    Convergence(key: "peak", lambda: 0.1, isPeakNorm: true, isCertified: false),
    Convergence(key: "unit-small", lambda: publishedLambda, isPeakNorm: false, isCertified: false),
    Convergence(key: "unit", lambda: 0.1, isPeakNorm: false, isCertified: true),
  ]
  /// Iterations after which it is looked at.
  static let convergenceIterations = [publishedIterations, 300, 1000]
  /// Share of the events whose loss is looked at there.
  static let convergenceLostShare = 0.1
  /// What results of all this depend on.
  static var convergenceFingerprint: String { "\(convergence) \(convergenceIterations) \(convergenceLostShare)" }
  /// That share in words.
  static var shownConvergenceLoss: String { "\(Int(100 * convergenceLostShare)) %" }

  // MARK: Learning

  /// How banks are learnt, whatever the photographs.
  static var learning: LearningOptions {
    var options = LearningOptions()
    options.stride = stride
    return options
  }

  // MARK: Events

  /// Width of payloads.
  static let payloadBits = 16
  /// Steps of a rate or a latency code.
  static let eventSteps = 64
  /// Draws of a damage that chance decides, whose median is told.
  static let damageDraws = 5

  // MARK: Chips

  /// Side of the central square that chips code, in pixels.
  static let chipCrop = 64
  /// Width of weights in an undamaged run.
  static let weightBits = 8
  /// What all chip runs share: λ, stride, gap, weights, steps for which a target is held.
  static let chipRun: RunConfiguration = {
    var run = RunConfiguration()
    run.stride = stride
    (run.weightBits, run.inputBits) = (weightBits, payloadBits)
    run.traces = []
    return run
  }()
  /// The largest optimum of all banks times this is the objective that all must reach.
  static let commonFactor = 1 + chipRun.gap
  /// Steps that tell what a frame costs to send: its events come in the first, and neurons have them in the second.
  static let inputSteps = 1
  /// Steps after which damage on a chip is judged.
  static let damageSteps = 150
}
