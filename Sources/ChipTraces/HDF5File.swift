import CHDF5Files
import DataFiles

/// An HDF5 file to write, over libhdf5. Names are absolute paths.
final class HDF5File {
  /// nil once the file is closed.
  private var file: OpaquePointer?
  private let path: String

  /// - Throws: `FileError` if the file cannot be made.
  init(path: String) throws {
    guard let file = hdf5_files_create(path) else { throw FileError(path: path, "cannot be made as an HDF5 file") }
    (self.file, self.path) = (file, path)
  }

  /// Completes the file; without it the file is not complete.
  func finish() throws {
    guard let open = file else { return }
    file = nil
    guard hdf5_files_close(open) == 0 else { throw FileError(path: path, "cannot be completed as an HDF5 file") }
  }

  deinit { if let file { _ = hdf5_files_close(file) } }

  func group(_ name: String) throws { try check(hdf5_files_group(file, name), name) }

  func array<Element: HDF5Element>(_ name: String, _ values: [Element]) throws {
    try check(hdf5_files_array(file, name, Element.hdf5, values, values.count), name)
  }

  /// An array that is written part by part.
  func array<Element: HDF5Element>(_ name: String, of: Element.Type, count: Int) throws {
    try check(hdf5_files_make_array(file, name, Element.hdf5, count), name)
  }

  func write<Element: HDF5Element>(_ name: String, _ part: [Element], at first: Int) throws {
    guard !part.isEmpty else { return }
    try check(hdf5_files_write_part(file, name, Element.hdf5, part, first, part.count), name)
  }

  func text(_ name: String, _ text: String) throws { try check(hdf5_files_text(file, name, text), name) }

  func texts(_ name: String, _ texts: [String]) throws {
    try check(Self.withPointers(texts) { hdf5_files_texts(file, name, $0, texts.count) }, name)
  }

  func attribute(_ object: String, _ name: String, _ text: String) throws {
    try check(hdf5_files_attribute_text(file, object, name, text), "\(object).\(name)")
  }

  func attribute(_ object: String, _ name: String, _ texts: [String]) throws {
    try check(
      Self.withPointers(texts) { hdf5_files_attribute_texts(file, object, name, $0, texts.count) }, "\(object).\(name)")
  }

  func attribute<Element: HDF5Element>(_ object: String, _ name: String, _ values: [Element]) throws {
    try check(
      hdf5_files_attribute_numbers(file, object, name, Element.hdf5, values, values.count), "\(object).\(name)")
  }

  /// A value of an enumeration of these names.
  func attribute(_ object: String, _ name: String, choice: Int, of names: [String]) throws {
    try check(
      Self.withPointers(names) {
        hdf5_files_attribute_choice(file, object, name, $0, names.count, UInt8(truncatingIfNeeded: choice))
      }, "\(object).\(name)")
  }

  /// A reference to another object.
  func attribute(_ object: String, _ name: String, referenceTo target: String) throws {
    try check(hdf5_files_attribute_reference(file, object, name, target), "\(object).\(name)")
  }

  private func check(_ status: Int32, _ name: String) throws {
    guard status == 0 else { throw FileError(path: path, "HDF5 could not write '\(name)'") }
  }

  private static func withPointers<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
  ) -> Result {
    // One buffer for all: pointers into separate strings would not stay.
    var bytes: [CChar] = []
    var starts: [Int] = []
    for text in texts {
      starts.append(bytes.count)
      bytes += text.utf8CString
    }
    return bytes.withUnsafeBufferPointer { buffer in
      let pointers = starts.map { start in buffer.baseAddress.map { $0 + start } }
      return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
    }
  }
}

/// A number that an array or attribute of an HDF5 file can hold.
protocol HDF5Element: BitwiseCopyable {
  static var hdf5: hdf5_element { get }
}

extension Int32: HDF5Element { static var hdf5: hdf5_element { HDF5_INT32 } }
extension UInt32: HDF5Element { static var hdf5: hdf5_element { HDF5_UINT32 } }
extension Int64: HDF5Element { static var hdf5: hdf5_element { HDF5_INT64 } }
extension UInt64: HDF5Element { static var hdf5: hdf5_element { HDF5_UINT64 } }
extension Double: HDF5Element { static var hdf5: hdf5_element { HDF5_FLOAT64 } }
