import Experiments
import Foundation
import Testing

@Suite struct TetheredProcessTests {
  /// As programs do from when they begin to listen to signals until they hear them.
  @Test func aProcessThatIgnoresSignalsEndsWhenItIsLetGo() async throws {
    let tethered = TetheredProcess()
    tethered.process.executableURL = URL(fileURLWithPath: "/bin/sh")
    tethered.process.arguments = ["-c", "trap '' TERM; echo; read line; exit 7"]
    let output = Pipe()
    tethered.process.standardOutput = output
    try tethered.process.run()
    // It ignores them now.
    _ = try output.fileHandleForReading.read(upToCount: 1)
    tethered.process.terminate()
    tethered.letGo()
    tethered.process.waitUntilExit()
    #expect(tethered.process.terminationReason == .exit && tethered.process.terminationStatus == 7)
  }
}
