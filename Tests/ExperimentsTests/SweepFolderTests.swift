import Experiments
import Foundation
import Reports
import TestSupport
import Testing

@Suite struct SweepFolderTests {
  /// Makes a folder with files.
  private func make(_ folder: String, with names: Set<String>) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in names { try Data(Self.statistics.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
  }

  private static let statistics = StatisticsFile(
    run: .object([]), statistics: Statistics([Statistic(.timesteps, .integer(3)), Statistic(.gap, .real(0.1))])
  ).json

  @Test func aResultWithoutOneOfItsFilesOrWithPartOfItsStatisticsIsNotDone() throws {
    try withTemporaryFolder { folder in
      let files = SweepFolder(folder)
      try make(files.resultFolder("whole"), with: ChipRun.fileNames)
      #expect(files.isDone("whole") && !files.isDone("none"))
      for name in ChipRun.fileNames {
        try make(files.resultFolder(name), with: ChipRun.fileNames.subtracting([name]))
        #expect(!files.isDone(name), "\(name)")
        try Data().write(to: URL(fileURLWithPath: "\(files.resultFolder(name))/\(name)"))
        #expect(!files.isDone(name), "an empty \(name)")
      }
      // The last line feed alone may be missing.
      let text = Self.statistics
      for length in 0..<text.utf8.count {
        try make(files.resultFolder("cut"), with: ChipRun.fileNames)
        let path = "\(files.resultFolder("cut"))/stats.json"
        try Data(text.utf8.prefix(length)).write(to: URL(fileURLWithPath: path))
        #expect(files.isDone("cut") == (length == text.utf8.count - 1), "\(length)")
      }
    }
  }

  /// A plan that was interrupted is written again; what is somebody's stays.
  @Test(arguments: [
    ([], true), ([".lock"], true), ([".lock", "runs/0123456789abcdef.yaml"], true),
    (["runs/0123456789abcdef.yaml", "sweep.yaml", "contents.json"], true),
    (["runs/.0123456789abcdef.yaml.partial-host-1-1"], true),
    (["runs/0123456789abcdef.yaml", "points/0123456789abcdef/stats.json", "sweep.csv", "charts/a.svg"], true),
    (["runs/0123456789abcdef.yaml", ".charts.partial/host-1-1/a.svg", "page-charts/a.svg"], true),
    (["runs/0123456789abcdef.yaml", "mine.html"], false),
    (["points/0123456789abcdef/stats.json"], false), (["manifest.json", "notes.txt"], true),
    (["sweep.yaml"], false), (["runs/mine.yaml"], false), (["runs/0123456789abcdef.yaml", "notes.txt"], false),
    (["0123456789abcdef.yaml"], false),
  ])
  func aFolderIsASweepsIfItHoldsAPlanOrWhatWasWrittenOfOne(names: [String], isOne: Bool) throws {
    try withTemporaryFolder { folder in
      for name in names {
        let path = URL(fileURLWithPath: "\(folder)/\(name)")
        try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("x".utf8).write(to: path)
      }
      let isTakenForOne = (try? SweepLock.check(folder: folder)) != nil
      #expect(isTakenForOne == isOne)
    }
  }

  @Test func whoHasTheLockOfASweepIsSeenAndKeepsItAndWhoLooksKeepsNobodyOut() throws {
    try withTemporaryFolder { folder in
      #expect(SweepLock.isTaken(inFolder: folder) == false)
      do {
        let lock = try SweepLock(folder: folder)
        #expect(SweepLock.isTaken(inFolder: folder) == true)
        withExtendedLifetime(lock) { _ = #expect(throws: ExperimentError.self) { try SweepLock(folder: folder) } }
      }
      #expect(SweepLock.isTaken(inFolder: folder) == false)
      _ = try SweepLock(folder: folder)
    }
  }

  @Test func aFailureIsNotedOnlyWhereASweepIs() throws {
    try withTemporaryFolder { folder in
      #expect(throws: ExperimentError.self) { try SweepFolder("\(folder)/gone").recordFailure("point", "it failed") }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      try make(folder, with: [Sweep.manifestName])
      let files = SweepFolder(folder)
      try files.recordFailure("point", "it failed")
      try files.recordFailure("point", "it failed\nagain")
      let failure = files.failure(of: "point")
      #expect(failure?.message == "it failed again" && failure?.attempts == 2)
    }
  }

  @Test func aResultThatIsDamagedAfterItWasSeenIsNotDone() throws {
    try withTemporaryFolder { folder in
      let files = SweepFolder(folder)
      try make(files.resultFolder("a"), with: ChipRun.fileNames)
      #expect(files.isDone("a") && files.isDone("a"))
      let path = "\(files.resultFolder("a"))/stats.json"
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      let file = try #require(FileHandle(forWritingAtPath: path))
      // As long as before, in place.
      try file.write(contentsOf: Data(repeating: UInt8(ascii: " "), count: whole.count))
      try file.close()
      #expect(!files.isDone("a"))
      try whole.write(to: URL(fileURLWithPath: path))
      #expect(files.isDone("a"))
      try FileManager.default.removeItem(atPath: "\(files.resultFolder("a"))/links.csv")
      #expect(!files.isDone("a"))
    }
  }

  @Test(arguments: [false, true]) func onlyWhatIsNotWholeIsRemoved(isExclusive: Bool) throws {
    try withTemporaryFolder { folder in
      let files = SweepFolder(folder)
      try make(files.resultFolder("half"), with: ["run.yaml"])
      try make(files.resultFolder("whole"), with: ChipRun.fileNames)
      let lock = try SweepWorkLock(files, isExclusive: isExclusive)
      files.removeLeftovers(of: ["half", "whole", "none"], lock)
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/points") == ["whole"])
      #expect(files.isDone("whole") && !files.isDone("half"))
    }
  }

  /// As of some clusters; what fails otherwise is an error.
  @Test func whereAFileSystemHasNoLocksNobodyIsKeptApartAndNobodyIsAlone() throws {
    try withTemporaryFolder { folder in
      let files = SweepFolder(folder)
      for lacking in [ENOSYS, ENOTSUP, ENOLCK] {
        let locks = try (0..<2).map { _ in
          try SweepWorkLock(files, isExclusive: true) { _, _ in
            errno = lacking
            return -1
          }
        }
        #expect(locks.allSatisfy { !$0.isExclusive })
      }
      let error = #expect(throws: ExperimentError.self) {
        try SweepWorkLock(files, isExclusive: true) { _, _ in
          errno = EIO
          return -1
        }
      }
      #expect(error?.description.contains(".work.lock: cannot be locked: ") == true)
      let own = try SweepWorkLock(files, isExclusive: true)
      #expect(own.isExclusive && (try? SweepWorkLock(files, isExclusive: false)) == nil)
    }
  }

  /// A file system of a network looks again at a folder that is changed from here.
  @Test func whoLooksAgainChangesTheFolderOfResultsAndLeavesNothingInIt() throws {
    try withTemporaryFolder { folder in
      let files = SweepFolder(folder)
      files.lookAgain()
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      try make(files.resultFolder("a"), with: ChipRun.fileNames)
      let points = "\(folder)/points"
      func changed() throws -> Date {
        try #require(try FileManager.default.attributesOfItem(atPath: points)[.modificationDate] as? Date)
      }
      try FileManager.default.setAttributes([.modificationDate: Date.distantPast], ofItemAtPath: points)
      let before = try changed()
      files.lookAgain()
      #expect(try changed() > before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: points) == ["a"] && files.isDone("a"))
    }
  }

  /// As a twin may have put it there since somebody looked.
  @Test func aResultThatIsWholeWhenItIsLookedAtAgainGoesBack() throws {
    try withTemporaryFolder { folder in
      let files = SweepFolder(folder)
      try make(files.resultFolder("point"), with: ChipRun.fileNames)
      files.removeUnfinished("point")
      #expect(files.isDone("point"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/points") == ["point"])
    }
  }

  /// Another task may put its result in place at any moment.
  @Test func theWholeResultOfATwinIsNeverRemoved() throws {
    try withTemporaryFolder { folder in
      let files = SweepFolder(folder)
      let (result, aside) = (files.resultFolder("point"), "\(folder)/aside")
      try make("\(folder)/points", with: ["other"])
      let lock = try SweepWorkLock(files, isExclusive: false)
      for _ in 0..<500 {
        try make(aside, with: ChipRun.fileNames)
        DispatchQueue.concurrentPerform(iterations: 2) { worker in
          if worker == 0 { files.removeLeftovers(of: ["point"], lock) } else { rename(aside, result) }
        }
        try #require(files.isDone("point"))
        try FileManager.default.removeItem(atPath: result)
      }
    }
  }
}
