/// A square part of an image.
///
/// Written `SIZE` (about the centre) or `SIZE@X,Y` (X and Y: column and row of the top-left pixel, from 0).
public struct Crop: Hashable, Sendable, CustomStringConvertible {
  /// Column and row of a pixel.
  public struct Corner: Hashable, Sendable {
    /// The column, from 0.
    public var x: Int
    /// The row, from 0.
    public var y: Int

    /// Makes a corner.
    public init(x: Int, y: Int) {
      self.x = x
      self.y = y
    }
  }

  /// Height and width, in pixels.
  public let size: Int
  /// The top-left pixel; `nil` for a crop about the centre.
  public let corner: Corner?

  /// Makes a crop.
  ///
  /// - Throws: `SparseCodingError` if the size is not positive or the corner is negative.
  public init(size: Int, corner: Corner? = nil) throws {
    guard size >= 1 else { throw SparseCodingError("the crop's size is \(size); it must be 1 or more") }
    if let corner, corner.x < 0 || corner.y < 0 {
      throw SparseCodingError("the crop's corner is \(corner.x),\(corner.y); it must be 0,0 or more")
    }
    self.size = size
    self.corner = corner
  }

  /// Reads `SIZE` or `SIZE@X,Y`.
  ///
  /// - Throws: `SparseCodingError` if the text is neither, or a number is out of range.
  public init(parsing text: String) throws {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard let size = Int(parts[0]), parts.count <= 2 else { throw Self.unreadable(text) }
    guard parts.count == 2 else {
      try self.init(size: size)
      return
    }
    let numbers = parts[1].split(separator: ",", omittingEmptySubsequences: false)
    guard numbers.count == 2, let x = Int(numbers[0]), let y = Int(numbers[1]) else { throw Self.unreadable(text) }
    try self.init(size: size, corner: Corner(x: x, y: y))
  }

  private static func unreadable(_ text: String) -> SparseCodingError {
    SparseCodingError("'\(text)' is not a crop; write SIZE or SIZE@X,Y, for example 64 or 64@10,20")
  }

  /// As it is parsed.
  public var description: String {
    corner.map { "\(size)@\($0.x),\($0.y)" } ?? "\(size)"
  }

  /// - Throws: `SparseCodingError` with the limits if the crop does not lie in the image.
  func check(against image: Image) throws { _ = try corner(inHeight: image.height, width: image.width) }

  /// Where the crop lies in an image: its corner, or about the centre.
  ///
  /// - Parameter leastSize: The smallest size that would do, for the error to name.
  /// - Throws: `SparseCodingError` with the limits if it does not lie in the image.
  public func corner(inHeight height: Int, width: Int, leastSize: Int = 1) throws -> Corner {
    let largest = min(height, width)
    guard size <= largest else {
      throw SparseCodingError(
        "a crop of \(size) is larger than the image, \(width) × \(height) pixels (width × height); "
          + (leastSize <= largest ? "it can be \(leastSize) to \(largest)" : "none of \(leastSize) or more fits"))
    }
    if let corner, corner.x > width - size || corner.y > height - size {
      throw SparseCodingError(
        "a crop of \(size) at \(corner.x),\(corner.y) reaches over the edge of the image; "
          + "the corner can be 0,0 to \(width - size),\(height - size)")
    }
    return corner ?? Corner(x: (width - size) / 2, y: (height - size) / 2)
  }
}

extension Image {
  /// A part of the image.
  ///
  /// - Throws: `SparseCodingError` with the limits if the crop does not lie in the image.
  public func cropped(to crop: Crop) throws -> Image {
    let corner = try crop.corner(inHeight: height, width: width)
    let rows = (corner.y..<corner.y + crop.size).flatMap { row in
      pixels[row * width + corner.x..<row * width + corner.x + crop.size]
    }
    return Image(height: crop.size, width: crop.size, pixels: rows)
  }
}
