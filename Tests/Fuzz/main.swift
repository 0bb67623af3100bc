import EventStreams
import Foundation
import TestSupport

// fuzz-readers FORMAT EXECUTIONS SEED CORPUS FINDINGS
//
// Damages the files of the folder CORPUS and reads them; each reading must end within a second of processor time in a
// valid stream or an error of one line, and in memory that the file's size bounds. The file under way is
// FINDINGS/input-N.FORMAT: it stays there when a reading fails or crashes, and the next run takes the next N. Prints
// what was seen as JSON.

struct Report: Encodable {
  var executions = 0
  var refused = 0
  var slowest_s = 0.0
  var largestPeak_B = 0
}

func keep(_ bytes: [UInt8], in file: Int32) throws {
  guard ftruncate(file, off_t(bytes.count)) == 0, pwrite(file, bytes, bytes.count, 0) == bytes.count else {
    throw EventStreamError("the input cannot be kept: \(String(cString: strerror(errno)))")
  }
}

/// Makes the file for the readings, beside those of former runs that stayed.
func makeInput(_ format: EventStreamFile.Format, in folder: String) throws -> (path: String, file: Int32) {
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  for number in 1...10_000 {
    let path = "\(folder)/input-\(number).\(format.rawValue)"
    let file = open(path, O_RDWR | O_CREAT | O_EXCL, 0o666)
    if file >= 0 { return (path, file) }
    guard errno == EEXIST else { throw EventStreamError("\(path) cannot be made: \(String(cString: strerror(errno)))") }
  }
  throw EventStreamError("\(folder) is full of findings")
}

extension SplitMix64 {
  /// Seldom from disk, in small portions, so that what is read ends at every place; half of that with late events
  /// sorted.
  mutating func way() -> Execution.Way {
    guard int(1...8) == 1 else { return .fromMemory }
    let bufferSize = 1 << int(0...16)
    return .fromDisk(bufferSize: bufferSize, sortingReach: Bool.random(using: &self) ? 1 << int(0...16) : nil)
  }
}

func fuzz(_ arguments: [String]) throws -> Report {
  guard arguments.count == 6, let format = EventStreamFile.Format(rawValue: arguments[1]),
    let executions = Int(arguments[2]), let seed = UInt64(arguments[3])
  else { throw EventStreamError("usage: fuzz-readers FORMAT EXECUTIONS SEED CORPUS FINDINGS") }
  guard countsMemory() else { throw EventStreamError("allocations are not counted here, so that memory has no bound") }
  let (path, file) = try makeInput(format, in: arguments[5])
  let corpus = try Corpus(format, folder: arguments[4])
  let execution = Execution(format: format, path: path)
  var random = SplitMix64(seed: seed)
  var report = Report()
  for _ in 0..<executions {
    alarm(Execution.limit_s)
    let bytes = corpus.damaged(&random)
    try keep(bytes, in: file)
    let outcome = try execution(bytes, random.way())
    report.executions += 1
    report.refused += outcome.isRefused ? 1 : 0
    report.slowest_s = max(report.slowest_s, outcome.seconds)
    report.largestPeak_B = max(report.largestPeak_B, outcome.peakBytes)
  }
  unlink(path)
  return report
}

do {
  print(String(decoding: try JSONEncoder().encode(fuzz(CommandLine.arguments)), as: UTF8.self))
} catch {
  FileHandle.standardError.write(Data("fuzz-readers: \(error)\n".utf8))
  exit(1)
}
