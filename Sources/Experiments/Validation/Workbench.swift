import DataFiles
import Neuromorphic
import Reports

/// What the checks of a validation work with: chips by name, some of them replaced by the user's.
struct Workbench: Sendable {
  /// By name; they take the place of bundled ones.
  let replacements: [String: ChipDescription]
  /// Dictionary and image of lava-optimization's LCA tutorial, if they are there.
  let lavaData: NumPyArchive?

  /// - Throws: `NeuromorphicError` for an unknown name, `YAMLError` for a mistake in the file.
  func chip(_ name: String) throws -> ChipDescription { try replacements[name] ?? ChipDescription.named(name) }

  /// The row, withdrawn if it lacks costs that the bundled chip has: its figure was not made to be compared without
  /// them.
  func judgeable(_ row: ValidationRow) throws -> ValidationRow {
    let name = row.chip.prefix { $0 != "," }
    guard let chip = replacements[String(name)] else { return row }
    let lost = Set(chip.unpublished).subtracting(try ChipDescription.named(chip.name).unpublished)
    let costs = row.missing.filter(lost.contains)
    return costs.isEmpty ? row : row.withdrawn(costs)
  }
}
