import DataFiles
import Foundation
import TestSupport
import Testing

@Suite struct LineTests {
  private func lines(of text: String, bufferSize: Int, maximumCount: Int = 10) throws -> [String] {
    try withTemporaryFolder { folder in
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/file"))
      var lines: [String] = []
      try ByteReader(path: "\(folder)/file", bufferSize: bufferSize).forEachLine(maximumCount: maximumCount) {
        lines.append(String(decoding: $0, as: UTF8.self))
      }
      return lines
    }
  }

  @Test(arguments: [1, 7, 64, 1 << 20], ["", "\n", "one", "one\n", "one\n\ntwo", "ten bytes.\nten bytes.\n\n"])
  func linesAreTheSameThroughAnyBuffer(bufferSize: Int, text: String) throws {
    var expected = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if expected.last == "" { expected.removeLast() }
    #expect(try lines(of: text, bufferSize: bufferSize) == expected)
  }

  @Test(arguments: [1, 7, 64]) func aLineThatIsTooLongIsLeftOutAsAWhole(bufferSize: Int) throws {
    let long = String(repeating: "x", count: 1000)
    #expect(try lines(of: "one\n\(long)\ntwo\n", bufferSize: bufferSize) == ["one", "two"])
    #expect(try lines(of: "one\n\(long)", bufferSize: bufferSize) == ["one"])
  }
}
