import EventStreams
import Foundation
import KernelBanks
import Neuromorphic
import SparseCoding

/// How much memory runs take at their peak, estimated from their shapes before they start.
///
/// The largest parts are the spectrum of the lateral weights, whose own bound is taken, the network with its codes, a number
/// of bytes a neuron, and the whole photograph, which is normalised before it is cropped. These figures are measured:
/// docs/sweeps.md has the estimates beside peaks.
package struct MemoryEstimate {
  package init() {}

  private var sides: [String: (height: Int, width: Int)] = [:]
  private var banks: [String: (count: Int, size: Int)] = [:]

  private static let program_bytes = 48 << 20
  private static let neuron_bytes = 100
  private static let pixel_bytes = 48

  /// The estimate of a run, in bytes; what cannot be read counts nothing, as such a run ends at once.
  package mutating func peak_bytes(of run: RunConfiguration) -> Int {
    guard let whole = sides(run), let bank = bank(run.bank) else { return Self.program_bytes }
    let (height, width) = run.crop.map { ($0.size, $0.size) } ?? whole
    let pixels = whole.height * whole.width * Self.pixel_bytes
    let geometry = try? CodeGeometry(
      imageHeight: height, imageWidth: width, kernelCount: bank.count, kernelSize: bank.size, stride: run.stride,
      boundary: .valid)
    guard let geometry else { return Self.program_bytes + pixels }
    let spectrum = LateralWeights.largestMemory_B(geometry: geometry, arithmetic: run.arithmetic, model: run.model)
    let neurons = geometry.coefficientCount * (run.model == .spiking ? 2 : 1) + height * width
    return Self.program_bytes + pixels + spectrum + neurons * Self.neuron_bytes
  }

  private mutating func sides(_ run: RunConfiguration) -> (height: Int, width: Int)? {
    guard let path = run.image ?? run.events else { return nil }
    if let known = sides[path] { return known }
    let read: (height: Int, width: Int)? =
      run.image == nil
      ? (try? EventStreamFile.read(path)).map { ($0.rows, $0.columns) }
      : (try? Image(contentsOf: path)).map { ($0.height, $0.width) }
    sides[path] = read
    return read
  }

  private mutating func bank(_ name: String) -> (count: Int, size: Int)? {
    if let known = banks[name] { return known }
    let read = (try? KernelBank.named(name)).map { (count: $0.count, size: $0.size) }
    banks[name] = read
    return read
  }
}

/// What this machine, or the group of processes that it counts this one to, has left.
package enum MachineMemory {
  /// Bytes that can be taken without swapping.
  package static var available_bytes: Int {
    let machine = value("MemAvailable:", in: "/proc/meminfo").map { $0 << 10 }
    let left = [machine, groupLeft_bytes].compactMap(\.self).min()
    return left ?? Int(ProcessInfo.processInfo.physicalMemory / 4 * 3)
  }

  /// What a limit of the control group leaves (cgroup v2, https://docs.kernel.org/admin-guide/cgroup-v2.html).
  private static var groupLeft_bytes: Int? {
    guard let line = text("/proc/self/cgroup")?.split(separator: "\n").first(where: { $0.hasPrefix("0::") }) else {
      return nil
    }
    let folder = "/sys/fs/cgroup" + line.dropFirst(3)
    guard let limit = text("\(folder)/memory.max").flatMap({ Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }),
      let used = text("\(folder)/memory.current").flatMap({ Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) })
    else { return nil }
    return max(0, limit - used)
  }

  /// The number behind a name in a file of `/proc`.
  static func value(_ name: String, in path: String) -> Int? {
    let line = text(path)?.split(separator: "\n").first { $0.hasPrefix(name) }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
  }

  private static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
}
