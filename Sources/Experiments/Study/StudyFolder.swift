import DataFiles
import Foundation
import Reports

/// The results folder of a study.
struct StudyFolder {
  let path: String

  /// Makes the folder if it is not there, and keeps others from it as long as the lock is held: each of two studies
  /// would take its own tables for those of both.
  ///
  /// - Throws: `ExperimentError` if it holds something else, cannot be made, or another study works in it.
  func lock() throws -> FileLock {
    try check()
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw ExperimentError("\(path): cannot be made: \(lastError())")
    }
    return try FileLock(
      "\(path)/.lock", isExclusive: true,
      otherwise: "\(path): another study works in this folder; wait for it, or name another folder")
  }

  /// Whose folder it is, `options.json` tells; before that is written, or if somebody has removed it, only names that a
  /// study gives make sure that it is a study's.
  private func check() throws {
    if let kind = FileKind(path: path), kind != .folder {
      throw ExperimentError("\(path): is \(kind.rawValue); name a new or an empty folder")
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let isStudy =
      names.contains(StudyRecord.fileName)
      ? StudyRecord.isOfStudy(inFolder: path)
      : names.allSatisfy { Self.ownNames.contains(PartialFiles.finalName($0)) }
    guard isStudy else {
      throw ExperimentError("\(path): holds other files than a study; name a new or an empty folder")
    }
  }

  /// What a study writes into its folder.
  private static let ownNames: Set = [
    ".lock", "banks", "cells", "events", StudyRecord.fileName, "study.md", "tables", "tables.json", "pictures",
    StudyPage.chartsFile, Report.fileName, Report.chartsName,
  ]
}
