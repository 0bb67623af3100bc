import DataFiles
import Neuromorphic

/// `time_ps,step,population,neuron,kernel,row,column,polarity,payload`
final class SpikeTable: SpikeSink {
  private let trace: SpikeTrace
  private let writer: ByteWriter

  init(_ trace: SpikeTrace, path: String) throws {
    self.trace = trace
    writer = try ByteWriter(path: path)
    try writer.append("time_ps,step,population,neuron,kernel,row,column,polarity,payload\n".utf8)
  }

  func append(_ spikes: [Spike]) throws {
    for spike in spikes { try writer.append { append(spike, to: &$0) } }
  }

  private func append(_ spike: Spike, to bytes: inout [UInt8]) {
    let place = trace.place(ofNeuron: spike.neuron, population: spike.population)
    bytes.append(decimal: spike.time_ps, ",")
    bytes.append(decimal: spike.step, ",")
    bytes += trace.populations[spike.population].name.utf8
    bytes.append(UInt8(ascii: ","))
    bytes.append(decimal: spike.neuron, ",")
    bytes.append(decimal: place.kernel, ",")
    bytes.append(decimal: place.row, ",")
    bytes.append(decimal: place.column, ",")
    bytes.append(decimal: trace.polarity(of: spike), ",")
    if trace.hasIntegerPayloads {
      bytes.append(decimal: Int(spike.payload), "\n")
    } else {
      bytes += "\(spike.payload)\n".utf8
    }
  }

  func finish() throws { try writer.flush() }
}

/// Arrays with one value for each spike; `populations` with the names that `population` counts, and
/// `payload_exponents`.
final class SpikeArchive: SpikeSink {
  private let trace: SpikeTrace
  private let path: String
  private let writer: NumPyColumnsWriter

  init(_ trace: SpikeTrace, path: String, parts: String) throws {
    (self.trace, self.path) = (trace, path)
    writer = NumPyColumnsWriter(folder: parts)
    // So that a trace without spikes has its columns too.
    try append([])
  }

  func append(_ spikes: [Spike]) throws {
    let places = spikes.map { trace.place(ofNeuron: $0.neuron, population: $0.population) }
    try writer.append("time_ps", spikes.map { Int64($0.time_ps) })
    try writer.append("step", spikes.map { Int32($0.step) })
    try writer.append("population", spikes.map { Int32($0.population) })
    try writer.append("neuron", spikes.map { Int32($0.neuron) })
    try writer.append("kernel", places.map { Int32($0.kernel) })
    try writer.append("row", places.map { Int32($0.row) })
    try writer.append("column", places.map { Int32($0.column) })
    try writer.append("polarity", spikes.map { Int8(trace.polarity(of: $0)) })
    if trace.hasIntegerPayloads {
      try writer.append("payload", spikes.map { Int64($0.payload) })
    } else {
      try writer.append("payload", spikes.map(\.payload))
    }
  }

  func finish() throws {
    let (names, exponents) = (trace.populations.map(\.name), trace.populations.map { Int32($0.payloadExponent) })
    try writer.finish(
      [
        "populations": NumPyArray(shape: [names.count], elements: .text(names)),
        "payload_exponents": NumPyArray(shape: [exponents.count], exponents),
      ], to: path)
  }
}
