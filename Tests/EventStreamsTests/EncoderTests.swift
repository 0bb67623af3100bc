import EventStreams
import Foundation
import SparseCoding
import TestSupport
import Testing

@Suite struct EncoderTests {
  private static let scales: [Float] = [1e-30, 0.01, 1, 3, 1e20]

  /// Largest |decoded − encoded| over the error bound; the decoded values' own rounding to Float is forgiven.
  private func relativeError(_ decoded: [Float], _ encoded: [Float], _ bound: Double) -> Double {
    zip(decoded, encoded).map { (abs(Double($0) - Double($1)) - Double($0.ulp)) / bound }.max() ?? 0
  }

  @Test(arguments: [Encoder.dense, .denseRate], [2, 5, 8, 16])
  func anImageComesBackWithinTheStatedBoundAndTheBoundIsTight(encoder: Encoder, bits: Int) throws {
    var random = SplitMix64(seed: UInt64(bits))
    var worst = 0.0
    for scale in Self.scales {
      let image = random.image(height: 23, width: 31, scale: scale)
      let encoding = try encoder.encode(image, .init(payloadBits: bits, steps: 10 * bits))
      let decoded = try encoding.stream.decodedImage()
      worst = max(worst, relativeError(decoded.pixels, image.pixels, encoding.errorBound))
    }
    #expect(worst <= 1)
    #expect(worst > 0.95)
  }

  @Test(arguments: [Encoder.sparse, .sparseRate, .sparseLatency], [2, 5, 8, 16])
  func aCodeComesBackWithinTheStatedBoundAndTheBoundIsTight(encoder: Encoder, bits: Int) throws {
    var random = SplitMix64(seed: UInt64(bits))
    var worst = 0.0
    for scale in Self.scales {
      let code = try random.code(scale: scale)
      let encoding = try encoder.encode(code, .init(payloadBits: bits, steps: 10 * bits))
      let decoded = try encoding.stream.decodedCode(geometry: code.geometry)
      worst = max(worst, relativeError(decoded.dense, code.dense, encoding.errorBound))
      #expect(decoded.coefficients.count + encoding.dropped == code.coefficients.count)
    }
    #expect(worst <= 1)
    #expect(worst > 0.95)
  }

  @Test func aWidePayloadGivesFloatsBackExactly() throws {
    var random = SplitMix64(seed: 3)
    // Values of 24-bit precision within a factor of 2^7 of the largest fit 32 bits.
    let pixels = (0..<400).map { _ in Float.random(in: 0.01...1, using: &random) }
    let image = Image(height: 20, width: 20, pixels: pixels)
    #expect(try Encoder.dense.encode(image, .init(payloadBits: 32)).stream.decodedImage() == image)
  }

  @Test func everyPixelIsADenseEventZerosIncluded() throws {
    let image = Image(height: 3, width: 2, pixels: [0, 0, 1, 0, -1, 0])
    let stream = try Encoder.dense.encode(image, .init(payloadBits: 8)).stream
    #expect(stream.row == [0, 0, 1, 1, 2, 2])
    #expect(stream.column == [0, 1, 0, 1, 0, 1])
    #expect(stream.payload == [0, 0, 64, 0, -64, 0])
    #expect(stream.payloadExponent == -6)
    #expect(stream.step == [0, 0, 0, 0, 0, 0])
  }

  @Test(arguments: [2, 8, 24, 32])
  func gradedPayloadsFitTheirWidthAndUseIt(bits: Int) throws {
    var random = SplitMix64(seed: UInt64(bits))
    for scale in Self.scales {
      let payloads = try Encoder.dense.encode(
        random.image(height: 9, width: 9, scale: scale), .init(payloadBits: bits)
      ).stream.payload.map { abs(Int($0)) }
      let largest = PayloadScale.largestPayload(bits: bits)
      #expect(payloads.allSatisfy { $0 <= largest })
      #expect(2 * (payloads.max() ?? 0) >= largest)
    }
  }

  @Test func rateCodingNeverIsMoreThanHalfAnEventBehind() throws {
    var random = SplitMix64(seed: 4)
    let image = random.image(height: 8, width: 9, scale: 1)
    let steps = 100
    let stream = try Encoder.denseRate.encode(image, .init(steps: steps)).stream
    let unit = scalbn(1.0, stream.payloadExponent)
    var sent = [Double](repeating: 0, count: 72)
    var next = 0
    for step in 0..<steps {
      var seen: Set<Int> = []
      while next < stream.count, stream.step[next] == step {
        let pixel = Int(stream.row[next]) * 9 + Int(stream.column[next])
        #expect(seen.insert(pixel).inserted, "more than one event of a pixel in a step")
        #expect(abs(stream.payload[next]) == 1)
        sent[pixel] += Double(stream.payload[next])
        next += 1
      }
      for pixel in sent.indices {
        #expect(abs(sent[pixel] - Double(step + 1) * Double(image.pixels[pixel]) / unit) <= 0.5)
      }
    }
    #expect(next == stream.count)
  }

  @Test func theLargestRateIsBetweenHalfAnEventAndOneEventAStep() throws {
    var random = SplitMix64(seed: 5)
    for scale in Self.scales {
      let image = random.image(height: 9, width: 9, scale: scale)
      let stream = try Encoder.denseRate.encode(image, .init(steps: 64)).stream
      var counts: [Int32: Int] = [:]
      for event in stream { counts[event.row * 9 + event.column, default: 0] += 1 }
      #expect((32...64).contains(counts.values.max() ?? 0))
    }
  }

  @Test func largerCoefficientsComeEarlierInALatencyCode() throws {
    var random = SplitMix64(seed: 6)
    let code = try random.code(scale: 2)
    let stream = try Encoder.sparseLatency.encode(code, .init(steps: 64)).stream
    let dense = code.dense
    let magnitudes = stream.map { event -> Float in
      let value = dense[
        code.geometry.index(kernel: Int(event.channel), row: Int(event.row), column: Int(event.column))]
      #expect((value < 0 ? -1 : 1) == event.payload)
      return abs(value)
    }
    for place in stream.indices.dropFirst() where stream.step[place - 1] < stream.step[place] {
      #expect(magnitudes[place - 1] > magnitudes[place])
    }
    #expect(stream.step.max() ?? 0 > 55)
    #expect(stream.step.min() ?? 64 < 32)
  }

  @Test func aCompartmentThatKeepsItsSumHoldsTheImageAfterTheLastStep() throws {
    var random = SplitMix64(seed: 9)
    let image = random.image(height: 6, width: 6, scale: 3)
    for encoder in [Encoder.dense, .denseRate] {
      let stream = try encoder.encode(image, .init(payloadBits: 12, steps: 128)).stream
      let unit = scalbn(1.0, try #require(stream.heldExponent))
      var held = [Double](repeating: 0, count: 36)
      for event in stream { held[Int(event.row) * 6 + Int(event.column)] += Double(event.payload) * unit }
      let decoded = try stream.decodedImage().pixels
      #expect(decoded == held.map { Float($0) })
    }
    let odd = try Encoder.denseRate.encode(image, .init(steps: 100)).stream
    let timed = try Encoder.sparseLatency.encode(random.code(scale: 1)).stream
    #expect(odd.heldExponent == nil && timed.heldExponent == nil)
  }

  @Test func binarySpikesAreEnoughForRateAndLatency() throws {
    var random = SplitMix64(seed: 10)
    let code = try random.code(scale: 1)
    for encoder in [Encoder.sparseRate, .sparseLatency] {
      let stream = try encoder.encode(code, .init(payloadBits: 1)).stream
      #expect(Set(stream.payload) == [-1, 1])
    }
    let error = #expect(throws: EventStreamError.self) { try Encoder.sparse.encode(code, .init(payloadBits: 1)) }
    #expect(error?.description.contains("use a rate or latency encoder") == true)
  }

  @Test func aChosenExponentIsUsedAndOneTooSmallIsRefused() throws {
    let image = Image(height: 1, width: 2, pixels: [1, -0.3])
    for encoder in [Encoder.dense, .denseRate] {
      let smallest = try encoder.encode(image, .init(payloadBits: 8)).stream.payloadExponent
      for exponent in smallest...smallest + 3 {
        let stream = try encoder.encode(image, .init(payloadBits: 8, payloadExponent: exponent)).stream
        #expect(stream.payloadExponent == exponent)
      }
      let error = #expect(throws: EventStreamError.self) {
        try encoder.encode(image, .init(payloadBits: 8, payloadExponent: smallest - 1))
      }
      #expect(error?.description.contains("use \(smallest) or more") == true)
    }
  }

  @Test func everyEncoderMakesValidStreamsEvenOfNothing() throws {
    let blank = Image(height: 4, width: 4, pixels: .init(repeating: 0, count: 16))
    let geometry = try CodeGeometry(
      imageHeight: 4, imageWidth: 4, kernelCount: 2, kernelSize: 2, stride: 1, boundary: .circular)
    let empty = SparseCode(geometry: geometry, dense: .init(repeating: 0, count: geometry.coefficientCount))
    var random = SplitMix64(seed: 7)
    for encoder in Encoder.allCases {
      let encodings =
        encoder.takesImage
        ? [try encoder.encode(blank), try encoder.encode(random.image(height: 5, width: 5, scale: 1))]
        : [try encoder.encode(empty), try encoder.encode(random.code(scale: 1))]
      for encoding in encodings { try encoding.stream.validate() }
      #expect(encodings[0].stream.count == (encoder == .dense ? 16 : 0))
      #expect(encodings[0].dropped == 0)
    }
  }

  /// The second value is a hundredth of the largest: within half a level of 3 bits, or of 8 steps, of zero.
  @Test func whatIsRoundedToZeroIsCountedUnlessItGetsAnEvent() throws {
    let image = Image(height: 1, width: 2, pixels: [1, 0.01])
    let geometry = try CodeGeometry(
      imageHeight: 4, imageWidth: 5, kernelCount: 1, kernelSize: 4, stride: 1, boundary: .valid)
    let code = SparseCode(geometry: geometry, dense: [1, 0.01])
    let options = EncoderOptions(payloadBits: 3, steps: 8)
    for encoder in Encoder.allCases {
      let encoding = try encoder.takesImage ? encoder.encode(image, options) : encoder.encode(code, options)
      let places = Set(encoding.stream.column)
      #expect(places == (encoder == .dense ? [0, 1] : [0]), "\(encoder)")
      #expect(encoding.dropped == (encoder == .dense ? 0 : 1), "\(encoder)")
    }
  }

  @Test func whatCannotBeEncodedIsRefusedInOneLine() throws {
    let image = Image(height: 1, width: 2, pixels: [1, 2])
    let endless = Image(height: 1, width: 2, pixels: [1, .infinity])
    let huge = Image(height: 1, width: 2, pixels: [1, .greatestFiniteMagnitude])
    let wide = Image(height: 1, width: 100, pixels: .init(repeating: 1, count: 100))
    let code = try CodeGeometry(
      imageHeight: 4, imageWidth: 4, kernelCount: 1, kernelSize: 4, stride: 1, boundary: .valid)
    let one = SparseCode(geometry: code, dense: [1])
    let failures: [() throws -> Encoding] = [
      { try Encoder.sparse.encode(image) }, { try Encoder.dense.encode(one) },
      { try Encoder.dense.encode(endless) }, { try Encoder.denseRate.encode(huge) },
      { try Encoder.dense.encode(image, .init(payloadBits: 1)) },
      { try Encoder.dense.encode(image, .init(payloadBits: 33)) },
      { try Encoder.denseRate.encode(image, .init(steps: 0)) },
      { try Encoder.denseRate.encode(image, .init(steps: .max)) },
      { try Encoder.denseRate.encode(image, .init(step_ns: -1)) },
      { try Encoder.dense.encode(image, .init(payloadExponent: 1000)) },
      { try Encoder.denseRate.encode(wide, .init(steps: 1 << 24)) },
      { try Encoder(name: "dens").encode(image) },
    ]
    for (place, failure) in failures.enumerated() {
      let error = #expect(throws: EventStreamError.self, "case \(place)") { try failure() }
      #expect(error?.description.contains("\n") == false)
    }
  }

  @Test func aStreamOfAnotherKindOrShapeIsNotDecoded() throws {
    var random = SplitMix64(seed: 8)
    let code = try random.code(scale: 1)
    let sparse = try Encoder.sparse.encode(code).stream
    let dense = try Encoder.dense.encode(random.image(height: 3, width: 3, scale: 1)).stream
    #expect(throws: EventStreamError.self) { try sparse.decodedImage() }
    #expect(throws: EventStreamError.self) { try dense.decodedCode(geometry: code.geometry) }
    var other = sparse
    other.rows += 1
    #expect(throws: EventStreamError.self) { try other.decodedCode(geometry: code.geometry) }
    var enormous = dense
    (enormous.rows, enormous.columns) = (Int(Int32.max), Int(Int32.max))
    #expect(throws: EventStreamError.self) { try enormous.decodedImage() }
  }
}
