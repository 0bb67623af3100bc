import Foundation

/// What this machine, or the group of processes that it counts this one to, has left.
package enum MachineMemory {
  /// Bytes that can be taken without swapping.
  package static var available_bytes: Int {
    let machine = value("MemAvailable:", in: "/proc/meminfo").map { $0 << 10 }
    let left = [machine, ControlGroups.ofThisProcess.left_bytes].compactMap(\.self).min()
    return left ?? Int(ProcessInfo.processInfo.physicalMemory / 4 * 3)
  }

  /// The number behind a name in a file of `/proc`.
  static func value(_ name: String, in path: String) -> Int? {
    let line = text(path)?.split(separator: "\n").first { $0.hasPrefix(name) }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
  }

  fileprivate static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
}

/// The control groups that a process belongs to, with limits on memory: cgroup v2
/// (https://docs.kernel.org/admin-guide/cgroup-v2.html) or v1
/// (https://docs.kernel.org/admin-guide/cgroup-v1/memory.html).
package struct ControlGroups {
  /// Where their file system is.
  private let root: String
  /// The lines of `/proc/PID/cgroup`: `NUMBER:CONTROLLERS:PATH`.
  private let memberships: String

  package init(root: String, memberships: String) { (self.root, self.memberships) = (root, memberships) }

  static var ofThisProcess: ControlGroups {
    ControlGroups(root: "/sys/fs/cgroup", memberships: MachineMemory.text("/proc/self/cgroup") ?? "")
  }

  /// What the tightest limit leaves, in bytes; nil without one. The group's own and those of all groups around it hold.
  package var left_bytes: Int? {
    let groups = memberships.split(separator: "\n").flatMap { line -> [Int] in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 3 else { return [] }
      if parts[1].isEmpty { return left_bytes(of: parts[2], below: root, Self.second) }
      guard parts[1].split(separator: ",").contains("memory") else { return [] }
      return left_bytes(of: parts[2], below: "\(root)/memory", Self.first)
    }
    return groups.min()
  }

  /// What the files of a version are called.
  private struct Files { let limit, used, inactiveCache: String }

  private static let first = Files(
    limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes", inactiveCache: "total_inactive_file")
  private static let second = Files(limit: "memory.max", used: "memory.current", inactiveCache: "inactive_file")

  /// Of a group and each around it that has a limit. Inside a container the path may be that of the host, which is not
  /// there, and the container's own group is the root.
  private func left_bytes(of path: String, below root: String, _ files: Files) -> [Int] {
    let names = path.split(separator: "/")
    return (0...names.count).compactMap { depth in
      let folder = ([root] + names.prefix(depth).map(String.init)).joined(separator: "/")
      guard let limit = number("\(folder)/\(files.limit)"), let used = number("\(folder)/\(files.used)") else {
        return nil
      }
      // The kernel gives up cached files that are not in use before it lets a group run out.
      let reclaimable = MachineMemory.value(files.inactiveCache + " ", in: "\(folder)/memory.stat") ?? 0
      return max(0, limit - max(0, used - reclaimable))
    }
  }

  /// The number in a file; nil for `max`.
  private func number(_ path: String) -> Int? {
    MachineMemory.text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }
}
