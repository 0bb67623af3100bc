import Neuromorphic

/// The neurons of a population, from the model's equations in the chip's integers.
func makeReferenceNeurons(_ population: Network.Population, stateBits: Int, payloadBits: Int) -> any ReferenceNeurons {
  let parameters = population.model.lowered(to: population.scale).mapValues { Int($0) }
  let count = population.shape.count
  return switch population.model.name {
  case .delta: ReferenceDelta(parameters, count: count, stateBits: stateBits, payloadBits: payloadBits)
  case .graded: ReferenceGraded(parameters, count: count, stateBits: stateBits, payloadBits: payloadBits)
  case .lif: ReferenceLIF(parameters, count: count, stateBits: stateBits)
  case .spiking: ReferenceSpiking(parameters, count: count, stateBits: stateBits)
  }
}

/// `delta`: LCA whose messages are changes of the activation.
struct ReferenceDelta: ReferenceNeurons {
  private let lambda, sendThreshold, stepShift, payloadShift, ownShare, stateBits, payloadBits: Int
  private var u, sent: [Int]

  init(_ parameters: [String: Int], count: Int, stateBits: Int, payloadBits: Int) {
    lambda = parameters["lambda", default: 0]
    sendThreshold = parameters["sendThreshold", default: 0]
    stepShift = parameters["stepShift", default: 0]
    payloadShift = parameters["payloadShift", default: 0]
    ownShare = parameters["ownShare", default: 0]
    self.stateBits = stateBits
    self.payloadBits = payloadBits
    u = Array(repeating: 0, count: count)
    sent = u
  }

  var states: [String: [Int]] { ["u": u, "s": sent] }

  mutating func reset(_ neuron: Int) {
    u[neuron] = 0
    sent[neuron] = 0
  }

  mutating func update(_ dendrites: ReferenceDendrites, _ emitted: inout [Emission], _ saturations: inout Int) -> Int {
    var active = 0
    for i in u.indices {
      let hold = dendrites.value(.hold, i), pulse = dendrites.value(.pulse, i)
      let next = u[i] + floorShifted(hold + ownShare * sent[i] - u[i], stepShift)
      u[i] = pulse != 0 ? pulse : saturated(next, bits: stateBits, &saturations)
      let activation = u[i].signum() * max(abs(u[i]) - lambda, 0)
      let change = activation - sent[i]
      var payload = 0
      if abs(change) >= sendThreshold {
        payload = saturated(nearest(change, payloadShift), bits: payloadBits, &saturations)
      }
      if hold != 0 || pulse != 0 || payload != 0 { active += 1 }
      guard payload != 0 else { continue }
      sent[i] += payload << payloadShift
      emitted.append(Emission(neuron: i, payload: payload))
    }
    return active
  }
}

/// The factor of the nearest multiple of 2^shift; halves go up.
private func nearest(_ value: Int, _ shift: Int) -> Int {
  shift == 0 ? value : floorShifted(value + (1 << (shift - 1)), shift)
}

/// `graded`: LCA that sends its activations in every step.
struct ReferenceGraded: ReferenceNeurons {
  private let lambda, stepShift, payloadShift, stateBits, payloadBits: Int
  private var u: [Int]

  init(_ parameters: [String: Int], count: Int, stateBits: Int, payloadBits: Int) {
    lambda = parameters["lambda", default: 0]
    stepShift = parameters["stepShift", default: 0]
    payloadShift = parameters["payloadShift", default: 0]
    self.stateBits = stateBits
    self.payloadBits = payloadBits
    u = Array(repeating: 0, count: count)
  }

  var states: [String: [Int]] { ["u": u] }

  mutating func reset(_ neuron: Int) { u[neuron] = 0 }

  mutating func update(_ dendrites: ReferenceDendrites, _ emitted: inout [Emission], _ saturations: inout Int) -> Int {
    var active = 0
    for i in u.indices {
      let hold = dendrites.value(.hold, i), trace = dendrites.value(.trace, i), pulse = dendrites.value(.pulse, i)
      let next = u[i] + floorShifted(hold + trace - u[i], stepShift)
      u[i] = pulse != 0 ? pulse : saturated(next, bits: stateBits, &saturations)
      let activation = u[i].signum() * max(abs(u[i]) - lambda, 0)
      let payload = saturated(nearest(activation, payloadShift), bits: payloadBits, &saturations)
      if hold != 0 || trace != 0 || pulse != 0 || payload != 0 { active += 1 }
      if payload != 0 { emitted.append(Emission(neuron: i, payload: payload)) }
    }
    return active
  }
}

/// `lif`: Loihi's current-based leaky integrate-and-fire.
struct ReferenceLIF: ReferenceNeurons {
  private let currentDecay, voltageDecay, bias, threshold, refractorySteps, stateBits: Int
  private var u, v, refractory: [Int]

  init(_ parameters: [String: Int], count: Int, stateBits: Int) {
    currentDecay = parameters["currentDecay", default: 0]
    voltageDecay = parameters["voltageDecay", default: 0]
    bias = parameters["bias", default: 0]
    threshold = parameters["threshold", default: 0]
    refractorySteps = parameters["refractory", default: 0]
    self.stateBits = stateBits
    u = Array(repeating: 0, count: count)
    v = u
    refractory = u
  }

  var states: [String: [Int]] { ["u": u, "v": v, "refractory": refractory] }

  mutating func reset(_ neuron: Int) {
    u[neuron] = 0
    v[neuron] = 0
    refractory[neuron] = 0
  }

  mutating func update(_ dendrites: ReferenceDendrites, _ emitted: inout [Emission], _ saturations: inout Int) -> Int {
    var active = 0
    for i in u.indices {
      let input = dendrites.value(.pulse, i)
      u[i] = saturated(floorShifted(u[i] * (4096 - currentDecay), 12) + input, bits: stateBits, &saturations)
      let isRefractory = refractory[i] > 0
      if isRefractory {
        refractory[i] -= 1
        v[i] = 0
      } else {
        let next = floorShifted(v[i] * (4096 - voltageDecay), 12) + u[i] + bias
        v[i] = saturated(next, bits: stateBits, &saturations)
      }
      let spikes = !isRefractory && v[i] > threshold
      if input != 0 || bias != 0 || spikes { active += 1 }
      guard spikes else { continue }
      v[i] = 0
      refractory[i] = refractorySteps
      emitted.append(Emission(neuron: i, payload: 1))
    }
    return active
  }
}

/// `spiking`: S-LCA with one neuron or an ON/OFF pair on each dendrite.
struct ReferenceSpiking: ReferenceNeurons {
  private let lambda, charge, payload, stepShift, polarities, stateBits: Int
  private var v: [Int]

  init(_ parameters: [String: Int], count: Int, stateBits: Int) {
    lambda = parameters["lambda", default: 0]
    charge = parameters["charge", default: 0]
    payload = parameters["payload", default: 0]
    stepShift = parameters["stepShift", default: 0]
    polarities = parameters["polarities", default: 0]
    self.stateBits = stateBits
    v = Array(repeating: 0, count: count * polarities)
  }

  var states: [String: [Int]] { ["V": v] }

  mutating func reset(_ neuron: Int) { v[neuron] = 0 }

  mutating func update(_ dendrites: ReferenceDendrites, _ emitted: inout [Emission], _ saturations: inout Int) -> Int {
    var active = 0
    for n in v.indices {
      let hold = dendrites.value(.hold, n / polarities), trace = dendrites.value(.trace, n / polarities)
      let sign = n % polarities == 0 ? 1 : -1
      let current = sign * (hold - trace) - lambda
      v[n] = max(0, saturated(v[n] + floorShifted(current, stepShift), bits: stateBits, &saturations))
      if hold != 0 || trace != 0 || v[n] >= charge { active += 1 }
      if v[n] >= charge {
        v[n] -= charge
        emitted.append(Emission(neuron: n, payload: sign * payload))
      }
    }
    return active
  }
}
