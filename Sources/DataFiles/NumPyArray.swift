/// An array of a NumPy archive: a shape and its elements in C order.
public struct NumPyArray: Equatable, Sendable {
  /// The elements, by dtype. `float16` is read as `float32`.
  public enum Elements: Equatable, Sendable {
    case bool([Bool])
    case int8([Int8])
    case int16([Int16])
    case int32([Int32])
    case int64([Int64])
    case uint8([UInt8])
    case uint16([UInt16])
    case uint32([UInt32])
    case uint64([UInt64])
    case float32([Float])
    case float64([Double])
    case text([String])
  }

  /// The length of each axis; empty for a scalar.
  public let shape: [Int]
  /// The elements, the last axis fastest.
  public let elements: Elements

  /// Number of elements, the product of the shape.
  public var count: Int { shape.reduce(1, *) }

  /// Makes an array; the number of elements must be the product of the shape.
  public init(shape: [Int], elements: Elements) {
    precondition(shape.reduce(1, *) == elements.count, "an array needs as many elements as its shape says")
    self.shape = shape
    self.elements = elements
  }

  /// A `float32` array.
  public init(shape: [Int], _ values: [Float]) { self.init(shape: shape, elements: .float32(values)) }
  /// A `float64` array.
  public init(shape: [Int], _ values: [Double]) { self.init(shape: shape, elements: .float64(values)) }
  /// An `int32` array.
  public init(shape: [Int], _ values: [Int32]) { self.init(shape: shape, elements: .int32(values)) }
  /// An `int64` array.
  public init(shape: [Int], _ values: [Int64]) { self.init(shape: shape, elements: .int64(values)) }

  /// A `float32` scalar.
  public init(_ value: Float) { self.init(shape: [], elements: .float32([value])) }
  /// A `float64` scalar.
  public init(_ value: Double) { self.init(shape: [], elements: .float64([value])) }
  /// An `int64` scalar.
  public init(_ value: Int) { self.init(shape: [], elements: .int64([Int64(value)])) }
  /// A text scalar.
  public init(_ text: String) { self.init(shape: [], elements: .text([text])) }
}

extension NumPyArray {
  /// The elements of any numeric dtype as `Float`, rounded to nearest.
  ///
  /// - Throws: `FileError` if a finite element is beyond `Float`, or the elements are text.
  public var floats: [Float] {
    get throws {
      if case .float32(let values) = elements { return values }
      return try doubles.map { value in
        let float = Float(value)
        guard float.isFinite || !value.isFinite else { throw FileError("holds \(value), too large for 32-bit floats") }
        return float
      }
    }
  }

  /// The elements of any numeric dtype as `Double`, rounded to nearest.
  ///
  /// - Throws: `FileError` if the elements are text.
  public var doubles: [Double] {
    get throws {
      switch elements {
      case .bool(let values): values.map { $0 ? 1 : 0 }
      case .int8(let values): values.map { Double($0) }
      case .int16(let values): values.map { Double($0) }
      case .int32(let values): values.map { Double($0) }
      case .int64(let values): values.map { Double($0) }
      case .uint8(let values): values.map { Double($0) }
      case .uint16(let values): values.map { Double($0) }
      case .uint32(let values): values.map { Double($0) }
      case .uint64(let values): values.map { Double($0) }
      case .float32(let values): values.map { Double($0) }
      case .float64(let values): values
      case .text: throw FileError("holds text; numbers are needed")
      }
    }
  }

  /// The elements of any numeric dtype as `Int32`.
  ///
  /// - Throws: `FileError` if an element is not such an integer, or the elements are booleans or text.
  public var int32s: [Int32] { get throws { try integers() } }

  /// The elements of any numeric dtype as `Int64`.
  ///
  /// - Throws: `FileError` if an element is not such an integer, or the elements are booleans or text.
  public var int64s: [Int64] { get throws { try integers() } }

  /// The elements of an array of text.
  ///
  /// - Throws: `FileError` if the elements are numbers.
  public var texts: [String] {
    get throws {
      guard case .text(let values) = elements else { throw FileError("holds \(elements.dtype); text is needed") }
      return values
    }
  }

  private func integers<Integer: FixedWidthInteger>() throws -> [Integer] {
    func exact<Value>(_ values: [Value], _ convert: (Value) -> Integer?) throws -> [Integer] {
      if let same = values as? [Integer] { return same }
      return try values.map { value in
        guard let integer = convert(value) else {
          throw FileError("holds \(value); integers of \(Integer.bitWidth) bits are needed")
        }
        return integer
      }
    }
    return switch elements {
    // Which number false is, its maker knows: of polarities it would be −1, not 0.
    case .bool: throw FileError("holds booleans; integers are needed")
    case .int8(let values): try exact(values) { Integer(exactly: $0) }
    case .int16(let values): try exact(values) { Integer(exactly: $0) }
    case .int32(let values): try exact(values) { Integer(exactly: $0) }
    case .int64(let values): try exact(values) { Integer(exactly: $0) }
    case .uint8(let values): try exact(values) { Integer(exactly: $0) }
    case .uint16(let values): try exact(values) { Integer(exactly: $0) }
    case .uint32(let values): try exact(values) { Integer(exactly: $0) }
    case .uint64(let values): try exact(values) { Integer(exactly: $0) }
    case .float32(let values): try exact(values) { Integer(exactly: $0) }
    case .float64(let values): try exact(values) { Integer(exactly: $0) }
    case .text: throw FileError("holds text; numbers are needed")
    }
  }
}

extension NumPyArray.Elements {
  /// Number of elements.
  public var count: Int {
    switch self {
    case .bool(let values): values.count
    case .int8(let values): values.count
    case .int16(let values): values.count
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .uint8(let values): values.count
    case .uint16(let values): values.count
    case .uint32(let values): values.count
    case .uint64(let values): values.count
    case .float32(let values): values.count
    case .float64(let values): values.count
    case .text(let values): values.count
    }
  }

  /// NumPy's name of the dtype.
  public var dtype: String {
    switch self {
    case .bool: "bool"
    case .int8: "int8"
    case .int16: "int16"
    case .int32: "int32"
    case .int64: "int64"
    case .uint8: "uint8"
    case .uint16: "uint16"
    case .uint32: "uint32"
    case .uint64: "uint64"
    case .float32: "float32"
    case .float64: "float64"
    case .text: "text"
    }
  }
}
