internal import Logging
internal import ServiceLifecycle
internal import Transport

/// The gRPC server as a part of the process: serves until told to stop, then lets the calls under
/// way end (GOAWAY in two steps) before anything that they need is closed.
struct GRPCService: Service {
  let server: GRPCServer
  let health: HealthRegistry
  let drainMs: Int64
  /// What ends calls that would go on as long as their callers like, before the drain begins.
  let stopping: [@Sendable () -> Void]

  func run() async throws {
    _ = try await self.server.start()
    self.health.beginServing()
    // Also returns, by throwing, when another part has failed and the process is cancelled.
    try? await gracefulShutdown()
    self.health.stopServing()
    for stop in self.stopping { stop() }
    await self.server.drain(within: self.drainMs)
  }
}

/// Does one thing when the process stops, after all that was added later has stopped.
struct Closing: Service {
  let close: @Sendable () async -> Void

  func run() async throws {
    try? await gracefulShutdown()
    await self.close()
  }
}
