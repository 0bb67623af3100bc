import DataFiles

extension Image {
  /// Reads a photograph, PNG or JPEG, as gray from 0 (black) to 1 (white).
  ///
  /// Colours become luma, 0.299 R + 0.587 G + 0.114 B, on the samples as stored (ITU-R Recommendation BT.601-7,
  /// §2.5.1).
  ///
  /// - Throws: `FileError` if the file cannot be read or has more pixels than `maximumPixels`.
  public init(contentsOf path: String, maximumPixels: Int = 1 << 26) throws {
    self.init(try Raster(contentsOf: path, maximumPixels: maximumPixels))
  }

  /// A picture as gray from 0 (black) to 1 (white); colours become luma (BT.601-7, §2.5.1).
  public init(_ raster: Raster) {
    let scale = 1 / Double(raster.maximumSample)
    let samples = raster.samples
    let pixels = (0..<raster.width * raster.height).map { index -> Float in
      guard raster.channels == 3 else { return Float(scale * Double(samples[index])) }
      let red = Double(samples[3 * index])
      let green = Double(samples[3 * index + 1])
      let blue = Double(samples[3 * index + 2])
      return Float(scale * (0.299 * red + 0.587 * green + 0.114 * blue))
    }
    self.init(height: raster.height, width: raster.width, pixels: pixels)
  }

  /// Reads a photograph and prepares it for coding: local contrast normalisation of the whole image, then the crop.
  ///
  /// In this order a crop's values do not depend on where its edges are. The normalisation needs the mean of the local
  /// norm over the whole image, so there is no cheaper way to the same values.
  ///
  /// - Throws: `FileError` if the file cannot be read, `SparseCodingError` if the crop does not fit.
  public static func prepared(contentsOf path: String, crop: Crop?) throws -> Image {
    try Image(contentsOf: path).prepared(crop: crop)
  }

  /// Local contrast normalisation of the whole image, then the crop.
  ///
  /// - Throws: `SparseCodingError` if the crop does not fit.
  public func prepared(crop: Crop?) throws -> Image {
    // Before the work, that an error comes at once.
    try crop?.check(against: self)
    let normalized = locallyContrastNormalized()
    return try crop.map { try normalized.cropped(to: $0) } ?? normalized
  }
}
