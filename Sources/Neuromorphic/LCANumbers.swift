/// The model's parameters and the exponents of its numbers.
struct LCANumbers {
  let model: any NeuronModel
  let payloadExponent: Int
  let sendThreshold: Double
  let charge: Double

  init(options: LCAOptions, stepShift: Int, largestDrive: Double, stateExponent: Int) {
    sendThreshold = options.sendThreshold ?? options.lambda / 4
    // A rate is at most one spike a step, charge / 2^−stepShift: here the largest drive. Coefficients of strongly
    // overlapping kernels can exceed that; they need a larger charge. A capped rate is not counted: V only
    // grows, until its saturations are counted (docs/quantisation.md).
    let smallest = max(largestDrive, options.lambda).timesPowerOfTwo(-stepShift)
    charge = (options.charge ?? smallest).roundedUpToPowerOfTwo
    switch options.model {
    case .delta, .residual:
      model = DeltaModel(
        lambda: options.lambda, sendThreshold: sendThreshold, stepShift: stepShift,
        isDrivenByResiduals: options.model == .residual)
      payloadExponent = model.payloadExponent(stateExponent: stateExponent)
    case .graded:
      model = GradedModel(lambda: options.lambda, stepShift: stepShift)
      payloadExponent = max(stateExponent, Int(sendThreshold.exponent) - 3)
    case .spiking:
      model = SpikingModel(lambda: options.lambda, charge: charge, stepShift: stepShift, polarities: 2)
      payloadExponent = model.payloadExponent(stateExponent: stateExponent)
    }
  }
}

extension Double {
  /// The smallest power of two that is not below a positive number.
  fileprivate var roundedUpToPowerOfTwo: Double {
    significand == 1 ? self : Double(sign: .plus, exponent: Int(exponent) + 1, significand: 1)
  }
}
