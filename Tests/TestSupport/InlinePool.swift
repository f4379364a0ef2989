public import ServiceCore

/// Does what is for a pool at once, in the caller: a test needs no threads.
public struct InlinePool: WorkPool {
  /// The pool; it has no bound.
  public init() {}

  /// What the work returns or throws.
  public func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try work()
  }
}
