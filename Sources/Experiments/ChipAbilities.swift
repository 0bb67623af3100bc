import Foundation
import Neuromorphic
import SparseCoding

/// What a run and a check ask a chip before they build a network.
extension ChipDescription {
  /// - Parameter weightBits: Signed width of weights; nil for `float` arithmetic.
  /// - Throws: `ExperimentError` if the chip has not got the model's neurons or the width of weights.
  func check(runs model: LCAModel, weightBits: Int?) throws(ExperimentError) {
    guard models.contains(model.neuronModel.rawValue) else {
      let neuron = model.neuronModel.rawValue
      let ofNeurons = model.rawValue == neuron ? "" : ", whose neurons are of the model '\(neuron)'"
      let known = "neurons of the models \(models.joined(separator: ", "))"
      throw ExperimentError("\(name) cannot run the model '\(model.rawValue)'\(ofNeurons); it runs \(known)")
    }
    let bits = self.weightBits.value
    if let weightBits, weightBits > bits {
      let advice = bits <= 8 ? "; weight_format: split holds twice as many in two synapses of weight_bits: \(bits)" : ""
      throw ExperimentError("\(name) holds weights of \(bits) bits; weight_bits is \(weightBits)\(advice)")
    }
  }

  /// The largest drive beside which states still tell λ in 2⁻⁷ of it.
  func largestDrive(lambda: Double) -> Double { scalbn(lambda, stateBits.value - 8) }

  /// Checks that one number format of the chip's states can hold both the drive and the threshold.
  ///
  /// - Throws: `ExperimentError`; only narrow states or a stream from elsewhere can fail.
  func check(holds largestDrive: Double, lambda: Double) throws(ExperimentError) {
    let largest = self.largestDrive(lambda: lambda)
    guard largestDrive > largest else { return }
    throw ExperimentError(
      "\(name) cannot hold the input: it drives neurons by up to \(rounded(largestDrive)), and with lambda "
        + "\(rounded(lambda)) states of \(stateBits.value) bits hold \(rounded(largest)); use a chip with wider states, a larger "
        + "lambda or, for events from a file, a smaller payload_exponent")
  }
}

/// To four digits, for messages.
private func rounded(_ value: Double) -> String { String(format: "%.4g", value) }
