import EventStreams
import SparseCoding

/// Synaptic operations that a frame causes by itself, before any neuron answers: counted from the geometry of a
/// network of one layer whose kernels stay within the image.
///
/// A pixel drives every kernel at every position that covers it. An event drives every kernel at every position at
/// which kernels overlap its own, and its own neuron once more, by the sign term.
package struct StudyFrameOperations: Sendable {
  private let geometry: CodeGeometry

  /// Of frames of an image, or of codes of this geometry.
  package init(_ geometry: CodeGeometry) { self.geometry = geometry }

  /// Of all pixels: a neuron gets each of the k² that its kernel covers.
  package var ofAllPixels: Int { geometry.coefficientCount * geometry.kernelSize * geometry.kernelSize }

  /// Of the events of a code.
  package func of(_ stream: EventStream) -> Int {
    stream.reduce(0) { total, event in
      let positions =
        overlapping(Int(event.row), of: geometry.rows) * overlapping(Int(event.column), of: geometry.columns)
      return total + positions * geometry.kernelCount + 1
    }
  }

  /// Of an event, the mean over all positions.
  package var ofMeanEvent: Double {
    let sums = [geometry.rows, geometry.columns].map { count in
      (0..<count).reduce(0) { $0 + overlapping($1, of: count) }
    }
    return Double(sums[0] * sums[1] * geometry.kernelCount) / Double(geometry.rows * geometry.columns) + 1
  }

  /// So many events, drawn evenly over all positions, cause as many as all pixels.
  package var breakEven_events: Double { Double(ofAllPixels) / ofMeanEvent }

  /// Along one side: places of the grid whose kernels overlap those of a place.
  private func overlapping(_ place: Int, of count: Int) -> Int {
    let reach = (geometry.kernelSize - 1) / geometry.stride
    return min(place + reach, count - 1) - max(place - reach, 0) + 1
  }
}
