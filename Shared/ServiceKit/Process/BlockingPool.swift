internal import DomainModel
internal import NIOCore
internal import NIOPosix

/// Runs work that takes longer than an event loop may wait (200 µs), such as an SM2 signature, on
/// threads of its own: as many as the machine has processors.
public struct BlockingPool: Sendable {
  /// How much work may wait or run; more is refused with `OVERLOADED`.
  public static let workMax = 1_024

  private let room = Room(for: Self.workMax)

  /// A pool; all pools of a process share its threads.
  public init() {}

  /// What the work returns or throws; throws `OVERLOADED` without running it where too much waits.
  public func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    guard self.room.enter() else { throw ServiceError(.overloaded) }
    defer { self.room.leave() }
    return try await NIOSingletons.posixBlockingThreadPool.runIfActive(work)
  }
}
