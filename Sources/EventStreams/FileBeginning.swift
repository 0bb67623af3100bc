import DataFiles

/// What a file is by its first bytes, whatever its name says.
struct FileBeginning {
  private let start: [UInt8]
  private let kind: String
  private let formats: Set<EventStreamFile.Format>
  /// The extension of such a file; nil if it is no stream that can be read.
  private let suffix: String?

  private init(
    _ start: some Sequence<UInt8>, _ kind: String, _ formats: Set<EventStreamFile.Format> = [], suffix: String? = nil
  ) {
    (self.start, self.kind, self.formats, self.suffix) = (Array(start), kind, formats, suffix)
  }

  /// Which of these a camera's file is, it says itself.
  private static let cameras = Set(EventStreamFile.Format.allCases.filter(\.isOfCameras))

  private static let known = [
    FileBeginning("PK\u{3}\u{4}".utf8, "a NumPy archive (zip)", [.npz], suffix: ".npz"),
    FileBeginning(CSVEvents.schema.utf8, "a stream in csv", [.csv], suffix: ".csv"),
    FileBeginning("% ".utf8, "a Prophesee RAW file", cameras, suffix: ".raw"),
    FileBeginning(AEDAT4.magic, "an AEDAT 4 file", cameras, suffix: ".aedat4"),
    FileBeginning("#!AER-DAT".utf8, "an AEDAT file", cameras, suffix: ".aedat"),
    FileBeginning("SQLite format 3\0".utf8, "an SQLite database"),
    FileBeginning([0x89] + "HDF\r\n\u{1A}\n".utf8, "an HDF5 file"),
    FileBeginning([0x93] + "NUMPY".utf8, "a single NumPy array (.npy)"),
  ]

  /// The first columns of spikes in csv: of a run, and of a network's probe.
  private static let spikes = ["time_ps,step,population,", "step,time_ps,neuron,"]

  /// Checks that a reader is at the beginning of a file of a format, as far as beginnings tell.
  ///
  /// - Throws: `EventStreamError` if the file is empty, a trace of spikes, or of another format by its first bytes.
  static func check(_ reader: ByteReader, is format: EventStreamFile.Format) throws {
    guard reader.bytesLeft > 0 else { throw EventStreamError("the file is empty") }
    let (found, isTraceOfSpikes) = try reader.withBytes(atLeast: 32) { bytes in
      (0, (known.first { bytes.starts(with: $0.start) }, spikes.contains { bytes.starts(with: $0.utf8) }))
    }
    guard !isTraceOfSpikes else { throw EventStreamError.isTraceOfSpikes }
    guard let found, !found.formats.contains(format) else { return }
    let readable = EventStreamFile.Format.readableExtensions.joined(separator: ", ")
    let advice = found.suffix.map { "rename it to \($0)" } ?? "the extensions of event streams are \(readable)"
    throw EventStreamError("is \(found.kind) by its first bytes, and \(format.kind) by its name; \(advice)")
  }
}

extension EventStreamFile.Format {
  fileprivate var kind: String {
    switch self {
    case .npz: "a NumPy archive"
    case .csv: "a stream in csv"
    case .sqlite: "an SQLite database"
    case .evt2, .evt3, .aedat3, .aedat4: "a camera's recording"
    }
  }
}

extension EventStreamError {
  static let isTraceOfSpikes = EventStreamError(
    "is a trace of a chip's spikes; an event stream is expected, such as the input.npz of run --traces input")
  static let isCode = EventStreamError(
    "is a sparse code, not its events; run --input sparse --traces input makes those, as input.npz")
}
