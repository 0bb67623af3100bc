/// Values that never change and stay where they are: copies share them, and the chip model reads them in place.
public struct SharedArray<Element: BitwiseCopyable & Sendable>: RandomAccessCollection, Sendable {
  /// Sendable, as nothing writes to it once it is shared.
  private final class Memory: @unchecked Sendable {
    let values: UnsafeBufferPointer<Element>

    init(_ values: UnsafeBufferPointer<Element>) { self.values = values }
    deinit { values.deallocate() }
  }

  private let memory: Memory
  private var values: UnsafeBufferPointer<Element> { memory.values }

  /// Copies values.
  public init(_ values: some Collection<Element>) {
    self.init(count: values.count) { _ = $0.initialize(fromContentsOf: values) }
  }

  /// As many values as `initialize` makes, which must make all.
  init(count: Int, initialize: (UnsafeMutableBufferPointer<Element>) -> Void) {
    let values = UnsafeMutableBufferPointer<Element>.allocate(capacity: count)
    initialize(values)
    memory = Memory(UnsafeBufferPointer(values))
  }

  /// The first value, there for as long as this array or a copy of it is.
  var address: UnsafePointer<Element>? { values.baseAddress }

  /// 0.
  public var startIndex: Int { 0 }
  /// Number of values.
  public var endIndex: Int { values.count }

  /// A value; positions are checked.
  public subscript(position: Int) -> Element {
    precondition(values.indices.contains(position), "there is no such value")
    return values[position]
  }

  /// Calls `body` with all values.
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) rethrows -> Result? {
    try body(values)
  }
}

extension SharedArray: Equatable where Element: Equatable {
  /// Whether they have the same values.
  public static func == (a: SharedArray, b: SharedArray) -> Bool { a.elementsEqual(b) }
}
