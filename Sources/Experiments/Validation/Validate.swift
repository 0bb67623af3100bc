import DataFiles
import Neuromorphic
import Reports

/// `rheobase validate`: figures of the simulated chips beside published ones.
public struct Validate: Sendable {
  /// Paths of chip files that take the place of the bundled chips of their names.
  public let chipFiles: [String]
  /// Path of the archive with the dictionary and the image of lava-optimization's LCA tutorial; without it the figures
  /// that need them are not run.
  public let lavaData: String?

  /// A validation of the bundled chips.
  ///
  /// - Parameters:
  ///   - chipFiles: Paths of chip files that take the place of the bundled chips of their names.
  ///   - lavaData: Path of an archive (`.npz`) of `dictionary` (784 × 784, a row is an element) and `image` (28 × 28, 0
  ///     to 255).
  public init(chipFiles: [String] = [], lavaData: String? = nil) {
    self.chipFiles = chipFiles
    self.lavaData = lavaData
  }

  /// Measures all figures.
  ///
  /// - Parameter progress: Told what is being measured.
  /// - Throws: `NeuromorphicError` or `YAMLError` for a chip file that is not one, or that takes no bundled chip's
  ///   place; `NeuromorphicError` if a chip cannot run a check, `FileError` if the archive is not one.
  public func callAsFunction(progress: ProgressHandler = { _ in }) throws -> ValidationReport {
    let bench = Workbench(
      replacements: try replacements(), lavaData: try lavaData.map { try NumPyArchive(contentsOf: $0) })
    return ValidationReport(
      rows: try Self.groups.enumerated().flatMap { place, group in
        progress(
          ProgressUpdate(group.title, done: Double(place), of: Double(Self.groups.count), unit: "comparisons"))
        return try group.rows(bench).map(bench.judgeable)
      })
  }

  /// Chips that figures are measured on.
  static let chips = ["loihi1", "loihi1-regressed", "loihi2", "odin", "seneca", "truenorth"]

  private func replacements() throws -> [String: ChipDescription] {
    var replacements: [String: ChipDescription] = [:]
    for file in chipFiles {
      let chip = try ChipDescription.named(file)
      guard Self.chips.contains(chip.name) else {
        throw NeuromorphicError(
          "\(file): no figure is measured on a chip called '\(chip.name)'; its name must be one of "
            + Self.chips.joined(separator: ", "))
      }
      try chip.checkMesh(as: ChipDescription.named(chip.name), file: file)
      guard replacements.updateValue(chip, forKey: chip.name) == nil else {
        throw NeuromorphicError("\(file): a second chip is called '\(chip.name)'; give each name once")
      }
    }
    return replacements
  }

  private static let groups: [(title: String, rows: @Sendable (Workbench) throws -> [ValidationRow])] = [
    (PublishedFigures.LoihiOperations.group, LoihiOperations.rows),
    (PublishedFigures.LoihiQuery.group, LoihiQuery.rows),
    (PublishedFigures.StepTime.group, StepTime.rows),
    (PublishedFigures.TrueNorthPower.group, TrueNorthPower.rows),
    (PublishedFigures.ODINPower.group, ODINPower.rows),
    (PublishedFigures.SENECASynapse.group, SENECASynapse.rows),
    (PublishedFigures.SpikingLCA.group, SpikingLCAExample.rows),
    (PublishedFigures.LavaOutputs.group, LavaOutputs.rows),
  ]
}

extension ChipDescription {
  /// - Throws: `NeuromorphicError` if the mesh is not the bundled chip's, on whose cores the checks place their
  ///   neurons.
  fileprivate func checkMesh(as bundled: ChipDescription, file: String) throws {
    guard mesh != bundled.mesh else { return }
    throw NeuromorphicError(
      "\(file): figures of '\(name)' are measured on \(bundled.mesh); the file has \(mesh)")
  }

  private var mesh: String {
    "tiles_x \(tilesX.value), tiles_y \(tilesY.value), cores_per_tile \(coresPerTile.value)"
  }
}
