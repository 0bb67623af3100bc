import DataFiles
import Foundation
import Logging
import Reports
import Synchronization

/// What is printed, and what is said on standard error: errors, warnings, and progress: on one line that is rewritten,
/// silent unless that is a terminal, or as a log. No control character of a name reaches a terminal.
enum Terminal {
  /// How much is said besides errors.
  enum Loudness: Sendable { case nothing, progress, everything }

  private struct State {
    var loudness = Loudness.progress
    var bar = ProgressBar()
    var logged = (text: "", time_s: -Double.infinity)
  }

  private static let state = Mutex(State())
  private static let began = ContinuousClock.now
  private static let isInteractive = isatty(STDERR_FILENO) == 1 && obeysControls
  private static let logger: Logger = {
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    return Logger(label: "")
  }()

  /// Whether what is printed is read on a terminal.
  static let printsToTerminal = isatty(STDOUT_FILENO) == 1

  /// What kind of terminal there is, in the words of terminfo; empty if nobody says.
  private static let kind = ProcessInfo.processInfo.environment["TERM"] ?? ""

  /// Whether the terminal obeys control sequences, as all do but `dumb` ones.
  private static let obeysControls = !["", "dumb"].contains(kind)

  /// Whether the terminal has colours, and they are wanted (https://no-color.org).
  static let hasColours =
    obeysControls && !kind.contains(/^vt\d|-m(ono)?$/)
    && ProcessInfo.processInfo.environment["NO_COLOR"]?.isEmpty ?? true

  /// Whether the terminal may have nothing but ASCII to draw with.
  static let isASCII = !obeysControls

  /// Sets how much is said from now on.
  static func say(_ loudness: Loudness) { state.withLock { $0.loudness = loudness } }

  /// Shows how far the work is.
  @Sendable static func progress(_ update: ProgressUpdate) {
    let time_s = (ContinuousClock.now - began) / .seconds(1)
    state.withLock { state in
      switch state.loudness {
      case .nothing: break
      case .progress:
        guard isInteractive else { return }
        // What fits on a line of the terminal: one that wraps could not be rewritten.
        let columns = columns(of: STDERR_FILENO).map { $0 - 1 } ?? .max
        write("\r\u{1B}[2K" + state.bar.line(update, at: time_s, columns: columns))
      case .everything:
        // What is counted comes often: a line a second will do.
        guard update.done == nil || time_s - state.logged.time_s >= 1, state.logged.text != update.description else {
          return
        }
        state.logged = (update.description, time_s)
        logger.info("\(ProgressBar.plain(update).withVisibleControls)")
      }
    }
  }

  /// Logs an event of long work, in one line, where all is told.
  @Sendable static func log(_ event: String) {
    guard state.withLock({ $0.loudness == .everything }) else { return }
    logger.info("\(event.withVisibleControls)")
  }

  /// Whether only results are told.
  static var isQuiet: Bool { state.withLock { $0.loudness == .nothing } }

  /// Clears the line.
  static func finish() {
    guard isInteractive, state.withLock({ $0.loudness == .progress }) else { return }
    write("\r\u{1B}[2K")
  }

  /// How many columns a terminal has; nil if it does not say.
  static func columns(of file: Int32) -> Int? {
    var size = winsize()
    return ioctl(file, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
  }

  /// Where standard error takes no more, nobody can be told; the program ends as it would otherwise.
  private static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

  /// Opens something in place of standard streams that are closed, which would be the next file that is opened
  /// otherwise, and get what is said into it. To be called before any is.
  static func occupyClosedStreams() {
    // Standard output cannot be written there, as it cannot be if it is closed.
    for (file, mode) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(file, F_GETFD) == -1 {
      // The lowest descriptor that is free, which is this one.
      _ = open("/dev/null", mode)
    }
  }

  /// What else people may want to know while a program reads what is printed, in one line; nothing if there is none.
  static func note(_ text: String?) {
    guard let text, state.withLock({ $0.loudness != .nothing }) else { return }
    write("\(text.withVisibleControls)\n")
  }

  /// A warning, in one line; nothing if there is none.
  static func warn(_ text: String?) {
    guard let text, state.withLock({ $0.loudness != .nothing }) else { return }
    write("rheobase: warning: \(text.withVisibleControls)\n")
  }

  /// What is not in a result that was asked for, in one line: also said where nothing else is.
  static func loss(_ text: String) { write("rheobase: warning: \(text.withVisibleControls)\n") }

  /// Hands over what was printed.
  ///
  /// - Throws: `OutputError` if standard output takes no more.
  static func flush() throws {
    if fflush(nil) != 0 { throw OutputError() }
  }

  /// An error, in one line.
  static func error(_ text: String) {
    write("rheobase: error: \(line(text).withVisibleControls)\n")
  }

  /// Several lines as one; those of a list, as the argument parser has of many values, with commas.
  private static func line(_ text: String) -> String {
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
    let others = lines.filter { !$0.hasPrefix(bullet) }
    let list = lines.filter { $0.hasPrefix(bullet) }.map { $0.dropFirst(bullet.count) }.joined(separator: ", ")
    return (others + (list.isEmpty ? [] : [list])).joined(separator: " ")
  }

  private static let bullet = "  - "

  /// What was done when the program is interrupted, and how to go on, in one line.
  static func farewell(_ text: String) {
    finish()
    write("rheobase: interrupted: \(text.withVisibleControls)\n")
  }

  /// Prints for people.
  static func print(_ item: Any = "", terminator: String = "\n") {
    Swift.print("\(item)".withVisibleControls, terminator: terminator)
  }

  /// Prints for programs: as it is, unless a terminal reads it.
  static func print(data: String, terminator: String = "\n") {
    Swift.print(printsToTerminal ? data.withVisibleControls : data, terminator: terminator)
  }
}

/// Standard output takes no more: a full disk, or a pipe that was closed.
struct OutputError: Error, CustomStringConvertible {
  var description: String { "standard output cannot be written; the results are not complete" }
}
