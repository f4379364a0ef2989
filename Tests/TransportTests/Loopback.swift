import DomainModel
import Logging
import RPC
import TestSupport
import Transport

/// The wall clock, for tests over real sockets.
struct WallClock: TimeSource {
  func now() -> Timestamp {
    let parts = ContinuousClock.now.duration(to: Self.origin).components
    return Timestamp(milliseconds: 1_773_104_400_000 - parts.seconds * 1_000)
  }

  func sleep(until deadline: Timestamp) async throws {
    let wait = deadline.milliseconds - self.now().milliseconds
    try await ContinuousClock().sleep(for: .milliseconds(max(wait, 0)))
  }

  private static let origin = ContinuousClock.now
}

/// Runs `body` with a server on loopback and a channel to it, and stops both.
func withLoopback<Result>(
  _ service: EchoService = EchoService(), limits: TransportLimits = TransportLimits(),
  logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
  _ body: (GRPCClientChannel, GRPCServer, Int) async throws -> Result
) async throws -> Result {
  try await withLoopback(
    router: service.router(logger: logger), limits: limits, logger: logger, body)
}

/// Runs `body` with a server of these methods on loopback and a channel to it, and stops both.
func withLoopback<Result>(
  router: RPCRouter, limits: TransportLimits = TransportLimits(),
  logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
  _ body: (GRPCClientChannel, GRPCServer, Int) async throws -> Result
) async throws -> Result {
  let server = GRPCServer(
    configuration: ServerConfiguration(port: 0, clock: WallClock(), limits: limits),
    router: router, logger: logger)
  let port = try await server.start()
  let channel = GRPCClientChannel(
    ClientConfiguration(host: "127.0.0.1", port: port, random: SeededRandom()))
  do {
    let result = try await body(channel, server, port)
    await channel.close()
    await server.drain(within: 1_000)
    return result
  } catch {
    await channel.close()
    await server.drain(within: 0)
    throw error
  }
}

/// Runs `body` with several servers of one service on loopback and the addresses of all, and stops
/// them.
func withServers<Result>(
  _ services: [EchoService], limits: TransportLimits = TransportLimits(),
  _ body: ([GRPCServer], [ServerAddress]) async throws -> Result
) async throws -> Result {
  var servers: [GRPCServer] = []
  var addresses: [ServerAddress] = []
  for service in services {
    let server = GRPCServer(
      configuration: ServerConfiguration(port: 0, clock: WallClock(), limits: limits),
      router: service.router(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    addresses.append(ServerAddress(host: "127.0.0.1", port: try await server.start()))
    servers.append(server)
  }
  do {
    let result = try await body(servers, addresses)
    for server in servers { await server.drain(within: 1_000) }
    return result
  } catch {
    for server in servers { await server.drain(within: 0) }
    throw error
  }
}

/// The code of the `ServiceError` that a call ends with; nil if it succeeds.
func code(_ call: () async throws -> Void) async -> ServiceError.Code? {
  do {
    try await call()
    return nil
  } catch {
    return (error as? ServiceError)?.code ?? .unknown
  }
}

/// Waits, bounded by half a minute, until a condition holds.
func eventually(_ condition: () -> Bool) async -> Bool {
  for _ in 0..<3_000 {
    if condition() { return true }
    try? await ContinuousClock().sleep(for: .milliseconds(10))
  }
  return condition()
}

/// Waits, bounded, until a count stands still for a while; returns it, or an endless one.
func settled(_ progress: Progress) async -> Int {
  for _ in 0..<50 {
    let before = progress.count
    try? await ContinuousClock().sleep(for: .milliseconds(200))
    if before > 0 && progress.count == before { return before }
  }
  return .max
}
