import DataFiles
import Neuromorphic

extension SpikeTrace {
  /// `time_ps,step,population,neuron,kernel,row,column,polarity,payload`
  func writeCSV(to path: String) throws {
    let writer = try ByteWriter(path: path)
    try writer.append("time_ps,step,population,neuron,kernel,row,column,polarity,payload\n".utf8)
    for spike in spikes {
      let place = place(ofNeuron: spike.neuron, population: spike.population)
      try writer.append { bytes in
        bytes.append(decimal: spike.time_ps, ",")
        bytes.append(decimal: spike.step, ",")
        bytes += populations[spike.population].name.utf8
        bytes.append(UInt8(ascii: ","))
        bytes.append(decimal: spike.neuron, ",")
        bytes.append(decimal: place.kernel, ",")
        bytes.append(decimal: place.row, ",")
        bytes.append(decimal: place.column, ",")
        bytes.append(decimal: polarity(of: spike), ",")
        if hasIntegerPayloads {
          bytes.append(decimal: Int(spike.payload), "\n")
        } else {
          bytes += "\(spike.payload)\n".utf8
        }
      }
    }
    try writer.flush()
  }

  /// Arrays with one value for each spike, and `populations` with the names that `population` counts.
  func writeNumPy(inFolder folder: String) throws -> String {
    let writer = NumPyColumnsWriter(folder: folder)
    var start = 0
    repeat {
      let piece = spikes[start..<min(spikes.count, start + 1 << 16)]
      let places = piece.map { place(ofNeuron: $0.neuron, population: $0.population) }
      try writer.append("time_ps", piece.map { Int64($0.time_ps) })
      try writer.append("step", piece.map { Int32($0.step) })
      try writer.append("population", piece.map { Int32($0.population) })
      try writer.append("neuron", piece.map { Int32($0.neuron) })
      try writer.append("kernel", places.map { Int32($0.kernel) })
      try writer.append("row", places.map { Int32($0.row) })
      try writer.append("column", places.map { Int32($0.column) })
      try writer.append("polarity", piece.map { Int8(polarity(of: $0)) })
      if hasIntegerPayloads {
        try writer.append("payload", piece.map { Int64($0.payload) })
      } else {
        try writer.append("payload", piece.map(\.payload))
      }
      start = piece.endIndex
    } while start < spikes.count
    let file = "\(folder)/spikes"
    try writer.finish(
      ["populations": NumPyArray(shape: [populations.count], elements: .text(populations.map(\.name)))], to: file)
    return file
  }
}
