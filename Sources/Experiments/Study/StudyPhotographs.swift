import SparseCoding

/// The photographs of a study, looked at before anything is done with them.
struct StudyPhotographs {
  private let options: StudyOptions
  private let imagesOfChips: Set<String>

  /// - Throws: `ExperimentError` if there are none.
  init(_ options: StudyOptions) throws {
    self.options = options
    imagesOfChips = options.chips.isEmpty ? [] : Set(try options.imagesOfChips())
  }

  /// - Throws: `ExperimentError` that names the first photograph that cannot be cropped, or of which a part that is
  ///   coded is of one gray; `FileError` if one cannot be read.
  func check() throws {
    for path in try options.images() {
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

  /// Contrast normalisation leaves nothing of one gray: codes without coefficients, and no peak for PSNR.
  private func checkContrast(_ image: Image, _ path: String) throws {
    for size in squares(of: path) {
      let side = size.map { min($0, image.height, image.width) }
      let part = try side.map { try image.cropped(to: Crop(size: $0)) } ?? image
      let contrast = (part.pixels.max() ?? 0) - (part.pixels.min() ?? 0)
      guard contrast <= Self.rounding else { continue }
      let what = side.map { "its central \($0) × \($0) pixels are" } ?? "it is"
      throw ExperimentError(
        "\(path): \(what) of one gray, and codes of nothing have no PSNR; take it out of the folder"
          + (side == nil ? "" : ", or another square"))
    }
  }

  /// What is taken of a photograph for each kind of task; nil is all of it.
  private func squares(of path: String) -> [Int?] {
    [options.cropSize, options.codedSquare, options.convergenceCrop]
      + (imagesOfChips.contains(path) ? [StudyProtocol.chipCrop] : [])
  }

  /// Contrast is normalised to about 1; what rounding leaves of one gray is far below this.
  private static let rounding: Float = 1e-6
}
