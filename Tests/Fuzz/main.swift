import EventStreams
import Foundation
import TestSupport

// fuzz-readers FORMAT EXECUTIONS SEED CORPUS FINDINGS
//
// Damages the files of the folder CORPUS and reads them; each reading must end within a second of processor time in a valid
// stream or an error of one line, and in memory that the file's size bounds. The file under way is FINDINGS/input.FORMAT: it
// stays there when a reading fails or crashes. Prints what was seen as JSON.

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

func fuzz(_ arguments: [String]) throws -> Report {
  guard arguments.count == 6, let format = EventStreamFile.Format(rawValue: arguments[1]),
    let executions = Int(arguments[2]), let seed = UInt64(arguments[3])
  else { throw EventStreamError("usage: fuzz-readers FORMAT EXECUTIONS SEED CORPUS FINDINGS") }
  let path = "\(arguments[5])/input.\(format.rawValue)"
  try FileManager.default.createDirectory(atPath: arguments[5], withIntermediateDirectories: true)
  let file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o666)
  guard file >= 0 else { throw EventStreamError("\(path) cannot be written") }
  let corpus = try Corpus(format, folder: arguments[4])
  let execution = Execution(format: format, path: path)
  var random = SplitMix64(seed: seed)
  var report = Report()
  for _ in 0..<executions {
    let bytes = corpus.damaged(&random)
    try keep(bytes, in: file)
    // From disk in small portions, so that what is read ends at every place.
    let bufferSize = random.int(1...8) == 1 ? 1 << random.int(0...16) : nil
    let outcome = try execution(bytes, bufferSize: bufferSize)
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
