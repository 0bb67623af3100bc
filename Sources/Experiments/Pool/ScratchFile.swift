import Foundation

/// Files without a name, gone when they are closed, into which processes write what is read after their end: a pipe
/// that nobody reads would hold them up.
enum ScratchFile {
  /// - Throws: `ExperimentError` if none can be made.
  static func make() throws -> FileHandle {
    guard let file = tmpfile() else {
      throw ExperimentError("no scratch file can be made: \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    return FileHandle(fileDescriptor: fcntl(fileno(file), F_DUPFD_CLOEXEC, 0), closeOnDealloc: true)
  }

  /// All that was written.
  static func text(of file: FileHandle) -> String {
    try? file.seek(toOffset: 0)
    return String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
  }
}
