import ChipTraces
import DataFiles
import Foundation
import Neuromorphic
import TestSupport
import Testing

@Suite struct VCDActivityTests {
  /// A core that is busy from 2 to 5 ps, and steps that end at 5, 7 and 9 ps.
  private static func text(steps: [Int]) -> String {
    let head = """
      $scope module chip $end
      $var wire    1  aa  soma_busy $end
      $scope module core7 $end
      $var wire    1  ab  soma_busy $end
      $upscope $end
      $var wire   64  ac  steps [63:0] $end
      $upscope $end
      $enddefinitions $end
      $dumpvars
      0ab
      b0 ac
      $end
      #2
      1ab
      #5
      0ab

      """
    return head + steps.map { "b\(String($0, radix: 2)) ac\n\n#\(5 + 2 * $0)\n" }.joined()
  }

  private final class Busy: ActivitySink {
    var intervals: [BusyInterval] = []

    func append(_ record: StepRecord, spikes: [Spike], packets: [PacketRecord]) {}
    func append(_ interval: BusyInterval) { intervals.append(interval) }
    func append(_ queue: QueueLength) {}
    func finish() {}
  }

  private func read(steps: [Int], of all: Int, into sinks: [any ActivitySink]) throws {
    try withTemporaryFolder { folder in
      try Self.text(steps: steps).write(toFile: "\(folder)/a.vcd", atomically: true, encoding: .utf8)
      try VCDActivity.read("\(folder)/a.vcd", steps: all, end_ps: 9, into: sinks)
    }
  }

  @Test func aWholeFileGivesBusyTimes() throws {
    let busy = Busy()
    try read(steps: [1, 2, 3], of: 3, into: [busy])
    #expect(busy.intervals.map { [UInt64($0.core), $0.begin_ps, $0.end_ps] } == [[7, 2, 5]])
    try read(steps: [1, 2, 3], of: 3, into: [])
  }

  @Test(arguments: [[1, 2], [1, 3], [2, 3], []], [true, false])
  func aFileThatLacksAStepIsRefused(steps: [Int], isWanted: Bool) {
    let error = #expect(throws: FileError.self) { try read(steps: steps, of: 3, into: isWanted ? [Busy()] : []) }
    #expect(error?.problem.contains("to its end") == true)
  }
}
