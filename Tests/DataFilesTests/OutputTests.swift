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

  private let result = FormerFolder.result(files: ["run.yaml", "old.csv"], charts: "charts")

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

  /// By its name in the folder, by a path, and through another link; what leads round in a circle leads nowhere.
  @Test(arguments: ["real", "b/real", "/real", "second", "b/../real"])
  func aLinkThatLeadsToNothingYetIsFollowed(to target: String) throws {
    try withTemporaryFolder { folder in
      let files = FileManager.default
      try files.createDirectory(atPath: "\(folder)/b", withIntermediateDirectories: false)
      let destination = target.hasPrefix("/") ? "\(folder)\(target)" : target
      try files.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: destination)
      try files.createSymbolicLink(atPath: "\(folder)/second", withDestinationPath: "real")
      try put("new", "\(folder)/link")
      let real = target == "b/real" ? "b/real" : "real"
      #expect(try text("\(folder)/\(real)") == "new")
      #expect(try files.destinationOfSymbolicLink(atPath: "\(folder)/link") == destination)
      for (name, other) in [("here", "there"), ("there", "here")] {
        try files.createSymbolicLink(atPath: "\(folder)/\(name)", withDestinationPath: other)
      }
      let error = #expect(throws: FileError.self) { try put("new", "\(folder)/here") }
      #expect(error?.description.contains("/here: cannot be written: ") == true)
    }
  }

  @Test(arguments: [0o600, 0o444, 0o664]) func aReplacedFileLeavesItsPermissions(mode: mode_t) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/file"
      func permissions() -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
      }
      try put("old", path)
      chmod(path, mode)
      try put("new", path)
      #expect(try text(path) == "new")
      #expect(permissions() == mode)
      try AtomicFile.writeInFolder(to: path) { aside in
        try put("newer", "\(aside)/events")
        return ("\(aside)/events", ())
      }
      #expect(try text(path) == "newer")
      #expect(permissions() == mode)
    }
  }

  @Test func aPathThatEndsInASlashNamesNoFile() throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: FileError.self) { try put("text", "\(folder)/file/") }
      #expect(error?.description.contains("file/: ends in a slash, as the name of a folder does") == true)
      let left = try names(folder)
      #expect(left.isEmpty)
    }
  }

  /// The longest that file systems have: what is written aside has room beside them, and is known again.
  @Test(arguments: [255, 246, 240, 200]) func aFileCanHaveTheLongestName(bytes: Int) throws {
    let gone = try endedProcess()
    for letter in ["n", "é"] {
      try withTemporaryFolder { folder in
        let letters = String(repeating: letter, count: (bytes - 4) / letter.utf8.count)
        let name = letters + ".svg"
        try put("one", "\(folder)/\(name)")
        let left = try PartialFiles.makeFolder(for: "\(folder)/\(name)", called: name)
        PartialFiles.forget(left)
        try FileManager.default.moveItem(atPath: left, toPath: left.replacing(this, with: "-\(gone)-"))
        try AtomicFile.writeInFolder(to: "\(folder)/\(name)") { aside in
          try put("two", "\(aside)/events")
          return ("\(aside)/events", ())
        }
        #expect(try names(folder) == [name])
        #expect(try text("\(folder)/\(name)") == "two")
        let partial = PartialFiles.add(for: "\(folder)/\(name)")
        PartialFiles.forget(partial)
        let partialName = URL(fileURLWithPath: partial).lastPathComponent
        #expect(partialName.utf8.count <= 255)
        #expect(PartialFiles.Name(partialName)?.destination.hasSuffix(".svg") == true)
        let output = try OutputFolder(destination: "\(folder)/\(letters)", replacing: result)
        try put("{}", output.file("stats.json"))
        try output.commit()
        #expect(try names("\(folder)/\(letters)") == ["stats.json"])
      }
    }
  }

  @Test func aResultAppearsOnlyAtItsCommit() throws {
    try withTemporaryFolder { folder in
      let output = try OutputFolder(destination: "\(folder)/results/first", replacing: result)
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
        let output = try OutputFolder(destination: "\(folder)/result", replacing: result)
        try put("{}", output.file("stats.json"))
        #expect(try names(folder).count == 1)
      }
      #expect(try names(folder).isEmpty)
    }
  }

  @Test(arguments: FormerFolder.resultMarks)
  func aFormerResultIsReplacedWhole(mark: String) throws {
    try withTemporaryFolder { folder in
      try put("old", "\(folder)/result/\(mark)")
      try put("old", "\(folder)/result/run.yaml")
      try put("<svg \(FormerFolder.chartMark)>", "\(folder)/result/charts/gap.svg")
      // As a report that was killed leaves it.
      try put("<sv", "\(folder)/result/.charts.partial/elsewhere-1-1/gap.svg")
      let output = try OutputFolder(destination: "\(folder)/result/", replacing: result)
      try put("new", output.file("stats.json"))
      #expect(try names("\(folder)/result") == [".charts.partial", mark, "run.yaml", "charts"].sorted())
      try output.commit()
      #expect(try names("\(folder)/result") == ["stats.json"])
      #expect(try names(folder) == ["result"])
    }
  }

  @Test func whatAProcessThatWasKilledLeftOfPageAndChartsGoesWithTheResult() throws {
    try withTemporaryFolder { folder in
      try put("old", "\(folder)/result/stats.json")
      try put("<sv", "\(folder)/result/.run.yaml.partial-elsewhere-1-1")
      try put("<sv", "\(folder)/result/.charts.partial/elsewhere-1-1/gap.svg")
      try OutputFolder(destination: "\(folder)/result", replacing: result).commit()
      #expect(try names("\(folder)/result").isEmpty && names(folder) == ["result"])
    }
  }

  /// It may be the page of another result.
  @Test func aPageThatTheResultDoesNotNameStays() throws {
    try withTemporaryFolder { folder in
      try put("old", "\(folder)/result/stats.json")
      try put("<!doctype html>\n\(FormerFolder.pageMark)", "\(folder)/result/other.html")
      let error = #expect(throws: FileError.self) {
        try OutputFolder(destination: "\(folder)/result", replacing: result)
      }
      #expect(error?.problem == "holds other.html, which is of no former result; name a new or an empty folder")
      #expect(try names("\(folder)/result") == ["other.html", "stats.json"])
    }
  }

  @Test func aFormerComparisonIsReplacedWithItsRows() throws {
    try withTemporaryFolder { folder in
      try put("old", "\(folder)/result/comparison.json")
      try put("old", "\(folder)/result/row/stats.json")
      try put("old", "\(folder)/result/row/run.yaml")
      try OutputFolder(destination: "\(folder)/result", replacing: result).commit()
      #expect(try names("\(folder)/result").isEmpty)
    }
  }

  /// What users write by hand, or keep beside a result, is theirs.
  @Test(arguments: [
    (["run.yaml"], "holds run.yaml, but neither stats.json nor comparison.json of a former result"),
    (["run.yaml", "input.csv"], "holds input.csv, which is of no former result"),
    (["stats.json", "run.yaml", "thesis.txt"], "holds thesis.txt, which is of no former result"),
    (["stats.json", "charts/mine.png"], "holds charts/mine.png, which is of no former result"),
    (["stats.json", "charts/mine.svg"], "holds charts/mine.svg, which is of no former result"),
    (["stats.json", "thesis.html"], "holds thesis.html, which is of no former result"),
    (["stats.json", "page-charts/mine.svg"], "holds page-charts, which is of no former result"),
    (["stats.json", ".charts.partial/mine.svg"], "holds .charts.partial, which is of no former result"),
    (["stats.json", "other/stats.json"], "holds other, which is of no former result"),
    (["comparison.json", "row/stats.json", "row/mine"], "holds row/mine, which is of no former result"),
    (["comparison.json", "row/run.yaml"], "holds row, which is of no former result"),
    (["stats.json", "run.yaml/mine"], "holds run.yaml, which is of no former result"),
  ])
  func whatIsNotOfAFormerResultStays(files: [String], objection: String) throws {
    try withTemporaryFolder { folder in
      for file in files { try put("mine", "\(folder)/result/\(file)") }
      let error = #expect(throws: FileError.self) {
        try OutputFolder(destination: "\(folder)/result", replacing: result)
      }
      #expect(error?.problem == "\(objection); name a new or an empty folder")
      for file in files { #expect(try text("\(folder)/result/\(file)") == "mine") }
      #expect(try names(folder) == ["result"])
    }
  }

  /// What they lead to, the file of a log say, would be replaced.
  @Test(arguments: ["/dev/stdout", "/dev/stderr", "/dev/fd/1", "/proc/self/fd/1"])
  func aDescriptorIsNoPlaceForAFile(path: String) {
    let error = #expect(throws: FileError.self) { try AtomicFile.write(Data(), to: path) }
    #expect(error?.problem == "is no place for a file of its own; name one")
  }

  @Test func aLinkIsNoFileOfAFormerResult() throws {
    try withTemporaryFolder { folder in
      try put("mine", "\(folder)/mine")
      try put("old", "\(folder)/result/stats.json")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/result/run.yaml", withDestinationPath: "\(folder)/mine")
      #expect(throws: FileError.self) { try OutputFolder(destination: "\(folder)/result", replacing: result) }
    }
  }

  /// A former result is never away: a reader finds it or the new one, whenever it looks.
  @Test func aFormerResultIsThereUntilTheNewOneIs() throws {
    try withTemporaryFolder { folder in
      let file = "\(folder)/result/stats.json", result = result, last = Data("50".utf8)
      try put("0", file)
      // Not a task: the threads that run these may all be busy with tests.
      Thread.detachNewThread {
        for number in 1...50 {
          guard let output = try? OutputFolder(destination: "\(folder)/result", replacing: result),
            (try? AtomicFile.write(Data("\(number)".utf8), to: output.file("stats.json"))) != nil,
            (try? output.commit()) != nil
          else { return }
        }
      }
      let deadline = ContinuousClock.now + .seconds(60)
      var seen: Set<Data> = []
      while !seen.contains(last), ContinuousClock.now < deadline {
        seen.insert(try #require(FileManager.default.contents(atPath: file)))
      }
      #expect(seen.contains(last) && seen.count > 1)
    }
  }

  @Test func anEmptyFolderIsReplaced() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(atPath: "\(folder)/result", withIntermediateDirectories: false)
      try OutputFolder(destination: "\(folder)/result", replacing: result).commit()
      #expect(try names(folder) == ["result"])
    }
  }

  @Test func otherPeoplesFilesAreNeverReplaced() throws {
    try withTemporaryFolder { folder in
      try put("thesis", "\(folder)/home/thesis.txt")
      #expect(throws: FileError.self) { try OutputFolder(destination: "\(folder)/home", replacing: result) }
      #expect(throws: FileError.self) { try OutputFolder(destination: "\(folder)/home/thesis.txt", replacing: result) }
      #expect(throws: FileError.self) { try OutputFolder(destination: "/", replacing: result) }
      #expect(throws: FileError.self) { try OutputFolder(destination: ".", replacing: result) }
      #expect(throws: FileError.self) { try OutputFolder(destination: "/dev/null/result", replacing: result) }
      // They may also come while the result is being made.
      let output = try OutputFolder(destination: "\(folder)/later", replacing: result)
      try put("thesis", "\(folder)/later/thesis.txt")
      #expect(throws: FileError.self) { try output.commit() }
      #expect(try text("\(folder)/later/thesis.txt") == "thesis")
      output.discard()
      #expect(try names(folder) == ["home", "later"])
    }
  }

  @Test func anInterruptedProgramLeavesNothingUnfinished() throws {
    try withTemporaryFolder { folder in
      let kept = try OutputFolder(destination: "\(folder)/kept", replacing: result)
      try put("{}", kept.file("stats.json"))
      try kept.commit()
      let output = try OutputFolder(destination: "\(folder)/result", replacing: result)
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
      let output = try OutputFolder(destination: "\(folder)/result", replacing: result)
      try put("x", output.file("run.yaml"))
      try FileManager.default.removeItem(atPath: output.path)
      #expect(throws: FileError.self) { try put("{}", output.file("stats.json")) }
      #expect(throws: FileError.self) { try put("{}", output.file("pictures/bank.png")) }
      #expect(throws: FileError.self) { try output.commit() }
      output.discard()
      #expect(try names(folder).isEmpty)
    }
  }

  /// This process in the name of what it has not finished.
  private let this = "-\(ProcessInfo.processInfo.processIdentifier)-"

  /// The number of a process that has ended.
  private func endedProcess() throws -> Int32 {
    let gone = Process()
    gone.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gone.arguments = ["true"]
    try gone.run()
    gone.waitUntilExit()
    return gone.processIdentifier
  }

  /// As when another process had made it, and has removed it since it was empty.
  @Test func aFolderOnTheWayThatHasGoneIsMadeAgainWhereThatIsWanted() throws {
    try withTemporaryFolder { folder in
      let destination = "\(folder)/gone/result"
      #expect(throws: FileError.self) { try PartialFiles.makeFolder(for: destination, called: "result") }
      #expect(try names(folder).isEmpty)
      let own = try PartialFiles.makeFolder(for: destination, called: "result", remakesOuter: true)
      #expect(FileKind(path: own) == .folder)
      PartialFiles.remove(own)
    }
  }

  /// Of the same destination, and of no process that may still be at work.
  @Test func whatKilledProcessesLeftGoesAwayWithTheNextFileOrFolder() throws {
    try withTemporaryFolder { folder in
      func leave(_ destination: String, process: Int32) throws -> String {
        let own = try PartialFiles.makeFolder(for: "\(folder)/\(destination)", called: destination)
        PartialFiles.forget(own)
        let path = own.replacing(this, with: "-\(process)-")
        try put("half", "\(path)/events")
        if path != own { try FileManager.default.removeItem(atPath: own) }
        return path
      }
      let gone = try endedProcess()
      let dead = try leave("e.npz", process: gone)
      let ofOthers = try [
        leave("f.npz", process: gone), leave("e.npz", process: ProcessInfo.processInfo.processIdentifier),
      ]
      try AtomicFile.writeInFolder(to: "\(folder)/e.npz") { aside in
        try put("whole", "\(aside)/events")
        return ("\(aside)/events", ())
      }
      #expect(try names(folder) == [".e.npz.partial", ".f.npz.partial", "e.npz"])
      #expect(!FileManager.default.fileExists(atPath: dead))
      #expect(ofOthers.allSatisfy { FileManager.default.fileExists(atPath: "\($0)/events") })
      #expect(try text("\(folder)/e.npz") == "whole")
      let half = try leave("run", process: gone)
      #expect(FileManager.default.fileExists(atPath: half))
      try OutputFolder(destination: "\(folder)/run", replacing: result).discard()
      #expect(try names(folder) == [".e.npz.partial", ".f.npz.partial", "e.npz"])
    }
  }

  @Test(arguments: [0o2775, 0o1777, 0o700])
  func whoMayWriteBesideAResultMayWriteAnUnfinishedOne(mode: mode_t) throws {
    try withTemporaryFolder { folder in
      chmod(folder, mode)
      let output = try OutputFolder(destination: "\(folder)/result", replacing: result)
      var status = stat()
      #expect(stat("\(folder)/.result.partial", &status) == 0 && status.st_mode & 0o7777 == mode)
      output.discard()
    }
  }

  /// A sweep has a hundred thousand results side by side, and each of their runs begins once.
  @Test func toBeginAResultTakesNoLongerBesideManyOthers() throws {
    try withTemporaryFolder { folder in
      // The shortest of many, which no other work on the machine lengthens.
      func seconds(beside others: Int) throws -> Double {
        let parent = "\(folder)/\(others)"
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: false)
        for number in 0..<others { close(open("\(parent)/\(number)", O_CREAT | O_WRONLY, 0o644)) }
        let times = try (0..<100).map { _ -> Double in
          let began = ContinuousClock.now
          try OutputFolder(destination: "\(parent)/result", replacing: result).discard()
          return (ContinuousClock.now - began) / .seconds(1)
        }
        return times.min() ?? 0
      }
      let alone = try seconds(beside: 0)
      #expect(try seconds(beside: 20_000) < 20 * alone)
    }
  }

  @Test func theNameOfAnUnfinishedFolderTellsWhoseItIs() throws {
    try withTemporaryFolder { folder in
      let output = try OutputFolder(destination: "\(folder)/a.partial-b", replacing: result)
      #expect(try names(folder) == [".a.partial-b.partial"])
      let text = try #require(try names("\(folder)/.a.partial-b.partial").first)
      #expect(PartialFiles.Owner(text)?.isGone == false)
      let dead = text.replacing(this, with: "-\(try endedProcess())-")
      #expect(dead != text && PartialFiles.Owner(dead)?.isGone == true)
      // Processes of another machine cannot be seen.
      #expect(PartialFiles.Owner("elsewhere-\(dead)")?.isGone == false)
      for wrong in ["", "h", "h-1", "h-x-1", "h-1-x"] { #expect(PartialFiles.Owner(wrong) == nil, "\(wrong)") }
      output.discard()
      #expect(try names(folder).isEmpty)
    }
  }

  @Test func theNameOfAnUnfinishedFileTellsWhatItIsToBe() {
    let name = PartialFiles.add(for: "/a.partial-b")
    defer { PartialFiles.forget(name) }
    #expect(PartialFiles.Name(String(name.dropFirst()))?.destination == "a.partial-b")
    for wrong in ["", "a", "..", ".a", ".a.partial-", ".a.partial-h-x-1", "a.partial-h-1-1"] {
      #expect(PartialFiles.Name(wrong) == nil, "\(wrong)")
    }
  }

  @Test func picturesAreReplacedAsAFolderOnlyWhereThereIsNothingElse() throws {
    try withTemporaryFolder { folder in
      let chart = "<svg \(FormerFolder.chartMark)>"
      // As the release 0.1.0 began its charts.
      let former = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 388" width="960" height="582" class="chart" role="img" \
        aria-labelledby="title summary">
        """
      try put(former, "\(folder)/charts/old.svg")
      // Of a process that was killed.
      try put("old", "\(folder)/charts/.half.svg.partial-elsewhere-1-1")
      let output = try OutputFolder(destination: "\(folder)/charts", replacing: .charts)
      try put(chart, output.file("new.svg"))
      try output.commit()
      #expect(try names("\(folder)/charts") == ["new.svg"])
      for name in ["thesis.txt", "thesis.svg"] {
        try put("thesis", "\(folder)/charts/\(name)")
        #expect(throws: FileError.self) { try OutputFolder(destination: "\(folder)/charts", replacing: .charts) }
        #expect(try text("\(folder)/charts/\(name)") == "thesis")
        try FileManager.default.removeItem(atPath: "\(folder)/charts/\(name)")
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
