internal import DomainModel
internal import NIOCore
internal import NIOPosix
public import ServiceCore

/// Runs work that takes longer than an event loop may wait (200 µs), such as an SM2 signature, on
/// threads of its own: as many as the machine has processors, or fewer for work that takes much
/// memory.
public struct BlockingPool: WorkPool {
  /// How much work may wait or run; more is refused with `OVERLOADED`.
  public static let workMax = 1_024

  private let room: Room
  private let threads: NIOThreadPool

  /// A pool; all pools of a process that are made by this share its threads.
  public init() {
    self.init(NIOSingletons.posixBlockingThreadPool, workMax: Self.workMax)
  }

  /// A pool with so many threads of its own, until `close`.
  init(threads: Int, workMax: Int) {
    self.init(NIOThreadPool(numberOfThreads: threads), workMax: workMax)
    self.threads.start()
  }

  private init(_ threads: NIOThreadPool, workMax: Int) {
    self.threads = threads
    self.room = Room(for: workMax)
  }

  /// What the work returns or throws; throws `OVERLOADED` without running it where too much waits.
  public func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    guard self.room.enter() else { throw ServiceError(.overloaded) }
    defer { self.room.leave() }
    return try await self.threads.runIfActive(work)
  }

  /// Ends the threads that are its own, once their work is done.
  func close() async {
    // It fails only where it was closed before.
    try? await self.threads.shutdownGracefully()
  }
}
