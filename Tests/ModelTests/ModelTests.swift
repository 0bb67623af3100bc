import Neuromorphic
import Testing

/// Everything that runs the SystemC model. Its kernel is global to the process, so all of it runs one after the other.
@Suite(.serialized, .withoutWarnings)
struct ChipModelTests {}

/// A test fails if SystemC warns while it runs: a warning is a mistake in how the model uses the kernel.
struct WithoutWarnings: SuiteTrait, TestTrait, TestScoping {
  let isRecursive = true

  func provideScope(for test: Test, testCase: Test.Case?, performing function: () async throws -> Void) async throws {
    let before = Simulation.warningCount
    try await function()
    #expect(Simulation.warningCount == before, "SystemC warned")
  }

  /// Called for suites and for tests; only a test's own run counts.
  func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? { test.isSuite ? nil : self }
}

extension Trait where Self == WithoutWarnings {
  static var withoutWarnings: Self { Self() }
}
