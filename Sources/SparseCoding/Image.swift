/// A grayscale image of real values, row by row.
public struct Image: Equatable, Sendable {
  /// Number of rows.
  public let height: Int
  /// Number of columns.
  public let width: Int
  /// The values, `height × width`.
  public var pixels: [Float]

  /// Makes an image from its values; `pixels.count` must be `height * width`.
  public init(height: Int, width: Int, pixels: [Float]) {
    precondition(pixels.count == height * width, "an image needs height × width pixels")
    self.height = height
    self.width = width
    self.pixels = pixels
  }
}
