import DataFiles
import Foundation
import TestSupport
import Testing

struct NumPyArchiveTests {
  /// One array of each dtype, with the extremes of each, of ranks 0 to 4, and empty ones.
  static func samples() -> NumPyArchive {
    func array(_ elements: NumPyArray.Elements) -> NumPyArray {
      NumPyArray(shape: [elements.count], elements: elements)
    }
    return NumPyArchive([
      "bool": array(.bool([true, false, true])),
      "int8": array(.int8([.min, -1, 0, .max])),
      "int16": array(.int16([.min, -1, 0, .max])),
      "int32": array(.int32([.min, -1, 0, .max])),
      "int64": array(.int64([.min, -1, 0, .max])),
      "uint8": array(.uint8([0, 1, .max])),
      "uint16": array(.uint16([0, 1, .max])),
      "uint32": array(.uint32([0, 1, .max])),
      "uint64": array(.uint64([0, 1, .max])),
      "float32": array(.float32([-0.0, 1.5, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude])),
      "float64": array(.float64([-0.0, 0.1, .infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude])),
      "text": array(.text(["sparse-latency", "", "B_θ ± 5°"])),
      "scalar": NumPyArray(0.2),
      "word": NumPyArray("delta"),
      "matrix": NumPyArray(shape: [2, 3], [1, 2, 3, 4, 5, 6] as [Float]),
      "cube": NumPyArray(shape: [2, 3, 4, 5], (0..<120).map { Int32($0) }),
      "empty": NumPyArray(shape: [0, 3], [] as [Int32]),
    ])
  }

  @Test(arguments: [false, true])
  func whatIsWrittenIsReadAgain(deflated: Bool) throws {
    try withTemporaryFolder { folder in
      try Self.samples().write(to: "\(folder)/a.npz", deflated: deflated)
      #expect(try NumPyArchive(contentsOf: "\(folder)/a.npz") == Self.samples())
    }
  }

  @Test func anArchiveWithoutArraysIsWrittenAndRead() throws {
    try withTemporaryFolder { folder in
      try NumPyArchive().write(to: "\(folder)/a.npz")
      #expect(try NumPyArchive(contentsOf: "\(folder)/a.npz").arrays.isEmpty)
    }
  }

  @Test(
    .enabled(if: PythonOracle.isAvailable, "needs NumPy; run by make test"),
    arguments: ["stored", "deflated", "big-endian", "fortran"])
  func numPyReadsWhatIsWrittenAndIsReadInEveryForm(mode: String) throws {
    try withTemporaryFolder { folder in
      try Self.samples().write(to: "\(folder)/in.npz")
      try PythonOracle.run("numpy_copy.py", [mode, "\(folder)/in.npz", "\(folder)/out.npz"])
      #expect(try NumPyArchive(contentsOf: "\(folder)/out.npz") == Self.samples())
    }
  }

  @Test(.enabled(if: PythonOracle.isAvailable, "needs NumPy; run by make test"))
  func halfPrecisionAndByteStringsAreRead() throws {
    let archive = try PythonOracle.archive("numpy_samples.py")
    #expect(try archive.floats("half") == archive.floats("half_as_float"))
    #expect(try archive.array("bytes").texts == ["delta", "", "a"])
    #expect(try archive.text("empty_text") == "")
  }

  /// Each scratch file goes when it has been copied, so that there is not room for all of them twice.
  @Test func columnsInPiecesBecomeAnArchiveAndTheirScratchFilesGo() throws {
    try withTemporaryFolder { folder in
      let parts = "\(folder)/parts"
      try FileManager.default.createDirectory(atPath: parts, withIntermediateDirectories: false)
      let (integers, reals) = (Array(Int32(0)..<1_000_000), (0..<1000).map { Double($0) / 3 })
      let writer = NumPyColumnsWriter(folder: parts)
      for first in stride(from: 0, to: integers.count, by: 250_000) {
        try writer.append("integers", Array(integers[first..<first + 250_000]))
      }
      try writer.append("reals", reals)
      try writer.append("none", [Int64]())
      try writer.finish(["text": NumPyArray("a")], to: "\(folder)/a.npz")
      #expect(try FileManager.default.contentsOfDirectory(atPath: parts) == [])
      let read = try NumPyArchive(contentsOf: "\(folder)/a.npz")
      #expect(try read.int32s("integers") == integers)
      #expect(try read.doubles("reals") == reals)
      #expect(try read.int64s("none") == [] && read.text("text") == "a")
    }
  }

  @Test func equalArchivesAreEqualFiles() throws {
    try withTemporaryFolder { folder in
      try Self.samples().write(to: "\(folder)/a.npz")
      Thread.sleep(forTimeInterval: 2.1)  // zip dates count in two seconds
      try Self.samples().write(to: "\(folder)/b.npz")
      let a = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/a.npz"))
      #expect(try a == Data(contentsOf: URL(fileURLWithPath: "\(folder)/b.npz")))
    }
  }

  @Test func numbersConvertExactlyOrNotAtAll() throws {
    let archive = Self.samples()
    #expect(try archive.int32s("int8") == [-128, -1, 0, 127])
    #expect(try archive.floats("bool") == [1, 0, 1])
    #expect(try archive.doubles("uint64")[2] == 0x1p64)
    #expect(try NumPyArray(shape: [2], [3, -4] as [Double]).int32s == [3, -4])
    #expect(throws: FileError.self) { try archive.int32s("int64") }
    #expect(throws: FileError.self) { try archive.int32s("scalar") }
    #expect(throws: FileError.self) { try archive.floats("float64") }
    #expect(throws: FileError.self) { try archive.floats("text") }
    #expect(throws: FileError.self) { try archive.text("int8") }
    #expect(throws: FileError.self) { try NumPyArray(shape: [1], [Double.nan]).int64s }
  }

  @Test func anErrorNamesTheFileTheArrayAndWhatIsNeeded() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/code.npz"
      try Self.samples().write(to: path)
      let archive = try NumPyArchive(contentsOf: path)
      #expect(throws: FileError(path: path, "'matrix' has shape [2, 3]; an array of 3 axes is needed")) {
        try archive.array("matrix", rank: 3)
      }
      #expect(throws: FileError(path: path, "'matrix' has 6 elements; one is needed")) { try archive.number("matrix") }
      #expect(throws: FileError(path: path, "'word' holds text; numbers are needed")) { try archive.number("word") }
      let error = #expect(throws: FileError.self) { try archive.array("kernels") }
      #expect(error?.description.hasPrefix("\(path): 'kernels' is missing; the file holds bool, cube") == true)
    }
  }

  @Test func aHeaderThatClaimsTooMuchIsRefusedBeforeAllocation() {
    let hostile = [
      "{'descr': '<f8', 'fortran_order': False, 'shape': (1152921504606846976,), }",
      "{'descr': '<f8', 'fortran_order': True, 'shape': (4294967296, 4294967296, 4294967296), }",
      "{'descr': '<U0', 'fortran_order': False, 'shape': (1152921504606846976,), }",
      "{'descr': '<U1152921504606846976', 'fortran_order': False, 'shape': (1,), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999,), }",
    ]
    for header in hostile { #expect(throws: FileError.self) { try array(header: header, data: [0, 0, 0, 0]) } }
  }

  @Test func malformedHeadersAreRefused() throws {
    let good = "{'descr': '<i4', 'fortran_order': False, 'shape': (1,), }"
    #expect(try array(header: good, data: [7, 0, 0, 0]) == NumPyArray(shape: [1], [7] as [Int32]))
    #expect(throws: FileError.self) { try array(header: good, data: [7, 0, 0]) }
    #expect(throws: FileError.self) { try array(header: good, data: [7, 0, 0, 0, 0]) }
    let malformed = [
      "", "{", "{}", good.replacingOccurrences(of: "}", with: ""), good + " x",
      good.replacingOccurrences(of: "(1,)", with: "(1)"), good.replacingOccurrences(of: "(1,)", with: "(-1,)"),
      good.replacingOccurrences(of: "False", with: "None"), good.replacingOccurrences(of: "<i4", with: "|O"),
      good.replacingOccurrences(of: "<i4", with: "<i3"), good.replacingOccurrences(of: "<i4", with: "<c8"),
      good.replacingOccurrences(of: "'<i4'", with: "[('a', '<i4')]"),
      good.replacingOccurrences(of: ", }", with: ", 'shape': (1,)}"),
      good.replacingOccurrences(of: ", }", with: ", 'extra': 1}"),
      "{'descr': '<i4', 'shape': (1,), }",
      good.replacingOccurrences(of: "(1,)", with: "(" + String(repeating: "1,", count: 65) + ")"),
    ]
    for header in malformed { #expect(throws: FileError.self) { try array(header: header, data: [7, 0, 0, 0]) } }
  }

  private func array(header: String, data: [UInt8]) throws -> NumPyArray {
    let count = header.utf8.count
    var bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 255), UInt8(count >> 8)]
    bytes += Array(header.utf8) + data
    return try bytes.withUnsafeBytes { try NumPyArray(npy: $0) }
  }

  @Test func anArchiveThatUnpacksToTooMuchIsRefused() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/bomb.npz"
      let zeros = NumPyArray(shape: [1 << 22], elements: .uint8([UInt8](repeating: 0, count: 1 << 22)))
      try NumPyArchive(["a": zeros, "b": zeros]).write(to: path, deflated: true)
      #expect(throws: FileError(path: path, "unpacks to more than the limit of 5000000 bytes")) {
        try NumPyArchive(contentsOf: path, maximumBytes: 5_000_000)
      }
      #expect(try NumPyArchive(contentsOf: path, maximumBytes: 9_000_000).arrays.count == 2)
    }
  }

  @Test func whatIsNoArchiveIsAnError() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(Data("text".utf8), to: "\(folder)/text")
      mkfifo("\(folder)/pipe", 0o600)
      for name in ["text", "missing", "pipe", "."] {
        let error = #expect(throws: FileError.self) { try NumPyArchive(contentsOf: "\(folder)/\(name)") }
        #expect(error?.description.hasPrefix("\(folder)/\(name): ") == true)
      }
    }
  }

  @Test func damagedArraysNeverCrash() {
    var random = SplitMix64(seed: 1)
    for array in Self.samples().arrays.sorted(by: { $0.key < $1.key }).map(\.value) {
      for _ in 0..<500 {
        let bytes = array.npy.mutated(using: &random)
        _ = try? bytes.withUnsafeBytes { try NumPyArray(npy: $0) }
      }
    }
  }

  @Test(arguments: [false, true])
  func damagedArchivesNeverCrash(deflated: Bool) throws {
    let before = peakMemory()
    try withTemporaryFolder { folder in
      try Self.samples().write(to: "\(folder)/good.npz", deflated: deflated)
      let good = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/good.npz")))
      var random = SplitMix64(seed: deflated ? 2 : 3)
      var refused = 0
      for _ in 0..<1500 {
        try Data(good.mutated(using: &random)).write(to: URL(fileURLWithPath: "\(folder)/bad.npz"))
        do {
          _ = try NumPyArchive(contentsOf: "\(folder)/bad.npz", maximumBytes: 1 << 24)
        } catch {
          #expect(error is FileError)
          refused += 1
        }
      }
      #expect(refused > 750)
    }
    #expect(peakMemory() - before < 300 << 20)
  }
}
