import Experiments
import Foundation
import TestSupport
import Testing

@Suite struct ControlGroupTests {
  private static let mebibyte = 1 << 20

  /// What is left in groups whose files, by their paths below the root, hold these texts.
  private func left(_ files: [String: String], _ memberships: String) throws -> Int? {
    try withTemporaryFolder { root in
      for (name, text) in files {
        let file = URL(fileURLWithPath: "\(root)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("\(text)\n".utf8).write(to: file)
      }
      return ControlGroups(root: root, memberships: memberships).left_bytes
    }
  }

  private func group(_ path: String, limit: String, used: Int, inactive: Int = 0) -> [String: String] {
    [
      "\(path)memory.max": limit, "\(path)memory.current": "\(used)",
      "\(path)memory.stat": "anon 5\ninactive_anon 7\ninactive_file \(inactive)\nactive_file 9",
    ]
  }

  @Test func aLimitLeavesWhatIsNotUsed() throws {
    #expect(try left(group("a/b/", limit: "1000", used: 300), "0::/a/b") == 700)
    #expect(try left(group("a/b/", limit: "1000", used: 3000), "0::/a/b") == 0)
    #expect(try left(group("a/b/", limit: "max", used: 300), "0::/a/b") == nil)
    #expect(try left([:], "0::/a/b") == nil && left([:], "") == nil)
  }

  @Test func cachedFilesThatAreNotInUseAreFree() throws {
    #expect(try left(group("a/", limit: "1000", used: 900, inactive: 600), "0::/a") == 700)
    #expect(try left(group("a/", limit: "1000", used: 900, inactive: 950), "0::/a") == 1000)
  }

  @Test func theLimitsOfGroupsAroundItHoldToo() throws {
    let groups = group("a/", limit: "1000", used: 950).merging(group("a/b/", limit: "500", used: 10)) { $1 }
    #expect(try left(groups, "0::/a/b") == 50)
    // In a container the path may be the host's, and its own group the root.
    #expect(try left(group("", limit: "1000", used: 200), "0::/docker/0123") == 800)
  }

  @Test func theFirstVersionHasOtherFiles() throws {
    let files = [
      "memory/a/memory.limit_in_bytes": "1000", "memory/a/memory.usage_in_bytes": "600",
      "memory/a/memory.stat": "inactive_file 1\ntotal_inactive_file 100",
      "memory/memory.limit_in_bytes": "9223372036854771712", "memory/memory.usage_in_bytes": "12345",
    ]
    #expect(try left(files, "12:cpu,cpuacct:/x\n4:memory:/a\n1:name=systemd:/a") == 500)
  }
}
