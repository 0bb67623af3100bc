import CNeuroChip

/// What one link between tiles did from the beginning of a run to the end of a step.
public struct LinkActivity: Equatable, Sendable {
  /// Where a link leads.
  public enum Way: String, CaseIterable, Sendable { case east, west, north, south }

  /// The tile where it begins; x is counted through all chips.
  public let x, y: Int
  /// Where it leads: north is to smaller y.
  public let way: Way
  /// Packets that went over it, those of the input included.
  public let packets: Int

  init(_ a: rb_link_activity) {
    (x, y, packets) = (Int(a.tile_x), Int(a.tile_y), Int(a.packets))
    way =
      switch a.way {
      case RB_EAST: .east
      case RB_WEST: .west
      case RB_NORTH: .north
      default: .south
      }
  }
}
