import DataFiles
import KernelBanks
import TestSupport
import Testing

struct BankDesignTests {
  /// Designs of several sizes, even and odd, beside the presets.
  static let designs: [BankDesign] = [
    .homogeneous, .heterogeneous,
    BankDesign(name: "small", orientations: 5, bandwidths_deg: [3, 45], size: 8),
    BankDesign(name: "odd", orientations: 4, bandwidths_deg: [20], size: 17),
  ]

  @Test(.enabled(if: PythonOracle.isAvailable, "needs NumPy; run by make test"), arguments: designs)
  func kernelsAreThoseOfNumPy(design: BankDesign) throws {
    var design = design
    design.norm = .peak
    let bank = try design.bank()
    let expected = try PythonOracle.archive(
      "log_gabor.py",
      ["\(design.orientations)", design.bandwidths_deg.map { "\($0)" }.joined(separator: ","), "\(design.size)"])
    #expect(try expected.array("kernels").shape == [bank.count, bank.size, bank.size])
    #expect(try largestDifference(bank.weights, expected.floats("kernels")) < 1e-5)
    let kernels = try #require(bank.designs)
    #expect(try largestDifference(kernels.map { Float($0.theta) }, expected.floats("theta")) < 1e-6)
    #expect(try largestDifference(kernels.map { Float($0.bandwidth) }, expected.floats("bandwidth")) < 1e-6)
    #expect(try largestDifference(kernels.map { Float($0.phase) }, expected.floats("phase")) < 1e-6)
  }

  private func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    #expect(a.count == b.count)
    return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  @Test(arguments: BankDesign.presets)
  func thePresetsHaveTheStudysShapeAndScale(preset: BankDesign) throws {
    let bank = try preset.bank()
    #expect(bank.count == 144 && bank.size == 12)
    #expect(bank.norms.allSatisfy { abs($0 - 1) < 1e-6 })
    var peak = preset
    peak.norm = .peak
    let unscaled = try peak.bank()
    #expect((0..<144).allSatisfy { unscaled.kernel($0).map(abs).max() == 1 })
    let scaled = try unscaled.normalized()
    #expect(largestDifference(scaled.weights, bank.weights) < 1e-6)
  }

  @Test func peakNormWeighsBroadKernelsLessThanNarrowOnes() throws {
    var homogeneous = BankDesign.homogeneous
    homogeneous.norm = .peak
    // The range that the study's atoms are said to have.
    #expect(try homogeneous.bank().norms.allSatisfy { (1.8...3.2).contains($0) })
    var heterogeneous = BankDesign.heterogeneous
    heterogeneous.norm = .peak
    let norms = try heterogeneous.bank().norms
    let byBandwidth = (0..<6).map { bandwidth in
      norms.indices.filter { $0 / 2 % 6 == bandwidth }.reduce(0) { $0 + norms[$1] } / 24
    }
    #expect(zip(byBandwidth, byBandwidth.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test func kernelsAreOrderedByOrientationThenBandwidthThenPhase() {
    let kernels = BankDesign.heterogeneous.kernels
    let index = (orientation: 7, bandwidth: 4, phase: 1)
    let kernel = kernels[(index.orientation * 6 + index.bandwidth) * 2 + index.phase]
    #expect(abs(kernel.theta - .pi * 7 / 12) < 1e-12)
    #expect(abs(kernel.bandwidth - .pi * 25 / 180) < 1e-12)
    #expect(kernel.phase == .pi / 2)
    #expect(kernels.allSatisfy { $0.theta >= 0 && $0.theta < .pi })
  }

  @Test func aWaveRunsDownAtZeroAndAcrossAtARightAngle() throws {
    // The energy of differences along an axis is largest along the wave.
    func roughness(_ kernel: [Double], size: Int) -> (down: Double, across: Double) {
      var down = 0.0
      var across = 0.0
      for y in 0..<size - 1 {
        for x in 0..<size - 1 {
          let value = kernel[y * size + x]
          down += (kernel[(y + 1) * size + x] - value) * (kernel[(y + 1) * size + x] - value)
          across += (kernel[y * size + x + 1] - value) * (kernel[y * size + x + 1] - value)
        }
      }
      return (down, across)
    }
    let zero = roughness(try LogGabor(theta: 0, bandwidth: 0.2, phase: 0).kernel(size: 12), size: 12)
    #expect(zero.down > 5 * zero.across)
    let right = roughness(try LogGabor(theta: .pi / 2, bandwidth: 0.2, phase: 0).kernel(size: 12), size: 12)
    #expect(right.across > 5 * right.down)
  }

  @Test func aQuarterTurnTransposesAKernel() throws {
    let size = 12
    for phase in [0, Double.pi / 2] {
      let a = try LogGabor(theta: 0.3, bandwidth: 0.2, phase: phase).kernel(size: size)
      let b = try LogGabor(theta: .pi / 2 - 0.3, bandwidth: 0.2, phase: phase).kernel(size: size)
      let difference = a.indices.map { abs(a[$0] - b[$0 % size * size + $0 / size]) }.max()!
      #expect(difference < 1e-9)
    }
  }

  @Test func theNarrowestBandwidthDoesNotOverflow() throws {
    let kernel = try LogGabor(theta: 0, bandwidth: 0.02, phase: 0).kernel(size: 12)
    #expect(kernel.allSatisfy { $0.isFinite })
  }

  @Test func aBroaderBandwidthIsLessOriented() throws {
    // Kernels of neighbouring orientations resemble each other more as the bandwidth grows.
    func likeness(_ bandwidth_deg: Double) throws -> Double {
      let design = BankDesign(name: "pair", orientations: 6, bandwidths_deg: [bandwidth_deg], phases: [0])
      let bank = try design.bank()
      return zip(bank.kernel(0), bank.kernel(1)).reduce(0) { $0 + Double($1.0 * $1.1) }
    }
    let values = try [10, 20, 30].map(likeness)
    #expect(values[0] < values[1] && values[1] < values[2])
  }

  @Test func designsOutOfRangeAreRefused() {
    let changes: [(inout BankDesign) -> Void] = [
      { $0.orientations = 0 }, { $0.orientations = -1 }, { $0.bandwidths_deg = [] }, { $0.phases = [] },
      { $0.size = 3 }, { $0.size = 65 }, { $0.size = .max }, { $0.orientations = .max }, { $0.bandwidths_deg = [0] },
      { $0.bandwidths_deg = [.nan] }, { $0.bandwidths_deg = [181] }, { $0.bandwidths_deg = [5, 10, 5] },
      { $0.phases = [0, 2 * .pi] }, { $0.phases = [.pi / 2, -1.5 * .pi] }, { $0.phases = [.infinity] },
      { $0.frequency = 0 }, { $0.frequency = 0.5 },
      { $0.radialBandwidth = -1 }, { $0.radialBandwidth = 1e-9 }, { $0.frequency = 1e-300 },
    ]
    for change in changes {
      var design = BankDesign.heterogeneous
      change(&design)
      let error = #expect(throws: BankError.self) { try design.bank() }
      #expect(error?.description.contains("\n") == false)
    }
  }
}
