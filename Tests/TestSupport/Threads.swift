import Foundation

/// Runs what takes minutes of waiting on a thread of its own, as the threads that run tests are as few as the cores.
///
/// - Throws: what `body` throws.
public func onThreadOfItsOwn<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
  }
}
