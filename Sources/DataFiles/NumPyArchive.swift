import CZip
import Foundation

/// A NumPy archive (`.npz`): named arrays in a zip file.
public struct NumPyArchive: Equatable, Sendable {
  /// The arrays by name.
  public var arrays: [String: NumPyArray]
  /// What error messages call the archive: the path that it was read from.
  public let source: String
  /// Arrays that are in the file as well, and were not read.
  private var unread: [String] = []

  /// Makes an archive from arrays.
  public init(_ arrays: [String: NumPyArray] = [:]) { self.init(arrays, source: "the archive") }

  init(_ arrays: [String: NumPyArray], source: String, unread: [String] = []) {
    self.arrays = arrays
    self.source = source
    self.unread = unread
  }

  /// Reads an archive, its entries stored or deflated.
  ///
  /// - Throws: `FileError` if the file cannot be read, is damaged, unpacks to more than `maximumBytes`, or holds a
  ///   dtype other than numbers, booleans and text.
  public init(contentsOf path: String, maximumBytes: Int = 4 << 30) throws {
    var reader = try ZipReader(path: path, maximumBytes: maximumBytes)
    source = path
    arrays = [:]
    for index in 0..<reader.count {
      let entry = try reader.name(at: index)
      guard entry.hasSuffix(".npy") else { continue }
      let name = String(entry.dropLast(4))
      let bytes = try reader.bytes(at: index)
      do {
        let array = try bytes.withUnsafeBytes { try NumPyArray(npy: $0) }
        guard arrays.updateValue(array, forKey: name) == nil else { throw FileError("occurs twice") }
      } catch let error as FileError {
        throw self.error(name, error.description)
      }
    }
  }

  /// Writes the archive: entries sorted by name, without dates, so that equal archives are equal files.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public func write(to path: String, deflated: Bool = false) throws {
    var writer = try ZipWriter(path: path)
    for (name, array) in arrays.sorted(by: { $0.key < $1.key }) {
      try writer.add("\(name).npy", bytes: array.npy, deflated: deflated)
    }
    try AtomicFile.write(try writer.finish(), to: path)
  }

  /// Equal arrays under equal names, wherever they were read from.
  public static func == (a: Self, b: Self) -> Bool { a.arrays == b.arrays }
}

extension NumPyArchive {
  /// The array of a name, with `rank` axes if given.
  ///
  /// - Throws: `FileError` naming the file and the array if it is missing or has another number of axes.
  public func array(_ name: String, rank: Int? = nil) throws -> NumPyArray {
    guard let array = arrays[name] else {
      let names = (arrays.keys + unread).sorted().prefix(20).joined(separator: ", ")
      throw error(name, "is missing; the file holds \(names.isEmpty ? "no arrays" : names)")
    }
    guard rank == nil || array.shape.count == rank else {
      throw error(name, "has shape \(array.shape); an array of \(rank ?? 0) axes is needed")
    }
    return array
  }

  /// The elements of an array as `Float`.
  ///
  /// - Throws: `FileError` naming the file and the array if it is missing, has not `rank` axes, or does not fit.
  public func floats(_ name: String, rank: Int? = nil) throws -> [Float] {
    try convert(name, rank) { try $0.floats }
  }

  /// The elements of an array as `Double`; throws as `floats(_:rank:)`.
  public func doubles(_ name: String, rank: Int? = nil) throws -> [Double] {
    try convert(name, rank) { try $0.doubles }
  }

  /// The elements of an array as `Int32`; throws as `floats(_:rank:)`.
  public func int32s(_ name: String, rank: Int? = nil) throws -> [Int32] {
    try convert(name, rank) { try $0.int32s }
  }

  /// The elements of an array as `Int64`; throws as `floats(_:rank:)`.
  public func int64s(_ name: String, rank: Int? = nil) throws -> [Int64] {
    try convert(name, rank) { try $0.int64s }
  }

  /// A number: an array of exactly one element.
  ///
  /// - Throws: `FileError` naming the file and the array if it is missing, has several elements, or is not a number.
  public func number(_ name: String) throws -> Double { try scalar(name) { try $0.doubles } }

  /// An integer: an array of exactly one element; throws as `number(_:)`.
  public func integer(_ name: String) throws -> Int { Int(try scalar(name) { try $0.int64s }) }

  /// A text: an array of exactly one element; throws as `number(_:)`.
  public func text(_ name: String) throws -> String { try scalar(name) { try $0.texts } }

  /// An error about an array of this archive, for readers that find it wrong.
  public func error(_ name: String, _ problem: String) -> FileError {
    FileError(path: source, "'\(name)' \(problem)")
  }

  private func scalar<Value>(_ name: String, _ values: (NumPyArray) throws -> [Value]) throws -> Value {
    let converted = try convert(name, nil, values)
    guard let value = converted.first, converted.count == 1 else {
      throw error(name, "has \(converted.count) elements; one is needed")
    }
    return value
  }

  private func convert<Value>(
    _ name: String, _ rank: Int?, _ values: (NumPyArray) throws -> [Value]
  ) throws -> [Value] {
    let array = try array(name, rank: rank)
    do {
      return try values(array)
    } catch let error as FileError {
      throw self.error(name, error.description)
    }
  }
}
