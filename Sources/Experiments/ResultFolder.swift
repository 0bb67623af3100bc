import ChipTraces
import DataFiles
import EventStreams
import Foundation
import Neuromorphic
import Reports
import SparseCoding

extension ChipRun {
  /// The files of every result, without traces.
  package static let fileNames: Set = [
    "run.yaml", "cores.csv", "links.csv", "chip.json", "marks.csv", "stats.csv", "stats.json",
  ]

  /// Writes `run.yaml`, `cores.csv`, `links.csv`, `chip.json`, the traces asked for that were not written meanwhile,
  /// with the marks of all their columns, and `stats.csv` and `stats.json` into a folder that exists.
  func write(into folder: String, statistics: Statistics) throws {
    try AtomicFile.write(Data(RunFile.text(configuration, contents: contents).utf8), to: "\(folder)/run.yaml")
    try AtomicFile.write(Data(coresCSV.utf8), to: "\(folder)/cores.csv")
    try AtomicFile.write(Data(linksCSV.utf8), to: "\(folder)/links.csv")
    try AtomicFile.write(Data(ChipSheet(chip).json.text(expandedDepth: 2).utf8), to: "\(folder)/chip.json")
    if configuration.traces.contains(.steps) { try AtomicFile.write(Data(stepsCSV.utf8), to: "\(folder)/steps.csv") }
    try AtomicFile.write(Data(columnMarksCSV.utf8), to: "\(folder)/marks.csv")
    if configuration.traces.contains(.input) { try EventStreamFile.write(input, to: "\(folder)/input.npz") }
    if configuration.traces.contains(.pictures) { try writePictures(into: folder) }
    // Last, as a folder that has them counts as a whole result.
    try StatisticsFile(run: summary, statistics: statistics).write(toFolder: folder)
  }

  /// What `stats.json` says of the configuration: the keys that name the run, and where its figures come from.
  private var summary: JSONValue {
    let run = configuration
    var members: [JSONValue.Member] = [
      .init("image", run.image.map { .text($0) } ?? .null), .init("bank", .text(run.bank)),
      .init("input", .text(run.events == nil ? run.input.rawValue : "events")),
      .init("model", .text(run.model.rawValue)),
      .init("chip", .text(chip.name)), .init("arithmetic", .text(run.weightBits.map { "integer\($0)" } ?? "float")),
      .init("weight_format", .text(run.weightFormat.rawValue)),
      .init("timing", .text(run.timing.rawValue)), .init("lambda", .real(run.lambda)),
      .init("stride", .integer(Int64(run.stride))),
      .init("steps_simulated", .integer(Int64(records.count))),
      .init("kernels", .integer(Int64(reference.problem.bank.count))),
      .init("program", .text(ProgramVersion.current)),
      .init("estimates", .list((chip.estimates + encodingEstimate).map { .text($0) })),
    ]
    if !hypotheses.isEmpty { members.append(.init("hypothetical", .list(hypotheses.map { .text($0) }))) }
    if !warnings.isEmpty { members.append(.init("warnings", .text(warnings))) }
    let leftOut = inputStage.leftOut
    if !leftOut.isEmpty { members.append(.init("events_left_out", .list(leftOut.map { .text($0) }))) }
    return .object(members)
  }

  /// The assumption behind the energy of encoding.
  private var encodingEstimate: [String] { inputStage.code == nil ? [] : [configuration.encodingNote] }

  /// One line a timestep, from 0: everything counted from the beginning to its end, and the code's quality after it.
  package var stepsCSV: String {
    var text =
      "step,end_ps,spikes,synops,packets,hops,updates_active,saturations,energy_dynamic_pJ,objective,gap,nonzeros,"
      + "psnr_dB\n"
    for (index, (record, quality)) in zip(records, qualities).enumerated() {
      let hops = record.hopsEastWest + record.hopsNorthSouth + record.hopsBetweenChips
      text +=
        "\(index),\(record.end_ps),\(record.spikes),\(record.synapticOperations),\(record.corePackets),\(hops),"
      text += "\(record.updatesActive),\(record.saturations),\(record.energy.dynamic_pJ),\(quality.objective),"
      text += "\(reference.gap(ofObjective: quality.objective)),\(quality.nonzeros),"
      text += "\(psnr(ofSquaredError: quality.squaredError))\n"
    }
    return text
  }

  /// The preprocessed image, what the chip's code rebuilds of it, and the difference, all on one gray scale.
  private func writePictures(into folder: String) throws {
    let image = reference.problem.image
    let rebuilt = reference.problem.synthesisOperator.synthesis(of: code)
    let residual = Image(
      height: image.height, width: image.width, pixels: zip(image.pixels, rebuilt.pixels).map { $0 - $1 })
    let largest = image.pixels.reduce(Float.leastNormalMagnitude) { max($0, abs($1)) }
    for (name, picture) in [("image", image), ("reconstruction", rebuilt), ("residual", residual)] {
      try picture.raster(range: -largest...largest).writePNG(to: "\(folder)/\(name).png")
    }
    try reference.problem.bank.picture().writePNG(to: "\(folder)/bank.png")
  }
}

extension FormerFolder {
  /// A result of `run` or `compare`, with all files that one may have.
  static let ofRuns = FormerFolder.result(
    files: ChipRun.fileNames.union(["comparison.csv", Report.fileName])
      .union(RunConfiguration.Trace.allCases.flatMap(\.fileNames)),
    charts: Report.chartsName)
}

extension RunConfiguration.Trace {
  /// The files of the trace in a result folder.
  var fileNames: [String] {
    switch self {
    case .spikes: [SpikeTrace.Format.csv.fileName]
    case .npz: [SpikeTrace.Format.npz.fileName]
    case .sonata: [SpikeTrace.Format.sonata.fileName]
    case .nwb: [SpikeTrace.Format.nwb.fileName]
    case .steps: ["steps.csv"]
    case .input: ["input.npz"]
    case .pictures: ["image.png", "reconstruction.png", "residual.png", "bank.png"]
    case .vcd: ["activity.vcd"]
    case .fst: ["activity.fst"]
    case .sqlite: ["trace.sqlite"]
    case .perfetto: ["trace.perfetto.json"]
    }
  }
}

extension Image {
  /// An 8-bit picture with the range's ends black and white.
  func raster(range: ClosedRange<Float>) -> Raster {
    let scale = 255 / (range.upperBound - range.lowerBound)
    return Raster(
      width: width, height: height, channels: 1, bitDepth: 8,
      samples: pixels.map { UInt16(min(max((($0 - range.lowerBound) * scale).rounded(), 0), 255)) })
  }
}

extension Network {
  var isFloat: Bool { arithmetic == .float }
}
