/// A set of equally sized square kernels.
///
/// Kernel `j` occupies `weights[j * size * size ..< (j + 1) * size * size]`, row by row.
public struct KernelBank: Equatable, Sendable {
  /// What the bank is called in tables and file names, for example `heterogeneous`.
  public let name: String
  /// Number of kernels K.
  public let count: Int
  /// Height and width k of each kernel, in pixels.
  public let size: Int
  /// The kernels' values, K × k × k.
  public let weights: [Float]

  /// Makes a bank from its values.
  ///
  /// - Throws: `BankError` if the number of values is not K·k², or a value is not finite, or a kernel is zero.
  public init(name: String, count: Int, size: Int, weights: [Float]) throws {
    self.name = name
    self.count = count
    self.size = size
    self.weights = weights
  }
}
