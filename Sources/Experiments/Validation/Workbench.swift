import DataFiles
import Neuromorphic

/// What the checks of a validation work with: chips by name, some of them replaced by the user's.
struct Workbench: Sendable {
  /// By name; they take the place of bundled ones.
  let replacements: [String: ChipDescription]
  /// Dictionary and image of lava-optimization's LCA tutorial, if they are there.
  let lavaData: NumPyArchive?

  /// - Throws: `NeuromorphicError` for an unknown name, `YAMLError` for a mistake in the file.
  func chip(_ name: String) throws -> ChipDescription { try replacements[name] ?? ChipDescription.named(name) }
}
