import DataFiles
import SparseCoding

/// The photographs of a study, looked at before anything is done with them.
struct StudyPhotographs {
  private let options: StudyOptions
  /// In the order in which they are taken.
  private let imagesOfChips: [String]

  /// - Throws: `ExperimentError` if there are none.
  init(_ options: StudyOptions) throws {
    self.options = options
    imagesOfChips = options.chips.isEmpty ? [] : try options.imagesOfChips()
  }

  /// Reads and normalises all of them, which takes as long as their pixels are many.
  ///
  /// - Throws: `ExperimentError` that names the first photograph that cannot be cropped, or of which a part that is
  ///   coded is of one gray; `FileError` if one cannot be read.
  func check(progress: ProgressHandler) throws {
    let paths = try options.images()
    for (place, path) in paths.enumerated() {
      progress(
        ProgressUpdate(
          "looking at \(bankName(path))", done: Double(place), of: Double(paths.count), unit: "photographs"))
      let image = try Image(contentsOf: path)
      try checkCrop(image, path)
      try checkContrast(image.prepared(crop: nil), path)
    }
  }

  /// A crop that is not in every photograph would be another in each.
  private func checkCrop(_ image: Image, _ path: String) throws {
    do {
      let crop = try options.cropSize.map { try Crop(size: $0) }
      _ = try crop?.corner(inHeight: image.height, width: image.width, leastSize: StudyOptions.leastSquare)
    } catch {
      throw ExperimentError("\(path): \(error)")
    }
  }

  /// Contrast normalisation leaves nothing of one gray: codes without coefficients, and no peak for PSNR. What it leaves
  /// of a ramp is of one gray, too, and of a square of one gray something if there is contrast about it: so the
  /// photograph as it is does not tell.
  private func checkContrast(_ image: Image, _ path: String) throws {
    for part in parts(of: path) {
      let side = part.size.map { min($0, image.height, image.width) }
      let square = try side.map { try image.cropped(to: Crop(size: $0)) } ?? image
      guard square.isWithoutContrast else { continue }
      let what = side.map { "its central \($0) × \($0) pixels are" } ?? "it is"
      throw ExperimentError(
        "\(path): \(what) of one gray once contrast is normalised, and PSNR is not defined; take it out of the folder"
          + (part.remedy.map { ", or \($0)" } ?? ""))
    }
  }

  /// A part of a photograph that is coded; all of it if it has no size.
  private struct Part {
    let size: Int?
    /// What else helps if there is no contrast in it.
    let remedy: String?
  }

  /// What is taken of a photograph for each kind of task.
  private func parts(of path: String) -> [Part] {
    var parts = [
      Part(size: options.cropSize, remedy: options.cropSize.map { _ in "change --crop" }),
      // Where the crop is the smaller it has been looked at.
      Part(size: options.codedSquare, remedy: options.codedSquare.map { _ in "change --certified-crop" }),
      Part(size: options.convergenceCrop, remedy: "change --convergence-crop"),
    ]
    if let place = imagesOfChips.firstIndex(of: path) {
      let remedy = place == 0 ? "run no chips by --chips -" : "leave it out of chips by --chip-images \(place)"
      parts.append(Part(size: StudyProtocol.chipCrop, remedy: remedy))
    }
    return parts
  }
}
