import Foundation

/// What a folder may hold to be replaced by a new one. What the program did not write is never removed.
public enum FormerFolder: Sendable {
  /// A result: one of `resultMarks`, else only files of these names and the folder `charts`; a comparison has results
  /// as its rows, too. A page of another name may be that of another result, and stays.
  case result(files: Set<String>, charts: String)
  /// Only files of these kinds, of which there may be none, and what a process that was killed has left of them. With a
  /// mark, only files that have it near their beginning.
  case onlyFiles(endings: [String], mark: String? = nil)

  /// Files that a run or a comparison writes, one of which a whole result has, and that nobody writes by hand.
  public static let resultMarks = [runMark, comparisonMark]

  /// Charts of a result.
  public static let charts = FormerFolder.onlyFiles(endings: [".svg"], mark: chartMark)

  /// What an SVG file of the program has in its first tag, and hardly another one. Folders of former versions are
  /// known by it: charts of another mark would be taken for somebody's.
  public static let chartMark = "class=\"chart\" role=\"img\" aria-labelledby=\"title summary\""

  /// What stands near the beginning of every page of the program, and of hardly another one.
  public static let pageMark = "<meta name=\"generator\" content=\"rheobase\">"

  private static let (runMark, comparisonMark) = ("stats.json", "comparison.json")

  /// Why a folder must stay; nil if it is empty, or all that it holds is of a former one.
  ///
  /// - Throws: `FileError` if it cannot be read.
  func objection(to folder: String) throws -> String? {
    if let stranger = try stranger(in: folder) { return "holds \(stranger), which is of no former result" }
    guard let first = try Self.names(in: folder).first, try !isWhole(folder) else { return nil }
    return "holds \(first), but neither \(Self.resultMarks.joined(separator: " nor ")) of a former result"
  }

  /// The first path below a folder that the program does not give there.
  private func stranger(in folder: String) throws -> String? {
    for name in try Self.names(in: folder) {
      let path = "\(folder)/\(name)"
      let type = Self.type(path)
      if type == .typeRegular, isOwn(file: name, at: path) { continue }
      if type == .typeDirectory, try isUnfinishedCharts(name, at: path) { continue }
      guard type == .typeDirectory, let part = part(name, of: folder) else { return name }
      if let stranger = try part.stranger(in: path) { return "\(name)/\(stranger)" }
      guard try part.isWhole(path) else { return name }
    }
    return nil
  }

  /// Whether a folder is what processes that were killed left of a result's charts.
  private func isUnfinishedCharts(_ name: String, at path: String) throws -> Bool {
    guard let folder = PartialFiles.destination(ofShared: name), isCharts(folder) else { return false }
    return try Self.names(in: path).allSatisfy { PartialFiles.Owner($0) != nil }
  }

  /// Whether a folder in a folder of this kind is called as that of charts is.
  private func isCharts(_ name: String) -> Bool {
    if case .result(_, name) = self { true } else { false }
  }

  private func isOwn(file name: String, at path: String) -> Bool {
    switch self {
    case .result(let files, _):
      return files.contains(PartialFiles.finalName(name)) || Self.resultMarks.contains(name)
    case .onlyFiles(let endings, let mark):
      let partial = PartialFiles.Name(name)
      guard endings.contains(where: (partial?.destination ?? name).hasSuffix) else { return false }
      return partial != nil || mark.map { Self.beginning(of: path).contains($0) } ?? true
    }
  }

  /// Whether a file is a page of the program, or what a process that was killed has left of one.
  public static func isPage(_ name: String, at path: String) -> Bool {
    let partial = PartialFiles.Name(name)
    guard (partial?.destination ?? name).hasSuffix(".html") else { return false }
    return partial != nil || beginning(of: path).contains(pageMark)
  }

  /// The first kilobyte of a file; empty if it cannot be read.
  private static func beginning(of path: String) -> String {
    guard let file = FileHandle(forReadingAtPath: path) else { return "" }
    defer { try? file.close() }
    return String(decoding: (try? file.read(upToCount: 1024)) ?? Data(), as: UTF8.self)
  }

  /// What a folder in a folder of this kind must be; nil if there is none of its name.
  private func part(_ name: String, of folder: String) -> FormerFolder? {
    guard case .result = self else { return nil }
    if isCharts(name) { return .charts }
    return FileManager.default.fileExists(atPath: "\(folder)/\(Self.comparisonMark)") ? self : nil
  }

  private func isWhole(_ folder: String) throws -> Bool {
    guard case .result = self else { return true }
    return try !Set(Self.names(in: folder)).isDisjoint(with: Self.resultMarks)
  }

  private static func names(in folder: String) throws -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw FileError("cannot be read: \(lastError())")
    }
    return names.sorted()
  }

  /// Of the path itself, not of what a link leads to.
  private static func type(_ path: String) -> FileAttributeType? {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
  }
}
