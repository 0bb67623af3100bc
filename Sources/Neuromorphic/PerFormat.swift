/// One value for each format.
public struct PerFormat<Value> {
  /// Value of `dense`.
  public var dense: Value
  /// Value of `sparse`.
  public var sparse: Value
  /// Value of `convolution`.
  public var convolution: Value

  /// One value for each format.
  public init(dense: Value, sparse: Value, convolution: Value) {
    self.dense = dense
    self.sparse = sparse
    self.convolution = convolution
  }

  /// The value of a format.
  public subscript(format: SynapseFormat) -> Value {
    switch format {
    case .dense: dense
    case .sparse: sparse
    case .convolution: convolution
    }
  }
}

extension PerFormat: Equatable where Value: Equatable {}
extension PerFormat: Sendable where Value: Sendable {}
