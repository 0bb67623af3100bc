import Experiments
import Foundation
import TestSupport
import Testing

@Suite struct SweepFolderTests {
  /// Makes a folder with one file.
  private func make(_ folder: String, with name: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  @Test(arguments: [false, true]) func onlyWhatIsNotWholeIsRemoved(isExclusive: Bool) throws {
    try withTemporaryFolder { folder in
      let files = SweepFolder(folder)
      try make(files.resultFolder("half"), with: "run.yaml")
      try make(files.resultFolder("whole"), with: "stats.json")
      let lock = try SweepWorkLock(files, isExclusive: isExclusive)
      files.removeLeftovers(of: ["half", "whole", "none"], lock)
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/points") == ["whole"])
      #expect(files.isDone("whole") && !files.isDone("half"))
    }
  }

  /// Another task may put its result in place at any moment.
  @Test func theWholeResultOfATwinIsNeverRemoved() throws {
    try withTemporaryFolder { folder in
      let files = SweepFolder(folder)
      let (result, aside) = (files.resultFolder("point"), "\(folder)/aside")
      try make("\(folder)/points", with: "other")
      let lock = try SweepWorkLock(files, isExclusive: false)
      for _ in 0..<500 {
        try make(aside, with: "stats.json")
        DispatchQueue.concurrentPerform(iterations: 2) { worker in
          if worker == 0 { files.removeLeftovers(of: ["point"], lock) } else { rename(aside, result) }
        }
        try #require(files.isDone("point"))
        try FileManager.default.removeItem(atPath: result)
      }
    }
  }
}
