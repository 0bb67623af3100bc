import DataFiles
import Dispatch
import Foundation

/// Ctrl-C and termination: unfinished files go, then the process does.
enum Interrupt {
  nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

  /// To be called once, when the program starts.
  static func removePartialFiles() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler {
        PartialFiles.removeAll()
        signal(number, SIG_DFL)
        kill(getpid(), number)
      }
      source.resume()
      sources.append(source)
    }
  }
}
