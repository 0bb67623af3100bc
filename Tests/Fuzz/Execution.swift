import AllocationMeter
import DataFiles
import EventStreams
import Foundation

/// Whether memory is counted, without which its bound would hold of whatever a reader takes.
func countsMemory() -> Bool {
  allocation_meter_begin()
  let block = [UInt8](repeating: 1, count: 1 << 20 + Int(getpid()) % 2)
  return allocation_meter_works() == 1 && Int(allocation_meter_peak()) >= block.count && block.last == 1
}

/// One reading of a damaged file, and what it must keep to.
struct Execution {
  let format: EventStreamFile.Format
  /// The file on disk, which a crash leaves behind.
  let path: String

  /// The signal of a timer ends the process when a reading takes so many seconds, whoever has the processor.
  static let limit_s: UInt32 = 60

  /// What was seen.
  struct Outcome {
    var isRefused = false
    var peakBytes = 0
    var seconds = 0.0
  }

  /// What a reading did that it must not.
  struct Violation: Error, CustomStringConvertible {
    let description: String
  }

  /// How a file is read.
  enum Way {
    case fromMemory
    /// Through a buffer of some bytes; late events are put in order before so many others, or refused.
    case fromDisk(bufferSize: Int, sortingReach: Int?)
  }

  /// Reads. The signal of a timer ends the process after a second of processor time.
  func callAsFunction(_ bytes: [UInt8], _ way: Way) throws -> Outcome {
    var outcome = Outcome()
    setTimer(seconds: 1)
    defer { setTimer(seconds: 0) }
    let began = processorSeconds
    allocation_meter_begin()
    do {
      let stream =
        switch way {
        case .fromMemory: try EventStreamFile.read(bytes: bytes, format: format, called: path)
        case .fromDisk(let bufferSize, let sortingReach):
          try EventStreamFile.read(path, bufferSize: bufferSize, sortingReach: sortingReach)
        }
      outcome.peakBytes = Int(allocation_meter_peak())
      outcome.seconds = processorSeconds - began
      try stream.validate()
      let events = format.mostEvents(in: bytes)
      guard stream.count <= events else {
        throw Violation(description: "\(stream.count) events of \(bytes.count) bytes; \(events) can be")
      }
    } catch let error as FileError {
      outcome.isRefused = true
      outcome.peakBytes = Int(allocation_meter_peak())
      outcome.seconds = processorSeconds - began
      guard error.path == path, !error.description.contains("\n") else {
        throw Violation(description: "an error that is not one line of the file: \(error)")
      }
    }
    let limit = format.mostMemory(of: bytes)
    guard outcome.peakBytes <= limit else {
      throw Violation(description: "\(outcome.peakBytes) bytes of memory for \(bytes.count); \(limit) can be")
    }
    return outcome
  }

  private func setTimer(seconds: Int) {
    var timer = itimerval()
    timer.it_value.tv_sec = seconds
    setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
  }

  private var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}

extension EventStreamFile.Format {
  /// Events that a file can have: one in at least 12 bytes of a line of text; in a word of 32 bits, or 12 in one of 16;
  /// in 8 bytes; in 16, of which LZ4 or zstd may make 256 of each byte; in the 5 bytes of as many unpacked columns.
  func mostEvents(in bytes: [UInt8]) -> Int {
    switch said(by: bytes) {
    case .csv: bytes.count / 12
    case .evt2: bytes.count / 4
    case .evt3: 12 * (bytes.count / 2)
    case .aedat3: bytes.count / 8
    case .aedat4: (hasCompressedFrames(bytes) ? 256 : 1) * bytes.count / 16
    case .npz: unpackedBytes(ofArchive: bytes) / 5
    case .sqlite: 0
    }
  }

  /// Whether there is the beginning of a frame of LZ4 or zstd.
  ///
  /// Source: the formats' magic numbers, 0x184D2204 and 0xFD2FB528 (RFC 8878).
  private func hasCompressedFrames(_ bytes: [UInt8]) -> Bool {
    let marks: [[UInt8]] = [[0x04, 0x22, 0x4D, 0x18], [0x28, 0xB5, 0x2F, 0xFD]]
    return marks.contains { Data(bytes).range(of: Data($0)) != nil }
  }

  /// Bytes of all entries of a zip file: those that are stored, and of others as many as the directory says, but at the
  /// most the 1032 that deflate makes of one.
  ///
  /// Source: APPNOTE of PKWARE, 4.3.12: the method at byte 10 of a directory's entry, the packed size at 20, the size
  /// at 24.
  private func unpackedBytes(ofArchive bytes: [UInt8]) -> Int {
    let (file, mark) = (Data(bytes), Data("PK\u{1}\u{2}".utf8))
    var (sum, place) = (0, 0)
    while let entry = file.range(of: mark, in: place..<file.count), entry.lowerBound + 28 <= file.count {
      func number(at offset: Int, bytes count: Int) -> Int {
        file[entry.lowerBound + offset..<entry.lowerBound + offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
      }
      let packed = min(number(at: 20, bytes: 4), file.count)
      sum += number(at: 10, bytes: 2) == 0 ? packed : min(number(at: 24, bytes: 4), 1032 * packed)
      place = entry.upperBound
    }
    return sum
  }

  /// The format of damaged bytes: the camera formats tell themselves apart by what is in the file.
  private func said(by bytes: [UInt8]) -> Self {
    guard isOfCameras else { return self }
    if bytes.starts(with: "#!AER-DAT4.0\r\n".utf8) { return .aedat4 }
    if bytes.starts(with: "#!AER-DAT".utf8) { return .aedat3 }
    let words = String(decoding: bytes.prefix(1 << 12), as: UTF8.self).split(whereSeparator: \.isWhitespace)
    let isEVT3 = zip(words, words.dropFirst()).contains { $0.hasSuffix("evt") && $1.hasPrefix("3") }
    return isEVT3 || words.contains { $0.contains("EVT3") } ? .evt3 : .evt2
  }

  /// A fixed part – pieces of 65,536 events, and what libraries need – and four times 28 bytes for each possible event,
  /// as arrays grow by doubling and are copied then.
  func mostMemory(of bytes: [UInt8]) -> Int { 8 << 20 + 4 * 28 * mostEvents(in: bytes) + 4 * bytes.count }
}
