import Foundation

/// What runs on this machine, from `/proc`.
enum Processes {
  private static var all: [pid_t] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
  }

  private static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }

  /// Processes that a process has started and that still run.
  static func children(of parent: pid_t) -> [pid_t] {
    all.filter { self.parent(of: $0) == parent }
  }

  /// Who has started a process that still runs, or has taken it over.
  static func parent(of process: pid_t) -> pid_t? {
    // "PID (NAME) STATE PARENT …"; a name may hold anything.
    let fields = text("/proc/\(process)/stat").split(separator: ")").last?.split(separator: " ") ?? []
    return fields.count > 1 && fields[0] != "Z" ? pid_t(fields[1]) : nil
  }

  /// Processes that were started with a variable of this value, `NAME=VALUE`.
  static func inheriting(_ variable: String) -> [pid_t] {
    all.filter { text("/proc/\($0)/environ").split(separator: "\0").contains { $0 == variable } }
  }

  /// Processes whose arguments mention a text.
  static func mentioning(_ mention: String) -> [pid_t] { all.filter { text("/proc/\($0)/cmdline").contains(mention) } }
}
