import Neuromorphic

/// The neurons of a population, from the model's equations in the chip's integers.
func makeReferenceNeurons(_ population: Network.Population, stateBits: Int, payloadBits: Int) -> any ReferenceNeurons {
  let parameters = population.model.lowered(to: population.scale).mapValues { Int($0) }
  let count = population.shape.count
  return switch population.model.name {
  case .delta: ReferenceDelta(parameters, count: count, payloadBits: payloadBits)
  case .spiking: ReferenceSpiking(parameters, count: count, stateBits: stateBits)
  }
}

/// `delta`: LCA whose messages are changes of the activation.
struct ReferenceDelta: ReferenceNeurons {
  private let lambda, sendThreshold, stepShift, payloadShift, payloadBits: Int
  private var u, sent: [Int]

  init(_ parameters: [String: Int], count: Int, payloadBits: Int) {
    lambda = parameters["lambda", default: 0]
    sendThreshold = parameters["sendThreshold", default: 0]
    stepShift = parameters["stepShift", default: 0]
    payloadShift = parameters["payloadShift", default: 0]
    self.payloadBits = payloadBits
    u = Array(repeating: 0, count: count)
    sent = u
  }

  var states: [String: [Int]] { ["u": u, "s": sent] }

  mutating func update(_ dendrites: ReferenceDendrites, _ emitted: inout [Emission], _ saturations: inout Int) -> Int {
    var active = 0
    for i in u.indices {
      let hold = dendrites.value(.hold, i), pulse = dendrites.value(.pulse, i)
      u[i] = pulse != 0 ? pulse : u[i] + floorShifted(hold - u[i], stepShift)
      let activation = u[i].signum() * max(abs(u[i]) - lambda, 0)
      let change = activation - sent[i]
      var payload = 0
      if abs(change) >= sendThreshold {
        let half = payloadShift == 0 ? 0 : 1 << (payloadShift - 1)
        payload = saturated(floorShifted(change + half, payloadShift), bits: payloadBits, &saturations)
      }
      if hold != 0 || pulse != 0 || payload != 0 { active += 1 }
      guard payload != 0 else { continue }
      sent[i] += payload << payloadShift
      emitted.append(Emission(neuron: i, payload: payload))
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
