import DomainModel
import NIOCore
import RPC

/// What a server keeps for one event loop: its executor, its connections and its count of running
/// handlers. Everything is touched on that loop only, so no call takes a lock.
final class ServerLoop: @unchecked Sendable {
  /// What an overloaded server asks a caller to wait, in milliseconds.
  static let overloadRetryMs: Int64 = 1_000
  /// How often the loop looks for idle connections, in milliseconds.
  static let tickMs: Int64 = 1_000

  let executor: LoopExecutor
  let router: RPCRouter
  let limits: TransportLimits
  let clock: any TimeSource
  /// This loop's share of the calls that may run at once.
  private let inFlightMax: Int
  private let connectionCount: ConnectionCount
  private var connections: [ObjectIdentifier: ServerConnection] = [:]
  var handlersRunning = 0
  private var isDraining = false
  private var ticks: RepeatedTask?
  private var emptied: EventLoopPromise<Void>?

  init(
    _ executor: LoopExecutor, _ configuration: ServerConfiguration, _ router: RPCRouter,
    loops: Int, connectionCount: ConnectionCount
  ) {
    self.executor = executor
    self.router = router
    self.limits = configuration.limits
    self.clock = configuration.clock
    self.inFlightMax = max(configuration.limits.inFlightMax / loops, 1)
    self.connectionCount = connectionCount
  }

  var loop: any EventLoop { self.executor.loop }

  /// Whether one call more may run here.
  var mayTakeCall: Bool { self.handlersRunning < self.inFlightMax }

  func add(_ connection: ServerConnection) {
    self.connections[ObjectIdentifier(connection)] = connection
    if self.isDraining { connection.beginDrain() }
    self.startTicking()
  }

  func remove(_ connection: ServerConnection) {
    self.connections[ObjectIdentifier(connection)] = nil
    self.connectionCount.remove()
    if self.connections.isEmpty {
      self.ticks?.cancel()
      self.ticks = nil
    }
    self.checkEmpty()
  }

  func handlerEnded() {
    self.handlersRunning -= 1
    self.checkEmpty()
  }

  /// Begins the graceful end of every connection; the future is done when the last connection has
  /// closed and the last handler has ended.
  func drain() -> EventLoopFuture<Void> {
    self.loop.flatSubmit {
      self.isDraining = true
      let promise = self.emptied ?? self.loop.makePromise(of: Void.self)
      self.emptied = promise
      for connection in self.connections.values { connection.beginDrain() }
      self.checkEmpty()
      return promise.futureResult
    }
  }

  /// Ends what a drain has left over.
  func abort() {
    self.loop.execute {
      let error = ServiceError(code: .unavailable, message: "The server is stopping.")
      for connection in self.connections.values { connection.abort(error) }
    }
  }

  private func checkEmpty() {
    guard self.isDraining, self.connections.isEmpty, self.handlersRunning == 0 else { return }
    self.emptied?.succeed()
  }

  private func startTicking() {
    guard self.ticks == nil else { return }
    let tick = TimeAmount.milliseconds(Self.tickMs)
    let handshakeTicks = Int(max(self.limits.handshakeMs / Self.tickMs, 1))
    let idleTicksMax = Int(max(self.limits.idleMs / Self.tickMs, 1))
    self.ticks = self.loop.scheduleRepeatedTask(initialDelay: tick, delay: tick) { _ in
      for connection in self.connections.values {
        connection.tick(handshakeTicks: handshakeTicks, idleTicksMax: idleTicksMax)
      }
    }
  }
}
