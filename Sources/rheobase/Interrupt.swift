import DataFiles
import Dispatch
import Experiments
import Foundation
import Synchronization

/// Ctrl-C and termination: processes that were started and unfinished files go, then the process ends by the signal,
/// as its parent expects.
enum Interrupt {
  nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

  private static let farewell = Mutex<(@Sendable () -> String)?>(nil)

  /// Says how far the work is and how to go on, if it is interrupted from now on. The text is asked for while no file
  /// can be put in place: it must not write any.
  static func sayFarewell(_ text: @escaping @Sendable () -> String) { farewell.withLock { $0 = text } }

  /// To be called once, when the program starts.
  static func endCleanly() {
    // Past a limit of a file's size writing fails, as on a full disk.
    signal(SIGXFSZ, SIG_IGN)
    for number in [SIGINT, SIGQUIT, SIGTERM, SIGHUP] where !(number == SIGHUP && isIgnored(SIGHUP)) {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler { end(by: number) }
      source.resume()
      sources.append(source)
    }
  }

  /// Ends the processes that this one has started, then this one, as the signal would.
  static func end(by number: Int32) -> Never {
    TetheredProcesses.endAll()
    PartialFiles.removeAll {
      // No result is put in place any more, so that what is said stays true.
      if let text = farewell.withLock({ $0 }) { Terminal.farewell(text()) }
      signal(number, SIG_DFL)
      var mask = sigset_t()
      sigemptyset(&mask)
      sigaddset(&mask, number)
      pthread_sigmask(SIG_UNBLOCK, &mask, nil)
      raise(number)
      exit(128 + number)
    }
  }

  /// Whether the program was started with `nohup`.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
