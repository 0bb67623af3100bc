import DataFiles
import SparseCoding

extension EventStream {
  /// Names that a stream of an event camera has as its encoder: those of the readers, and of made recordings.
  public static let cameraEncoders = ["camera", "evt2", "evt3", "aedat3", "aedat4"]

  /// Whether it is the recording of an event camera: polarities of pixels over time.
  public var isRecording: Bool { Self.cameraEncoders.contains(encoder) }

  /// The encoder of what such a recording was integrated to: the events of `dense`, in all the steps of the recording.
  public static let integratedEncoder = "integrated"

  /// Whether it is what such a recording was integrated to.
  public var isIntegratedRecording: Bool { encoder == Self.integratedEncoder }

  /// A recording as graded events of pixels, step by step, which a compartment that holds its input adds up to the
  /// picture.
  ///
  /// An event is a change of a pixel's log intensity by one threshold of the camera (Lichtsteiner, Posch, Delbruck,
  /// "A 128 × 128 120 dB 15 µs latency asynchronous temporal contrast vision sensor", IEEE JSSC 43, 2008). So the sum
  /// of polarities, times what one is worth, is the change of the picture since the recording began.
  ///
  /// - Parameters:
  ///   - crop: Which square of the sensor; nil for all of it.
  ///   - step_ns: Time of the recording that one timestep covers, from the first event.
  ///   - exponent: An event is worth 2^exponent.
  ///   - networkSteps: Steps that the network takes, if it is to be said which events are too late for them.
  /// - Returns: One event for each step and pixel whose polarities do not cancel, of the encoder `integratedEncoder`;
  ///   and what of the recording is not in it, or too late.
  /// - Throws: `EventStreamError` if it is no recording, has no events in the crop, or there would be too many steps;
  ///   `SparseCodingError` if the crop does not lie in the sensor.
  public func integrated(
    crop: Crop?, step_ns: Int64, exponent: Int, networkSteps: Int? = nil
  ) throws -> EventStreamFile.Reading {
    guard isRecording, channels == 1 else {
      throw EventStreamError(
        "the stream of the encoder '\(encoder)' with \(channels.counted("channel")) is no camera's recording")
    }
    guard let first = time_ns.first, let last = time_ns.last else {
      throw EventStreamError("the recording has no events")
    }
    let (span, overflows) = last.subtractingReportingOverflow(first)
    guard step_ns > 0, !overflows, span / step_ns < 1 << 24 else {
      throw EventStreamError("in steps of \(step_ns) ns the recording has more than \(1 << 24) steps; use longer ones")
    }
    let corner = try crop?.corner(inHeight: rows, width: columns) ?? Crop.Corner(x: 0, y: 0)
    var stream = EventStream(
      encoder: Self.integratedEncoder, channels: 1, rows: crop?.size ?? rows, columns: crop?.size ?? columns,
      steps: Int(span / step_ns) + 1, payloadExponent: exponent)
    stream.camera = camera
    var sums: [Pixel: Int32] = [:]
    var step: Int32 = 0
    var leftOut = LeftOut(networkSteps: networkSteps)
    for index in indices {
      let next = Int32((time_ns[index] - first) / step_ns)
      if next != step {
        stream.append(sums, step: step, step_ns: step_ns)
        sums.removeAll(keepingCapacity: true)
        step = next
      }
      let pixel = Pixel(row: row[index] - Int32(corner.y), column: column[index] - Int32(corner.x))
      guard pixel.row >= 0, pixel.row < stream.rows, pixel.column >= 0, pixel.column < stream.columns else {
        leftOut.outsideCrop += 1
        continue
      }
      leftOut.count(payload: payload[index], step: step)
      sums[pixel, default: 0] += payload[index].signum()
    }
    stream.append(sums, step: step, step_ns: step_ns)
    if let crop, leftOut.outsideCrop == count { throw allOutside(crop, from: corner) }
    return (stream, leftOut.texts + ofHeader)
  }

  /// What an integration does not take from the shape of a recording; nothing of those that a camera's file gives.
  private var ofHeader: [String] {
    var texts: [String] = []
    if payloadExponent != 0 {
      texts.append("the payloads' unit, 2^\(payloadExponent): a change of a pixel is one threshold")
    }
    if steps != 1 {
      let later = step.count { $0 != 0 }
      texts.append(
        "the recording's own \(steps.counted("step")), with \(later.counted("event")) behind the first one: its times "
          + "say when an event comes")
    }
    return texts
  }

  private func allOutside(_ crop: Crop, from corner: Crop.Corner) -> EventStreamError {
    func range(_ values: [Int32]) -> String { "\(values.min() ?? 0) … \(values.max() ?? 0)" }
    return EventStreamError(
      "all events (columns \(range(column)), rows \(range(row))) lie outside the crop "
        + "\(crop.size)@\(corner.x),\(corner.y) of \(columns) × \(rows) pixels; choose another crop, SIZE@X,Y, or, "
        + "if the sensor has other sides and the file does not say them, events convert --geometry")
  }

  /// What an integration leaves out of a recording; an event is in one of the counts at most.
  private struct LeftOut {
    private var late: LateEvents?
    var outsideCrop = 0
    private var zeros = 0
    private var beyondOne = 0

    init(networkSteps: Int?) { late = networkSteps.map { LateEvents(networkSteps: $0) } }

    mutating func count(payload: Int32, step: Int32) {
      if payload == 0 {
        zeros += 1
      } else if late?.count(step: step) == true {
        return
      } else if payload.magnitude > 1 {
        beyondOne += 1
      }
    }

    var texts: [String] {
      [
        (outsideCrop, "event", "outside the crop"), (zeros, "event", "of payload 0, which is no change"),
        (beyondOne, "payload", "beyond 1, of which the sign is taken"),
      ].filter { $0.0 > 0 }.map { "\($0.0.counted($0.1)) \($0.2)" } + (late?.texts ?? [])
    }
  }

  private struct Pixel: Hashable {
    let row: Int32
    let column: Int32
  }

  private mutating func append(_ sums: [Pixel: Int32], step: Int32, step_ns: Int64) {
    let ordered = sums.filter { $0.value != 0 }.sorted { ($0.key.row, $0.key.column) < ($1.key.row, $1.key.column) }
    for (pixel, sum) in ordered {
      append(
        Event(
          step: step, time_ns: Int64(step) * step_ns, channel: 0, row: pixel.row, column: pixel.column, payload: sum))
    }
  }

  /// The largest magnitude that each pixel's sum has at any time, in real units.
  public func largestSums() -> Image {
    var sums = [Int64](repeating: 0, count: rows * columns)
    var largest = sums
    for index in indices {
      let pixel = Int(row[index]) * columns + Int(column[index])
      sums[pixel] += Int64(payload[index])
      largest[pixel] = Swift.max(largest[pixel], abs(sums[pixel]))
    }
    return Image(
      height: rows, width: columns, pixels: largest.map { Float(Double($0) * levelValue(.graded)) })
  }
}
