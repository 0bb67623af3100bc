import KernelBanks

/// How strongly each kernel of bank D, placed somewhere, drives each kernel of bank Φ, placed somewhere: ΦᵀD as a
/// table over kernel pairs and position offsets (the same for all positions away from a circular seam).
///
/// `values[((source * extent + (dy + reach)) * extent + (dx + reach)) * targetCount + target]` is the inner product of
/// kernel `source` of D at code position (r, c) and kernel `target` of Φ at (r − dy, c − dx); that is, dy = source row − target row.
public struct CorrelationTable: Sendable {
  /// Largest offset with overlap, ⌈k / stride⌉ − 1 … in code positions.
  public let reach: Int
  public let sourceCount: Int
  public let targetCount: Int
  public var values: [Float]

  /// Offsets along one axis, 2 · reach + 1.
  public var extent: Int { 2 * reach + 1 }

  /// Place of an entry in `values`.
  public func index(source: Int, target: Int, dy: Int, dx: Int) -> Int {
    ((source * extent + dy + reach) * extent + dx + reach) * targetCount + target
  }
}
