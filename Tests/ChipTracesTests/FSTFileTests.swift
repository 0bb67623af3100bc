import ChipTraces
import DataFiles
import Foundation
import TestSupport
import Testing

@Suite struct FSTFileTests {
  private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../traces/every-format/activity.fst").standardizedFileURL

  private func check(_ bytes: Data) throws {
    try withTemporaryFolder { folder in
      try bytes.write(to: URL(fileURLWithPath: "\(folder)/a.fst"))
      try FSTFile.checkIsWhole("\(folder)/a.fst")
    }
  }

  @Test func aWholeFilePasses() throws { try check(Data(contentsOf: Self.golden)) }

  /// Between two blocks, too, as the hierarchy comes last.
  @Test func aFileThatIsCutAnywhereIsRefused() throws {
    let whole = try Data(contentsOf: Self.golden)
    for count in 0..<whole.count {
      let error = #expect(throws: FileError.self, "\(count) bytes") { try check(whole.prefix(count)) }
      #expect(error?.problem == "could not be written whole; is the disk full?")
    }
  }

  /// What must be there may come before the block that is cut.
  @Test func aBlockOfWhichOnlyTheLengthIsThereIsRefused() throws {
    func block(_ type: UInt8, _ count: Int) -> Data {
      Data([type]) + withUnsafeBytes(of: UInt64(8 + count).bigEndian) { Data($0) } + Data(count: count)
    }
    let whole = block(0, 321) + block(3, 5) + block(4, 5) + block(8, 12)
    try check(whole)
    for left in [0, 1, 11] { #expect(throws: FileError.self) { try check(whole.dropLast(12 - left)) } }
  }

  @Test func lengthsThatCannotBeAreRefused() throws {
    let whole = try Data(contentsOf: Self.golden)
    for length: UInt64 in [0, 7, 328, 330, .max] {
      var file = whole
      withUnsafeBytes(of: length.bigEndian) { file.replaceSubrange(1..<9, with: $0) }
      #expect(throws: FileError.self, "\(length)") { try check(file) }
    }
    #expect(throws: FileError.self) { try check(whole + [0]) }
  }
}
