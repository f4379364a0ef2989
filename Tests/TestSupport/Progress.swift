internal import Synchronization

/// A count that several tasks raise and a test reads.
public final class Progress: Sendable {
  private let value = Atomic<Int>(0)

  /// Starts at zero.
  public init() {}

  /// How many steps there were.
  public var count: Int { self.value.load(ordering: .sequentiallyConsistent) }

  /// One step more.
  public func step() {
    self.value.add(1, ordering: .sequentiallyConsistent)
  }
}
