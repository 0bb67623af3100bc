import DataFiles
import Foundation
import TestSupport
import Testing

struct OutputTests {
  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  private func put(_ text: String, _ path: String) throws { try AtomicFile.write(Data(text.utf8), to: path) }

  @Test func aFileIsReplacedWholeAndItsFolderIsMade() throws {
    try withTemporaryFolder { folder in
      try put("one", "\(folder)/a/b/file")
      try put("two", "\(folder)/a/b/file")
      #expect(try text("\(folder)/a/b/file") == "two")
      #expect(try names("\(folder)/a/b") == ["file"])
    }
  }

  @Test func aFailedWriteLeavesTheOldFileAndNothingElse() throws {
    struct Failure: Error {}
    try withTemporaryFolder { folder in
      try put("old", "\(folder)/file")
      #expect(throws: Failure.self) {
        try AtomicFile.write(to: "\(folder)/file") { partial in
          try Data("half".utf8).write(to: URL(fileURLWithPath: partial))
          throw Failure()
        }
      }
      #expect(try text("\(folder)/file") == "old")
      #expect(try names(folder) == ["file"])
    }
  }

  @Test func aFileDoesNotReplaceAFolderOrADevice() throws {
    try withTemporaryFolder { folder in
      #expect(throws: FileError.self) { try put("text", folder) }
      #expect(throws: FileError.self) { try put("text", "/dev/null") }
      #expect(throws: FileError.self) { try put("text", "/dev/null/file") }
      #expect(throws: FileError.self) { try put("text", "") }
    }
  }

  @Test func aSymbolicLinkIsFollowed() throws {
    try withTemporaryFolder { folder in
      try put("old", "\(folder)/real")
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "\(folder)/real")
      try put("new", "\(folder)/link")
      #expect(try text("\(folder)/real") == "new")
      #expect(try names(folder) == ["link", "real"])
    }
  }

  @Test func aResultAppearsOnlyAtItsCommit() throws {
    try withTemporaryFolder { folder in
      let output = try OutputFolder(destination: "\(folder)/results/first")
      try put("{}", output.file("stats.json"))
      try put("x", output.file("pictures/kernels.png"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/results/first"))
      try output.commit()
      #expect(try names("\(folder)/results") == ["first"])
      #expect(try names("\(folder)/results/first") == ["pictures", "stats.json"])
    }
  }

  @Test func aDroppedResultLeavesNothing() throws {
    try withTemporaryFolder { folder in
      do {
        let output = try OutputFolder(destination: "\(folder)/result")
        try put("{}", output.file("stats.json"))
        #expect(try names(folder).count == 1)
      }
      #expect(try names(folder).isEmpty)
    }
  }

  @Test(arguments: OutputFolder.resultFiles)
  func aFormerResultIsReplacedWhole(marker: String) throws {
    try withTemporaryFolder { folder in
      try put("old", "\(folder)/result/\(marker)")
      try put("old", "\(folder)/result/old.csv")
      let output = try OutputFolder(destination: "\(folder)/result/")
      try put("new", output.file("stats.json"))
      #expect(try names("\(folder)/result") == [marker, "old.csv"].sorted())
      try output.commit()
      #expect(try names("\(folder)/result") == ["stats.json"])
      #expect(try names(folder) == ["result"])
    }
  }

  @Test func anEmptyFolderIsReplaced() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(atPath: "\(folder)/result", withIntermediateDirectories: false)
      try OutputFolder(destination: "\(folder)/result").commit()
      #expect(try names(folder) == ["result"])
    }
  }

  @Test func otherPeoplesFilesAreNeverReplaced() throws {
    try withTemporaryFolder { folder in
      try put("thesis", "\(folder)/home/thesis.txt")
      #expect(throws: FileError.self) { try OutputFolder(destination: "\(folder)/home") }
      #expect(throws: FileError.self) { try OutputFolder(destination: "\(folder)/home/thesis.txt") }
      #expect(throws: FileError.self) { try OutputFolder(destination: "/") }
      #expect(throws: FileError.self) { try OutputFolder(destination: ".") }
      #expect(throws: FileError.self) { try OutputFolder(destination: "/dev/null/result") }
      // They may also come while the result is being made.
      let output = try OutputFolder(destination: "\(folder)/later")
      try put("thesis", "\(folder)/later/thesis.txt")
      #expect(throws: FileError.self) { try output.commit() }
      #expect(try text("\(folder)/later/thesis.txt") == "thesis")
      output.discard()
      #expect(try names(folder) == ["home", "later"])
    }
  }

  @Test func anInterruptedProgramLeavesNothingUnfinished() throws {
    try withTemporaryFolder { folder in
      let kept = try OutputFolder(destination: "\(folder)/kept")
      try put("{}", kept.file("stats.json"))
      try kept.commit()
      let output = try OutputFolder(destination: "\(folder)/result")
      try put("{}", output.file("stats.json"))
      PartialFiles.removeAll(under: URL(fileURLWithPath: folder).resolvingSymlinksInPath().path + "/")
      #expect(try names(folder) == ["kept"])
      #expect(throws: FileError.self) { try output.commit() }
      #expect(try names(folder) == ["kept"])
    }
  }

  /// A folder that somebody took away in the middle would pass for a whole result with the rest of its files.
  @Test func anUnfinishedFolderIsNotMadeAgain() throws {
    try withTemporaryFolder { folder in
      let output = try OutputFolder(destination: "\(folder)/result")
      try put("x", output.file("run.yaml"))
      try FileManager.default.removeItem(atPath: output.path)
      #expect(throws: FileError.self) { try put("{}", output.file("stats.json")) }
      #expect(throws: FileError.self) { try put("{}", output.file("pictures/bank.png")) }
      #expect(throws: FileError.self) { try output.commit() }
      #expect(try names(folder).isEmpty)
    }
  }

  @Test func theNameOfAnUnfinishedFolderTellsWhoseItIs() throws {
    try withTemporaryFolder { folder in
      let output = try OutputFolder(destination: "\(folder)/a.partial-b")
      let text = try #require(try names(folder).first)
      let own = try #require(PartialFiles.Name(text))
      #expect(own.destination == "a.partial-b" && !own.isAbandoned)
      let gone = Process()
      gone.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      gone.arguments = ["true"]
      try gone.run()
      gone.waitUntilExit()
      let (this, other) = ("-\(ProcessInfo.processInfo.processIdentifier)-", "-\(gone.processIdentifier)-")
      let dead = text.replacing(this, with: other)
      #expect(dead != text && PartialFiles.Name(dead)?.isAbandoned == true)
      // Processes of another machine cannot be seen.
      #expect(PartialFiles.Name(dead.replacing(".partial-", with: ".partial-elsewhere-"))?.isAbandoned == false)
      for wrong in ["", "a", "..", ".a", ".a.partial-", ".a.partial-h-x-1", "a.partial-h-1-1"] {
        #expect(PartialFiles.Name(wrong) == nil)
      }
      output.discard()
    }
  }

  @Test func picturesAreReplacedAsAFolderOnlyWhereThereIsNothingElse() throws {
    try withTemporaryFolder { folder in
      try put("old", "\(folder)/charts/old.svg")
      // Of a process that was killed.
      try put("old", "\(folder)/charts/.half.svg.partial-elsewhere-1-1")
      let output = try OutputFolder(destination: "\(folder)/charts", replacing: .onlyFiles(endings: [".svg"]))
      try put("new", output.file("new.svg"))
      try output.commit()
      #expect(try names("\(folder)/charts") == ["new.svg"])
      try put("thesis", "\(folder)/charts/thesis.txt")
      #expect(throws: FileError.self) {
        try OutputFolder(destination: "\(folder)/charts", replacing: .onlyFiles(endings: [".svg"]))
      }
    }
  }

  @Test func manyWritersOfOneFileLeaveOneWholeFile() async throws {
    let name = "rheobase-test-\(UUID().uuidString)"
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<50 {
        group.addTask {
          try AtomicFile.write(Data(repeating: UInt8(writer), count: 10_000), to: "\(folder)/file")
        }
      }
      try await group.waitForAll()
    }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/file"))
    #expect(bytes.count == 10_000 && Set(bytes).count == 1)
    #expect(try names(folder) == ["file"])
  }

  @Test func anErrorIsOneLine() {
    #expect(FileError(path: "a\nb", "is\r\nwrong").description == "a b: is wrong")
  }
}
