import DataFiles
import Foundation

/// Pictures that are together small enough for a page; large ones are made smaller.
struct FittingPictures {
  /// PNG files, in the order in which they were given.
  let pngs: [Data]
  /// The longer side of those that were made smaller; nil if none was.
  let mostPixels: Int?

  /// A page of three megabytes holds them as base 64, which is a third more.
  private static let most_bytes = 1_400_000
  private static let sides = [1024, 768, 512, 384, 256, 192, 128, 96, 64]

  init(_ originals: [Data]) {
    var fitting = (pngs: originals, mostPixels: Int?.none)
    for side in Self.sides where fitting.pngs.reduce(0, { $0 + $1.count }) > Self.most_bytes {
      fitting = (originals.map { Self.reduced($0, to: side) }, side)
    }
    (pngs, mostPixels) = fitting
  }

  /// What cannot be read stays as it is, for the browser to say so.
  private static func reduced(_ png: Data, to side: Int) -> Data {
    guard let raster = try? Raster(decoding: png, path: "picture", maximumPixels: 1 << 26),
      max(raster.width, raster.height) > side
    else { return png }
    return (try? raster.reduced(to: side).png()) ?? png
  }
}

extension Raster {
  /// The picture with a longer side of so many pixels, each the mean of those that it stands for.
  func reduced(to side: Int) -> Raster {
    let scale = Double(side) / Double(max(width, height))
    let columns = max(1, Int((Double(width) * scale).rounded())), rows = max(1, Int((Double(height) * scale).rounded()))
    var samples: [UInt16] = []
    samples.reserveCapacity(columns * rows * channels)
    for row in 0..<rows {
      let ys = row * height / rows..<max((row + 1) * height / rows, row * height / rows + 1)
      for column in 0..<columns {
        let xs = column * width / columns..<max((column + 1) * width / columns, column * width / columns + 1)
        for channel in 0..<channels {
          let sum = ys.reduce(0) { sum, y in
            xs.reduce(sum) { $0 + Int(self.samples[(y * width + $1) * channels + channel]) }
          }
          samples.append(UInt16(sum / (ys.count * xs.count)))
        }
      }
    }
    return Raster(width: columns, height: rows, channels: channels, bitDepth: bitDepth, samples: samples)
  }
}
