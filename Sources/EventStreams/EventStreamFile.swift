import DataFiles
import Foundation

/// Event streams as files, in the format that the path's extension names.
///
/// An `.npz` has the arrays `step`, `time_ns`, `channel`, `row`, `column`, `payload` and the scalars `encoder`, `channels`,
/// `rows`, `columns`, `steps`, `payload_exponent`; read, a scalar `step_ns` can stand for `time_ns`.
/// A `.csv` has a first line with the same scalars, a line with the names of the columns, and a line for each event.
public enum EventStreamFile {
  /// The known formats, by extension.
  public enum Format: String, CaseIterable, Sendable {
    case npz
    case csv

    /// The format of a path.
    ///
    /// - Throws: `FileError` listing the known extensions.
    public init(path: String) throws {
      guard let format = Format(rawValue: URL(fileURLWithPath: path).pathExtension.lowercased()) else {
        let known = Format.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
        throw FileError(path: path, "is not a known event-stream format; the extensions are \(known)")
      }
      self = format
    }
  }

  /// Reads and validates a stream.
  ///
  /// - Throws: `FileError` if the file cannot be read, or is not a valid stream.
  public static func read(_ path: String) throws -> EventStream {
    let format = try Format(path: path)
    do {
      let stream =
        switch format {
        case .npz: try NumPyEvents.read(path)
        case .csv: try CSVEvents.parse(bytes(ofFile: path, maximumBytes: CSVEvents.maximumBytes))
        }
      try stream.validate()
      return stream
    } catch let error as EventStreamError {
      throw FileError(path: path, error.description)
    }
  }

  /// Writes a stream; the file appears whole or not at all.
  ///
  /// - Throws: `FileError` if the stream is not valid or the file cannot be written.
  public static func write(_ stream: EventStream, to path: String) throws {
    let format = try Format(path: path)
    do {
      try stream.validate()
    } catch let error as EventStreamError {
      throw FileError(path: path, "cannot be written: \(error.description)")
    }
    switch format {
    case .npz: try NumPyEvents.archive(stream).write(to: path)
    case .csv: try AtomicFile.write(CSVEvents.text(stream), to: path)
    }
  }
}
