import KernelBanks
import SparseCoding
import Testing
import TestSupport

@Suite struct ConvolutionTests {
  @Test(arguments: Layout.all)
  func analysisIsTheInnerProductWithEveryColumn(_ layout: Layout) throws {
    let problem = try layout.problem(kernels: 11)
    let analysis = problem.synthesisOperator.analysis(of: problem.image)
    for (value, column) in zip(analysis, problem.columns) {
      #expect(abs(Double(value) - product(column, problem.image.pixels.doubles)) < 1e-5)
    }
    #expect(analysis.count == problem.columns.count)
  }

  @Test(arguments: Layout.all)
  func synthesisIsTheWeightedSumOfTheColumns(_ layout: Layout) throws {
    let problem = try layout.problem()
    let code = Random.code(problem.geometry, density: 0.2, seed: 5)
    var expected = [Double](repeating: 0, count: problem.image.pixels.count)
    for (coefficient, column) in zip(code.dense, problem.columns) {
      for p in expected.indices { expected[p] += Double(coefficient) * column[p] }
    }
    for (value, wanted) in zip(problem.synthesisOperator.synthesis(of: code).pixels, expected) {
      #expect(abs(Double(value) - wanted) < 1e-5)
    }
  }

  @Test(arguments: Layout.all)
  func analysisIsTheAdjointOfSynthesis(_ layout: Layout) throws {
    let problem = try layout.problem(kernels: 9)
    let code = Random.code(problem.geometry, density: 1, seed: 6)
    let synthesis = problem.synthesisOperator.synthesis(of: code).pixels.doubles
    let analysis = problem.synthesisOperator.analysis(of: problem.image).doubles
    let (left, right) = (product(synthesis, problem.image.pixels.doubles), product(code.dense.doubles, analysis))
    let scale = (product(analysis, analysis) * product(code.dense.doubles, code.dense.doubles)).squareRoot()
    #expect(abs(left - right) < 1e-6 * scale)
  }

  @Test(arguments: [1, 2, 3, 5])
  func theCorrelationTableIsTheAnalysisOfOneSynthesisedKernel(stride: Int) throws {
    let size = 5
    let (source, target) = (try Random.bank(3, size: size, seed: 1), try Random.bank(9, size: size, seed: 2))
    let table = try CorrelationTable(from: source, to: target, stride: stride)
    let side = size + 6 * table.reach * stride
    let place = { (bank: KernelBank) in
      try CodeGeometry(
        imageHeight: side, imageWidth: side, kernelCount: bank.count, kernelSize: size, stride: stride, boundary: .valid
      )
    }
    let synthesis = try ConvolutionOperator(bank: source, geometry: place(source))
    let analysis = try ConvolutionOperator(bank: target, geometry: place(target))
    let (row, column) = (3 * table.reach, 2 * table.reach)
    for kernel in 0..<source.count {
      let unit = Coefficient(kernel: Int32(kernel), row: Int32(row), column: Int32(column), value: 1)
      let drive = analysis.analysis(
        of: synthesis.synthesis(of: try SparseCode(geometry: synthesis.geometry, coefficients: [unit])))
      for r in 0..<analysis.geometry.rows {
        for c in 0..<analysis.geometry.columns {
          for j in 0..<target.count {
            let (dy, dx) = (row - r, column - c)
            let isInReach = abs(dy) <= table.reach && abs(dx) <= table.reach
            let expected = isInReach ? table.values[table.index(source: kernel, target: j, dy: dy, dx: dx)] : 0
            #expect(abs(drive[analysis.geometry.index(kernel: j, row: r, column: c)] - expected) < 1e-6)
          }
        }
      }
    }
  }

  @Test func aGramTableIsExactlySymmetric() throws {
    let bank = try Random.bank(6, size: 7, seed: 3, unitNorm: false)
    let table = try CorrelationTable(from: bank, to: bank, stride: 2)
    for s in 0..<6 {
      for t in 0..<6 {
        for dy in -table.reach...table.reach {
          for dx in -table.reach...table.reach {
            #expect(
              table.values[table.index(source: s, target: t, dy: dy, dx: dx)]
                == table.values[table.index(source: t, target: s, dy: -dy, dx: -dx)])
          }
        }
      }
    }
  }

  @Test func banksOfDifferentKernelSizesAreNotCorrelated() throws {
    let (small, large) = (try Random.bank(2, size: 4, seed: 1), try Random.bank(2, size: 5, seed: 1))
    #expect(throws: SparseCodingError.self) { try CorrelationTable(from: small, to: large, stride: 1) }
  }

  @Test(arguments: [
    Coefficient(kernel: 3, row: 0, column: 0, value: 1), Coefficient(kernel: 0, row: -1, column: 0, value: 1),
    Coefficient(kernel: 0, row: 0, column: 5, value: 1), Coefficient(kernel: 0, row: 0, column: 0, value: .nan),
  ])
  func aCoefficientThatNoCodeCanHoldIsRefused(_ coefficient: Coefficient) throws {
    let geometry = try CodeGeometry(
      imageHeight: 8, imageWidth: 8, kernelCount: 3, kernelSize: 4, stride: 1, boundary: .valid)
    #expect(throws: SparseCodingError.self) { try SparseCode(geometry: geometry, coefficients: [coefficient]) }
  }

  @Test func aCodeOrdersItsCoefficientsAndRefusesTwins() throws {
    let geometry = try CodeGeometry(
      imageHeight: 8, imageWidth: 8, kernelCount: 3, kernelSize: 4, stride: 1, boundary: .valid)
    let code = Random.code(geometry, density: 0.4, seed: 2)
    #expect(try SparseCode(geometry: geometry, coefficients: code.coefficients.reversed()) == code)
    #expect(throws: SparseCodingError.self) {
      try SparseCode(geometry: geometry, coefficients: code.coefficients + [code.coefficients[0]])
    }
  }
}
