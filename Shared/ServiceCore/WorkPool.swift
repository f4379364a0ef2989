/// Where work is done that takes longer than an event loop or a writer may wait (200 µs), such as
/// checking a signature or printing a paper. A main hands in threads; a test may do it at once.
public protocol WorkPool: Sendable {
  /// What the work returns or throws; throws `OVERLOADED` without running it where too much waits.
  func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value
}
