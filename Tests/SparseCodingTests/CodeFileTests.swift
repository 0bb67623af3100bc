import DataFiles
import SparseCoding
import Testing
import TestSupport

@Suite struct CodeFileTests {
  @Test(arguments: Layout.all)
  func aCodeFileComesBackAsItWasWritten(_ layout: Layout) throws {
    let problem = try layout.problem()
    let file = CodeFile(problem: problem, solution: try problem.solve())
    try withTemporaryFolder { folder in
      try file.write(to: "\(folder)/code.npz")
      let read = try CodeFile(contentsOf: "\(folder)/code.npz")
      #expect(read.code == file.code)
      #expect(read.problem.image == problem.image)
      #expect(read.problem.bank.weights == problem.bank.weights)
      #expect(read.problem.geometry == problem.geometry)
      #expect(read.problem.lambda == problem.lambda)
      #expect(read.objective == file.objective && read.relativeGap == file.relativeGap)
      #expect(read.seconds == file.seconds)
      #expect(read.problem.certificate(of: read.code).primal == file.objective)
    }
  }

  @Test(.enabled(if: PythonOracle.isAvailable, "read with NumPy by make test"), arguments: Layout.all)
  func numPyFindsTheObjectiveInTheFile(_ layout: Layout) throws {
    let problem = try layout.problem()
    let file = CodeFile(problem: problem, solution: try problem.solve())
    try withTemporaryFolder { folder in
      try file.write(to: "\(folder)/code.npz")
      let found = try PythonOracle.archive("code_file.py", ["\(folder)/code.npz"])
      #expect(abs(try found.number("objective") - file.objective) < 1e-10 * file.objective)
      #expect(try found.number("stored") == file.objective)
    }
  }

  static let damages: [(name: String, array: NumPyArray?)] = [
    ("image", nil), ("kernels", nil), ("index", nil), ("value", nil), ("lambda", nil), ("stride", nil),
    ("boundary", nil), ("objective", nil), ("gap", nil), ("seconds", nil),
    ("image", NumPyArray(shape: [2, 2], [0, 1, 2, 3] as [Float])),
    ("image", NumPyArray(shape: [110], [Float](repeating: 0, count: 110))),
    ("image", NumPyArray(shape: [10, 11], [Float](repeating: .nan, count: 110))),
    ("kernels", NumPyArray(shape: [7, 2, 8], [Float](repeating: 1, count: 112))),
    ("kernels", NumPyArray(shape: [7, 0, 0], [Float]())),
    ("kernels", NumPyArray(shape: [0, 4, 4], [Float]())),
    ("kernels", NumPyArray(shape: [1, 2, 2], [1, .infinity, 0, 0] as [Float])),
    ("index", NumPyArray(shape: [1, 3], [0, 0, 0] as [Int32])),
    ("value", NumPyArray(shape: [1], [1] as [Float])),
    ("lambda", NumPyArray(0.0)), ("lambda", NumPyArray(Double.nan)), ("lambda", NumPyArray("much")),
    ("stride", NumPyArray(0)), ("stride", NumPyArray(-3)), ("stride", NumPyArray(Int.max)), ("stride", NumPyArray(1.5)),
    ("boundary", NumPyArray(2)), ("objective", NumPyArray(-1.0)), ("gap", NumPyArray(Double.nan)),
    ("seconds", NumPyArray(shape: [2], [1, 2] as [Double])),
  ]

  @Test(arguments: damages.indices)
  func aDamagedCodeFileIsRefusedInOneLineThatNamesIt(_ index: Int) throws {
    let problem = try Layout.all[0].problem()
    let file = CodeFile(problem: problem, solution: try problem.solve())
    try withTemporaryFolder { folder in
      let path = "\(folder)/code.npz"
      try file.write(to: path)
      var archive = try NumPyArchive(contentsOf: path)
      archive.arrays[Self.damages[index].name] = Self.damages[index].array
      try archive.write(to: path)
      let error = #expect(throws: FileError.self) { try CodeFile(contentsOf: path) }
      let description = error?.description ?? ""
      #expect(description.hasPrefix("\(path): ") && !description.contains("\n"), "\(description)")
    }
  }

  @Test func aCoefficientOutsideTheCodeOrGivenTwiceIsRefused() throws {
    let problem = try Layout.all[0].problem()
    let file = CodeFile(problem: problem, solution: try problem.solve())
    for index in [[7, 0, 0], [0, 7, 0], [0, 0, -1], [Int32.max, Int32.max, Int32.max], [1, 1, 1]] as [[Int32]] {
      try withTemporaryFolder { folder in
        let path = "\(folder)/code.npz"
        try file.write(to: path)
        var archive = try NumPyArchive(contentsOf: path)
        archive.arrays["index"] = NumPyArray(shape: [2, 3], [1, 1, 1] + index)
        archive.arrays["value"] = NumPyArray(shape: [2], [1, 1] as [Float])
        try archive.write(to: path)
        #expect(throws: FileError.self) { try CodeFile(contentsOf: path) }
      }
    }
  }
}
