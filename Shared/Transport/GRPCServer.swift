import DomainModel
public import Logging
import NIOCore
import NIOPosix
public import RPC
import Synchronization

/// A gRPC server over HTTP/2, by TLS or, for this machine only, in plaintext.
///
/// `start`, then `run`; `drain` ends it without losing a call. It starts once. The three may be
/// called in any order and at once: a server that is drained before it listens never will, and
/// `run` waits for a server that has not started.
public final class GRPCServer: Sendable {
  private enum State {
    case made
    case starting
    case listening(any Channel)
    case drained
  }

  private let configuration: ServerConfiguration
  private let router: RPCRouter
  private let logger: Logger
  private let security: ServerSecurity?
  private let loops: [ServerLoop]
  private let connectionCount: ConnectionCount
  private let state = Mutex(State.made)
  /// Done when the server listens no more.
  private let stopped: EventLoopPromise<Void>

  /// A server for `router`, not listening yet.
  public init(configuration: ServerConfiguration, router: RPCRouter, logger: Logger) {
    self.configuration = configuration
    self.router = router
    self.logger = logger
    self.security = configuration.tls.map {
      ServerSecurity($0, clock: configuration.clock, logger: logger)
    }
    let count = ConnectionCount(configuration.limits)
    self.connectionCount = count
    self.stopped = configuration.group.any().makePromise(of: Void.self)
    let loops = Array(configuration.group.makeIterator())
    self.loops = loops.map {
      ServerLoop(
        LoopExecutor($0), configuration, router, logger: logger, shared: (loops.count, count))
    }
  }

  deinit {
    self.stopped.succeed()
  }

  /// Listens; returns the port, which matters if 0 was asked for.
  ///
  /// Throws `RouterError` if the access table and the methods do not match, and `TransportError` if
  /// the address cannot be listened on, is not loopback though there is no TLS or the router's
  /// authority trusts loopback only, or if the TLS files cannot be used.
  public func start() async throws -> Int {
    try self.router.check()
    let host = self.configuration.host
    let port = self.configuration.port
    let address = try Self.resolve(host, port)
    guard address.isLoopback || self.security != nil else {
      throw TransportError.plaintextNotLoopback(host: host)
    }
    guard address.isLoopback || self.router.identity?.trustsLoopbackOnly != true else {
      throw TransportError.developmentNotLoopback(host: host)
    }
    try self.state.withLock { state in
      guard case .made = state else { throw TransportError.startedTwice }
      state = .starting
    }
    let channel: any Channel
    do {
      try await self.security?.open()
      channel = try await self.bootstrap().bind(to: address).get()
    } catch {
      // It may be tried again, unless it was drained meanwhile.
      self.state.withLock { state in
        if case .starting = state { state = .made }
      }
      throw error as? TransportError
        ?? TransportError.cannotListen(host: host, port: port, reason: "\(error)")
    }
    let isWanted = self.state.withLock { state in
      guard case .starting = state else { return false }
      state = .listening(channel)
      return true
    }
    guard isWanted else {
      // Drained while it was starting: its loops end what has connected since.
      try? await channel.close()
      throw TransportError.startedTwice
    }
    channel.closeFuture.cascade(to: self.stopped)
    self.security?.keepFresh(on: channel.eventLoop)
    let bound = channel.localAddress?.port ?? port
    self.logger.info("listening", metadata: ["net.host": "\(host)", "net.port": "\(bound)"])
    return bound
  }

  /// Returns when the server has stopped listening, or was drained before it began; a cancelled
  /// task stops waiting.
  public func run() async {
    let left = self.stopped.futureResult.eventLoop.makePromise(of: Void.self)
    self.stopped.futureResult.cascade(to: left)
    await withTaskCancellationHandler {
      try? await left.futureResult.get()
    } onCancel: {
      left.succeed()
    }
  }

  /// Ends the server: no new connection is taken, clients are told to open no new call (GOAWAY in
  /// two steps), and calls under way go on for at most `milliseconds`. What is then left is told
  /// `UNAVAILABLE` in its trailers and cancelled. Returns whether every call ended by itself.
  ///
  /// A second call waits for the same end within a bound of its own.
  @discardableResult
  public func drain(within milliseconds: Int64) async -> Bool {
    let before = self.state.withLock { state in
      defer { state = .drained }
      return state
    }
    if case .listening(let channel) = before { try? await channel.close() }
    self.security?.stop()
    self.stopped.succeed()
    let drained = self.loops.map { $0.drain() }
    let all = EventLoopFuture.andAllSucceed(drained, on: self.configuration.group.next())
    if await Self.isDone(all, within: milliseconds) {
      self.logger.info("drained")
      return true
    }
    self.logger.warning("drain: calls left over are cancelled")
    for loop in self.loops { loop.abort() }
    if await !Self.isDone(all, within: self.configuration.limits.cancelledHandlersMs) {
      self.logger.error("drain: handlers ignore their cancellation")
    }
    return false
  }

  /// What is wrong with the certificate or with new TLS files; nil if all is well, and without TLS.
  public func tlsProblem() -> String? {
    self.security?.problem()
  }

  private static func isDone(
    _ future: EventLoopFuture<Void>, within milliseconds: Int64
  ) async -> Bool {
    let loop = future.eventLoop
    let promise = loop.makePromise(of: Bool.self)
    let timer = loop.scheduleTask(in: .milliseconds(milliseconds)) { promise.succeed(false) }
    future.whenComplete { _ in
      timer.cancel()
      promise.succeed(true)
    }
    return (try? await promise.futureResult.get()) ?? false
  }

  private static func resolve(_ host: String, _ port: Int) throws -> SocketAddress {
    do {
      return try SocketAddress.makeAddressResolvingHost(host, port: port)
    } catch {
      throw TransportError.cannotListen(host: host, port: port, reason: "\(error)")
    }
  }

  private func bootstrap() -> ServerBootstrap {
    ServerBootstrap(group: self.configuration.group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let loop = self.loops.first(where: { $0.loop === channel.eventLoop }) else {
            preconditionFailure("a connection came on a loop that is not the server's")
          }
          let network = PeerNetwork(channel.remoteAddress)
          let connection = try ServerConnection(loop, from: network)
          guard self.connectionCount.add(network) else { throw ChannelError.eof }
          do {
            try self.security?.secure(channel.pipeline.syncOperations, connection)
            try channel.pipeline.syncOperations.addHandler(connection)
          } catch {
            self.connectionCount.remove(network)
            throw error
          }
        }
      }
  }
}

extension SocketAddress {
  /// Whether only this machine can reach the address.
  var isLoopback: Bool {
    switch self {
    case .v4: self.ipAddress?.hasPrefix("127.") ?? false
    case .v6: self.ipAddress == "::1"
    case .unixDomainSocket: true
    }
  }
}
