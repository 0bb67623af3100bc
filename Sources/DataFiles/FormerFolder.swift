import Foundation

/// What a folder may hold to be replaced by a new one. What the program did not write is never removed.
public enum FormerFolder: Sendable {
  /// A result: one of `resultMarks`, else only files of these names and the folder `charts`; a comparison has results
  /// as its rows, too.
  case result(files: Set<String>, charts: String)
  /// Only files of these kinds, of which there may be none, and what a process that was killed has left of them.
  case onlyFiles(endings: [String])

  /// Files that a run or a comparison writes, one of which a whole result has, and that nobody writes by hand.
  public static let resultMarks = [runMark, comparisonMark]

  /// Charts of a result.
  public static let charts = FormerFolder.onlyFiles(endings: [".svg"])

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
      if type == .typeRegular, isOwn(file: name) { continue }
      guard type == .typeDirectory, let part = part(name, of: folder) else { return name }
      if let stranger = try part.stranger(in: path) { return "\(name)/\(stranger)" }
      guard try part.isWhole(path) else { return name }
    }
    return nil
  }

  private func isOwn(file name: String) -> Bool {
    switch self {
    case .result(let files, _): files.contains(name) || Self.resultMarks.contains(name)
    case .onlyFiles(let endings):
      endings.contains { (PartialFiles.Name(name)?.destination ?? name).hasSuffix($0) }
    }
  }

  /// What a folder in a folder of this kind must be; nil if there is none of its name.
  private func part(_ name: String, of folder: String) -> FormerFolder? {
    guard case .result(_, let charts) = self else { return nil }
    if name == charts { return .charts }
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
