// A NumPy array from and to the bytes of a .npy file.

extension NumPyArray {
  /// Decodes a `.npy` file: any byte order, C or Fortran order.
  ///
  /// Nothing is allocated before the shape is checked against the bytes that are there.
  /// - Throws: `FileError` saying what is wrong.
  package init(npy bytes: UnsafeRawBufferPointer) throws {
    let header = try NumPyHeader(bytes)
    let dtype = try DType(header.descriptor)
    let data = UnsafeRawBufferPointer(rebasing: bytes[header.dataOffset...])
    let count = try Self.count(of: header.shape, elementSize: dtype.size, byteCount: data.count)
    guard !dtype.isText || count <= Self.maximumTextCount else {
      throw FileError("holds \(count) texts; at most \(Self.maximumTextCount) can be read")
    }
    let elements = try dtype.decode(data, count: count)
    let isTransposed = header.isFortranOrder && header.shape.count > 1
    self.init(shape: header.shape, elements: isTransposed ? elements.inCOrder(shape: header.shape) : elements)
  }

  /// The one text of a `.npy` file, of which the beginning is there; nil if it holds something else.
  init?(textInNPY bytes: UnsafeRawBufferPointer) {
    guard let header = try? NumPyHeader(bytes), header.shape.allSatisfy({ $0 == 1 }),
      let dtype = try? DType(header.descriptor), dtype.isText,
      case let data = UnsafeRawBufferPointer(rebasing: bytes[header.dataOffset...].prefix(dtype.size)),
      let elements = try? dtype.beginning(ofTextIn: data)
    else { return nil }
    self.init(shape: [], elements: elements)
  }

  /// A `String` takes many times the bytes of a short text in a file.
  private static let maximumTextCount = 1 << 20

  private static func count(of shape: [Int], elementSize: Int, byteCount: Int) throws -> Int {
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow else { throw FileError("has the impossible shape \(shape)") }
      count = product
    }
    let (size, overflow) = count.multipliedReportingOverflow(by: elementSize)
    // Texts of length zero take no bytes: the file's size does not bound them, so only one is allowed.
    guard !overflow, size == byteCount, elementSize > 0 || count <= 1 else {
      throw FileError("has shape \(shape) of \(elementSize)-byte elements, but \(byteCount.counted("byte")) of them")
    }
    return count
  }

  /// The array as a `.npy` file, version 1.0, little-endian, C order.
  package var npy: [UInt8] {
    let text = texts(in: elements)
    let width = max(1, text.map { $0.unicodeScalars.count }.max() ?? 1)
    let axes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let descriptor = elements.descriptor(textWidth: width)
    let dictionary = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': (\(axes)), }"
    // The elements begin at a multiple of 64, after a newline.
    let unpadded = 10 + dictionary.utf8.count + 1
    let padding = (64 - unpadded % 64) % 64
    let length = dictionary.utf8.count + padding + 1
    precondition(length <= Int(UInt16.max), "a shape of thousands of axes")
    var bytes = NumPyHeader.magic + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
    bytes += Array(dictionary.utf8) + Array(repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
    elements.append(to: &bytes, textWidth: width)
    return bytes
  }

  private func texts(in elements: Elements) -> [String] {
    if case .text(let values) = elements { values } else { [] }
  }
}

extension NumPyArray {
  /// An element type as a `.npy` header names it.
  typealias ElementType = DType
}

/// An element type as a `.npy` header names it.
struct DType {
  private let kind: Character
  /// Bytes of an element.
  let size: Int
  private let isBigEndian: Bool

  var isText: Bool { kind == "U" || kind == "S" }

  init(_ descriptor: String) throws {
    let unsupported = FileError("has dtype '\(descriptor.prefix(40))'; numbers, booleans and text can be read")
    guard let order = descriptor.first, "<>|=".contains(order), descriptor.utf8.count <= 12,
      let kind = descriptor.dropFirst().first, let length = Int(descriptor.dropFirst(2)), length >= 0
    else { throw unsupported }
    self.kind = kind
    isBigEndian = order == ">"
    size = kind == "U" ? 4 * length : length
    let sizes: [Int]? =
      switch kind {
      case "b": [1]
      case "i", "u": [1, 2, 4, 8]
      case "f": [2, 4, 8]
      case "U", "S": nil
      default: []
      }
    guard sizes?.contains(size) ?? true else { throw unsupported }
  }

  func decode(_ data: UnsafeRawBufferPointer, count: Int) throws -> NumPyArray.Elements {
    switch (kind, size) {
    case ("b", _): .bool(integers(data, count, UInt8.self).map { $0 != 0 })
    case ("i", 1): .int8(integers(data, count))
    case ("i", 2): .int16(integers(data, count))
    case ("i", 4): .int32(integers(data, count))
    case ("i", _): .int64(integers(data, count))
    case ("u", 1): .uint8(integers(data, count))
    case ("u", 2): .uint16(integers(data, count))
    case ("u", 4): .uint32(integers(data, count))
    case ("u", _): .uint64(integers(data, count))
    case ("f", 2): .float32(integers(data, count, UInt16.self).map(float(halfBits:)))
    case ("f", 4): .float32(integers(data, count, UInt32.self).map(Float.init(bitPattern:)))
    case ("f", _): .float64(integers(data, count, UInt64.self).map(Double.init(bitPattern:)))
    case ("U", _): .text(try (0..<count).map { try text(data[$0 * size..<($0 + 1) * size], unitSize: 4) })
    default: .text(try (0..<count).map { try text(data[$0 * size..<($0 + 1) * size], unitSize: 1) })
    }
  }

  private func integers<Integer: FixedWidthInteger>(
    _ data: UnsafeRawBufferPointer, _ count: Int, _ type: Integer.Type = Integer.self
  ) -> [Integer] {
    let width = MemoryLayout<Integer>.size
    return [Integer](unsafeUninitializedCapacity: count) { buffer, initialized in
      for index in 0..<count {
        let raw = data.loadUnaligned(fromByteOffset: index * width, as: Integer.self)
        buffer.initializeElement(at: index, to: isBigEndian ? Integer(bigEndian: raw) : Integer(littleEndian: raw))
      }
      initialized = count
    }
  }

  /// A text whose last character may be cut.
  func beginning(ofTextIn data: UnsafeRawBufferPointer) throws -> NumPyArray.Elements {
    let unitSize = kind == "U" ? 4 : 1
    return .text([try text(data[..<(data.count / unitSize * unitSize)], unitSize: unitSize)])
  }

  /// Text padded with zeros: UTF-32 (`U`) or bytes (`S`).
  private func text(_ data: Slice<UnsafeRawBufferPointer>, unitSize: Int) throws -> String {
    let bytes = UnsafeRawBufferPointer(rebasing: data)
    let units = bytes.count / unitSize
    let codes: [UInt32] =
      unitSize == 4 ? integers(bytes, units) : integers(bytes, units, UInt8.self).map { UInt32($0) }
    let used = codes.prefix((codes.lastIndex { $0 != 0 } ?? -1) + 1)
    if unitSize == 1 { return String(decoding: used.map { UInt8($0) }, as: UTF8.self) }
    var text = String.UnicodeScalarView()
    for code in used {
      guard let scalar = Unicode.Scalar(code) else { throw FileError("holds a damaged text") }
      text.append(scalar)
    }
    return String(text)
  }
}

/// IEEE 754 binary16, without the type that not every platform has.
private func float(halfBits bits: UInt16) -> Float {
  let sign: Float = bits >> 15 == 0 ? 1 : -1
  let exponent = Int(bits >> 10 & 31)
  let fraction = Float(bits & 1023)
  switch exponent {
  case 0: return sign * fraction * 0x1p-24
  case 31: return fraction == 0 ? sign * .infinity : .nan
  default: return sign * Float(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
  }
}

extension NumPyArray.Elements {
  fileprivate func descriptor(textWidth: Int) -> String {
    switch self {
    case .bool: "|b1"
    case .int8: "|i1"
    case .int16: "<i2"
    case .int32: "<i4"
    case .int64: "<i8"
    case .uint8: "|u1"
    case .uint16: "<u2"
    case .uint32: "<u4"
    case .uint64: "<u8"
    case .float32: "<f4"
    case .float64: "<f8"
    case .text: "<U\(textWidth)"
    }
  }

  fileprivate func append(to bytes: inout [UInt8], textWidth: Int) {
    func add<Integer: FixedWidthInteger>(_ values: [Integer]) {
      values.map(\.littleEndian).withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
    switch self {
    case .bool(let values): add(values.map { UInt8($0 ? 1 : 0) })
    case .int8(let values): add(values)
    case .int16(let values): add(values)
    case .int32(let values): add(values)
    case .int64(let values): add(values)
    case .uint8(let values): add(values)
    case .uint16(let values): add(values)
    case .uint32(let values): add(values)
    case .uint64(let values): add(values)
    case .float32(let values): add(values.map(\.bitPattern))
    case .float64(let values): add(values.map(\.bitPattern))
    case .text(let values):
      for value in values {
        let codes = value.unicodeScalars.map(\.value)
        add(codes + Array(repeating: 0, count: textWidth - codes.count))
      }
    }
  }

  /// Elements in Fortran order (first axis fastest) put into C order.
  fileprivate func inCOrder(shape: [Int]) -> Self {
    func reordered<Value>(_ values: [Value]) -> [Value] {
      guard !values.isEmpty else { return values }
      var strides = [Int](repeating: 1, count: shape.count)
      for axis in shape.indices.dropFirst() { strides[axis] = strides[axis - 1] * shape[axis - 1] }
      var position = [Int](repeating: 0, count: shape.count)
      var source = 0
      return values.indices.map { _ in
        let value = values[source]
        for axis in shape.indices.reversed() {
          position[axis] += 1
          source += strides[axis]
          if position[axis] < shape[axis] { break }
          source -= strides[axis] * shape[axis]
          position[axis] = 0
        }
        return value
      }
    }
    return switch self {
    case .bool(let values): .bool(reordered(values))
    case .int8(let values): .int8(reordered(values))
    case .int16(let values): .int16(reordered(values))
    case .int32(let values): .int32(reordered(values))
    case .int64(let values): .int64(reordered(values))
    case .uint8(let values): .uint8(reordered(values))
    case .uint16(let values): .uint16(reordered(values))
    case .uint32(let values): .uint32(reordered(values))
    case .uint64(let values): .uint64(reordered(values))
    case .float32(let values): .float32(reordered(values))
    case .float64(let values): .float64(reordered(values))
    case .text(let values): .text(reordered(values))
    }
  }
}
