import Neuromorphic
import SparseCoding

/// Finds points that cannot run, as far as that is seen without solving anything: what chip, model and input exclude,
/// crops that do not lie in their images, strides beyond their kernels, networks that do not fit their chips, and
/// probes of neurons that are not there.
struct PointChecker {
  /// Why points cannot run.
  struct Problem {
    let message: String
    /// Keys that have to do with it.
    let keys: [String]
  }

  private var known: [String: Problem?] = [:]

  /// What is wrong with a point; nil if nothing is.
  mutating func problem(with run: RunConfiguration, on chip: ChipDescription, _ inputs: inout SweepInputs) -> Problem? {
    let picture = inputs.picture(of: run)
    var probe = run
    // None of these decides whether a chip can run the rest.
    probe.lambda = 1
    probe.gap = 1
    if probe.image != nil { probe.image = picture.map { "\($0.height) × \($0.width)" } ?? "" }
    let key = probe.yaml
    if let problem = known[key] { return problem }
    let problem = Self.problem(with: run, on: chip, picture, kernels: inputs.kernels(of: run))
    known[key] = .some(problem)
    return problem
  }

  private static func problem(
    with run: RunConfiguration, on chip: ChipDescription, _ picture: SweepInputs.Picture?, kernels: SweepInputs.Kernels?
  ) -> Problem? {
    do { try run.check() } catch {
      return Problem(message: "\(error)", keys: ["model", "input", "weight_bits", "prime"] + chipKeys(of: run))
    }
    guard let picture, let kernels else { return nil }
    let geometry: CodeGeometry
    do {
      _ = try run.crop?.corner(inHeight: picture.height, width: picture.width)
      geometry = try CodeGeometry(
        imageHeight: run.crop?.size ?? picture.height, imageWidth: run.crop?.size ?? picture.width,
        kernelCount: kernels.count, kernelSize: kernels.size, stride: run.stride, boundary: .valid)
    } catch {
      let isOfStride = run.stride > kernels.size
      return Problem(
        message: "\(error)", keys: isOfStride ? ["stride", "bank"] : ["image", "events", "crop", "bank"])
    }
    do {
      try run.checkSize(of: geometry, on: chip)
      try run.checkMapping(of: geometry, on: chip)
    } catch {
      return Problem(message: "\(error)", keys: chipKeys(of: run) + ["crop", "stride", "bank"])
    }
    do { try run.checkProbes(of: geometry) } catch { return Problem(message: "\(error)", keys: ["probes"]) }
    return nil
  }

  private static func chipKeys(of run: RunConfiguration) -> [String] {
    run.chipChanges.sorted.map { RunKey.chipPrefix + $0.key } + ["chip", "chip_limit"]
  }
}

extension RunConfiguration {
  /// Checks that a network of this shape fits the chip, for networks whose shape is all that decides it.
  ///
  /// - Throws: what `Mapping` says.
  fileprivate func checkMapping(of geometry: CodeGeometry, on chip: ChipDescription) throws {
    guard capacity == .strict, mapping == .balanced, weightFormat == .single, let weightBits, events == nil,
      geometry.imageHeight == geometry.imageWidth
    else { return }
    let check = ChipCheck(
      kernelCount: geometry.kernelCount, kernelSize: geometry.kernelSize, imageSize: geometry.imageHeight,
      stride: stride, weightBits: weightBits, chipLimit: chipLimit)
    try check.checkFit(of: model, input.takesImage ? .dense : .sparse, on: chip)
  }
}
