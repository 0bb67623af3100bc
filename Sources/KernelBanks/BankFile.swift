import DataFiles
import Foundation

/// Bank files (`.npz`).
///
/// `kernels` float32 K × k × k; for designed banks also float64 `theta`, `bandwidth` (B_θ), `phase` (radians),
/// `frequency` (cycles/pixel) and `radial_bandwidth`, one value a kernel; for learnt banks `fitted_theta`,
/// `fitted_bandwidth` and `explained`, of the log-Gabors that resemble the kernels.
public enum BankFile {
  /// Reads a bank file, or a dictionary as sporco makes it (k × k × K).
  ///
  /// Without `kernels`, the first array (by name) of three axes is taken. Its two equal axes are the kernel's; if all
  /// three are equal, `kernels` is K × k × k, and an array of another name k × k × K. The bank is named after the file.
  ///
  /// - Throws: `FileError` if the file cannot be read or is not of this form, `BankError` if it holds a kernel that
  ///   cannot be used.
  public static func read(_ path: String) throws -> KernelBank {
    let archive = try NumPyArchive(contentsOf: path)
    let key = try kernelsKey(of: archive)
    let shape = try archive.array(key, rank: 3).shape
    let values = try archive.floats(key)
    guard shape.allSatisfy({ $0 > 0 }) else { throw archive.error(key, "has shape \(shape); it holds no kernels") }
    let isKernelFirst = shape[1] == shape[2] && (key == "kernels" || shape[0] != shape[1])
    guard isKernelFirst || shape[0] == shape[1] else {
      throw archive.error(key, "has shape \(shape); square kernels are K × k × k or k × k × K")
    }
    let count = isKernelFirst ? shape[0] : shape[2]
    let size = shape[1]
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    do {
      return try KernelBank(
        name: name, count: count, size: size,
        weights: isKernelFirst ? values : kernelFirst(values, count: count),
        designs: try designs(in: archive, count: count), fits: try fits(in: archive, count: count))
    } catch let error as BankError {
      throw BankError("\(path): \(error)")
    }
  }

  /// Writes a bank file.
  ///
  /// - Throws: `FileError` if it cannot be written.
  public static func write(_ bank: KernelBank, to path: String) throws {
    var archive = NumPyArchive([
      "kernels": NumPyArray(shape: [bank.count, bank.size, bank.size], bank.weights)
    ])
    for (name, parameter) in designParameters {
      guard let designs = bank.designs else { break }
      archive.arrays[name] = NumPyArray(shape: [bank.count], designs.map { $0[keyPath: parameter] })
    }
    for (name, parameter) in fitParameters {
      guard let fits = bank.fits else { break }
      archive.arrays[name] = NumPyArray(shape: [bank.count], fits.map { $0[keyPath: parameter] })
    }
    try archive.write(to: path)
  }

  private static func kernelsKey(of archive: NumPyArchive) throws -> String {
    if archive.arrays["kernels"] != nil { return "kernels" }
    let candidates = archive.arrays.filter { $0.value.shape.count == 3 }
    guard let key = candidates.keys.min() else {
      throw FileError(path: archive.source, "holds no kernels; an array 'kernels' of K × k × k is needed")
    }
    return key
  }

  /// From k × k × K to K × k × k.
  private static func kernelFirst(_ values: [Float], count: Int) -> [Float] {
    let area = values.count / count
    return (0..<count).flatMap { kernel in (0..<area).map { values[$0 * count + kernel] } }
  }

  private static let designParameters: KeyValuePairs<String, WritableKeyPath<LogGabor, Double> & Sendable> = [
    "theta": \.theta, "bandwidth": \.bandwidth, "frequency": \.frequency, "phase": \.phase,
    "radial_bandwidth": \.radialBandwidth,
  ]

  private static let fitParameters: KeyValuePairs<String, KeyPath<LogGaborFit, Double> & Sendable> = [
    "fitted_theta": \.theta, "fitted_bandwidth": \.bandwidth, "explained": \.explained,
  ]

  /// The fits, if the file has them.
  private static func fits(in archive: NumPyArchive, count: Int) throws -> [LogGaborFit]? {
    guard archive.arrays["explained"] != nil else { return nil }
    let columns = try fitParameters.map { try finiteValues(of: $0.key, in: archive, count: count) }
    return (0..<count).map { kernel in
      LogGaborFit(theta: columns[0][kernel], bandwidth: columns[1][kernel], explained: columns[2][kernel])
    }
  }

  /// One finite value a kernel.
  private static func finiteValues(of name: String, in archive: NumPyArchive, count: Int) throws -> [Double] {
    let values = try archive.doubles(name, rank: 1)
    guard values.count == count else {
      throw archive.error(
        name, "has \(values.count.counted("value")) for \(count.counted("kernel")); one value a kernel is needed")
    }
    guard values.allSatisfy(\.isFinite) else { throw archive.error(name, "holds a value that is not finite") }
    return values
  }

  /// The designs, if the file has them; `radial_bandwidth` may be missing and is then the study's.
  private static func designs(in archive: NumPyArchive, count: Int) throws -> [LogGabor]? {
    guard archive.arrays["theta"] != nil else { return nil }
    var designs = [LogGabor](repeating: LogGabor(theta: 0, bandwidth: 0, phase: 0), count: count)
    for (name, parameter) in designParameters where name != "radial_bandwidth" || archive.arrays[name] != nil {
      let values = try finiteValues(of: name, in: archive, count: count)
      for (kernel, value) in values.enumerated() { designs[kernel][keyPath: parameter] = value }
    }
    return designs
  }
}

extension KernelBank {
  /// The bank that a name or a path stands for: a preset of `BankDesign`, or else a bank file.
  ///
  /// - Throws: `BankError` if there is neither, listing the names; what `BankFile.read` throws.
  public static func named(_ nameOrPath: String) throws -> KernelBank {
    if let design = BankDesign.presets.first(where: { $0.name == nameOrPath }) { return try design.bank() }
    guard FileManager.default.fileExists(atPath: nameOrPath) else {
      let names = BankDesign.presets.map(\.name).joined(separator: ", ")
      throw BankError("there is no bank '\(nameOrPath)'; known are \(names), and paths of bank files (.npz)")
    }
    return try BankFile.read(nameOrPath)
  }
}
