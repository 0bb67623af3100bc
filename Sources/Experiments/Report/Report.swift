import DataFiles
import Foundation
import Reports

/// `rheobase report`: a page and charts of a result that is there.
public struct Report {
  /// The folder of a run, a comparison, a study or a sweep.
  public let folder: String
  /// Where the page is written; nil for `report.html` in the folder.
  public let output: String?

  /// A report on a folder.
  public init(_ folder: String, output: String? = nil) { (self.folder, self.output) = (folder, output) }

  /// The name of the page in a result's folder, and of the folder of its charts.
  public static let (fileName, chartsName) = ("report.html", "charts")

  /// Writes the page, and the charts as SVG files: in the folder's `charts`, or, if the page has a place of its own,
  /// beside it in `NAME-charts`, and nothing into the folder.
  ///
  /// - Returns: the path of the page.
  /// - Throws: `ExperimentError` if the folder holds no result; `FileError` and `ReportError` if a file of it is
  /// damaged or one of the report cannot be written.
  @discardableResult
  public func callAsFunction(progress: ProgressHandler = { _ in }) throws -> String {
    let path = output ?? "\(folder)/\(Self.fileName)"
    try Self.checkIsNoOther(path)
    let page = try page(progress)
    progress("writing \(path)")
    // A study has its charts in a folder already.
    if !page.figures.isEmpty, !isStudy { try writeCharts(page.figures) }
    try AtomicFile.write(Data(page.html(atMost: most_bytes).utf8), to: path)
    return path
  }

  /// A file that is no page of this program is somebody's.
  private static func checkIsNoOther(_ path: String) throws {
    guard let former = FileHandle(forReadingAtPath: path) else { return }
    defer { try? former.close() }
    let beginning = (try? former.read(upToCount: 4096)).flatMap(\.self) ?? Data()
    guard beginning.isEmpty || String(decoding: beginning, as: UTF8.self).contains(Page.generator) else {
      throw ExperimentError("\(path): is no page of this program, and would be replaced; name another file")
    }
  }

  /// What a page may have, so that it can be sent and opens at once; one of many points has more to tell.
  private var most_bytes: Int { isSweep ? 10_000_000 : 3_000_000 }

  /// The folder of the charts.
  private var chartsFolder: String {
    guard let output, absolutePath(output) != absolutePath("\(folder)/\(Self.fileName)") else {
      return "\(folder)/\(Self.chartsName)"
    }
    return "\(output.hasSuffix(".html") ? String(output.dropLast(".html".count)) : output)-\(Self.chartsName)"
  }

  /// Replaces the folder as a whole, so that no chart of a former report stays in it.
  private func writeCharts(_ figures: [Page.Figure]) throws {
    let charts = try OutputFolder(destination: chartsFolder, replacing: .charts)
    for figure in figures {
      try AtomicFile.write(Data(figure.drawing.svg.utf8), to: charts.file("\(figure.name).svg"))
    }
    try charts.commit()
  }

  /// The page of the folder.
  func page(_ progress: ProgressHandler = { _ in }) throws -> Page {
    progress("reading \(folder)")
    if isStudy { return try StudyReport(folder: folder).page }
    if isSweep { return try SweepReport(folder: folder, progress).page }
    let runs = try runs()
    let chips = Set(runs.map { $0.run.text("chip") }).sorted().joined(separator: ", ")
    let what = runs.count == 1 ? runs[0].name : "\(runs.count) runs side by side"
    return RunReport(runs: runs, title: "\(what) on \(chips)").page
  }

  /// The runs of a result: one, or those of a comparison in its order.
  ///
  /// - Throws: `ExperimentError` if the folder has none.
  func runs() throws -> [RunResult] {
    guard has(".") else {
      throw ExperimentError(
        FileManager.default.fileExists(atPath: folder)
          ? "\(folder): is a file; name the folder with its results (--output of run, compare, study or sweep)"
          : "\(folder): there is no such folder")
    }
    if has("stats.json") { return [try RunResult(folder: folder)] }
    guard has("comparison.json") else {
      let images = comparisons
      guard images.isEmpty else {
        throw ExperimentError(
          "\(folder): holds a result for each image, and a report is of one; name \(images.joined(separator: " or "))")
      }
      throw ExperimentError(
        "\(folder): is no result; name the folder that rheobase run, compare, study or sweep has written")
    }
    let file = "\(folder)/comparison.json"
    guard case .list(let rows) = try JSONValue(ofFile: file), !rows.isEmpty
    else { throw ExperimentError("\(file): is not a list of rows, as rheobase compare writes it") }
    return try rows.map { row in
      let name = "\(row.text("bank"))-\(row.text("input"))"
      var run = try RunResult(folder: "\(folder)/\(name)")
      run.shortName = name
      return run
    }
  }

  /// Folders of the comparisons of several images.
  private var comparisons: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().filter { has("\($0)/comparison.json") }.map { "\(folder)/\($0)" }
  }

  var isStudy: Bool { has("tables.json") }
  var isSweep: Bool { has(Sweep.manifestName) || has(SweepTable.fileName) }

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(name)") }
}

extension OutputFolder {
  /// Puts a result in place, with its page if it is to have one. A result is worth more than its page: it is kept where
  /// the page fails.
  ///
  /// - Parameter whenInPlace: as of `commit(whenInPlace:)`.
  /// - Throws: as `commit(whenInPlace:)`; `ExperimentError` if only the page is not there.
  func commit(makingReport: Bool, whenInPlace: () -> Void = {}) throws {
    let report = Result { if makingReport { try Report(path)() } }
    try commit(whenInPlace: whenInPlace)
    do {
      try report.get()
    } catch {
      let reason = "\(error)".replacing(path, with: destination)
      throw ExperimentError("\(reason); the result is in \(destination), without a page")
    }
  }
}
