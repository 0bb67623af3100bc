import Experiments
import Foundation
import KernelBanks
import SparseCoding

/// Path of a file of the repository.
func repositoryFile(_ path: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent(path).path
}

/// Path of a bundled photograph.
func photograph(_ name: String) -> String { repositoryFile("photographs/\(name).png") }

/// A default run on the centre of a photograph, on few cores: no code depends on the mapping, and this one is simulated
/// sooner.
func defaultRun(_ photographName: String, bank: String) throws -> RunConfiguration {
  var run = RunConfiguration()
  run.image = photograph(photographName)
  run.crop = try Crop(size: 64)
  run.bank = bank
  run.mapping = .naive
  return run
}
