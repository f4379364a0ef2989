import DomainModel
import Logging
import NIOCore
import RPC

/// What a server keeps for one event loop: its executor, its connections and its count of open
/// calls. Everything is touched on that loop only, so no call takes a lock.
final class ServerLoop: @unchecked Sendable {
  /// What an overloaded or a stopping server asks a caller to wait, in milliseconds.
  static let retryDelayMs: Int64 = 1_000

  let executor: LoopExecutor
  let router: RPCRouter
  let limits: TransportLimits
  let callBounds: CallBounds
  let clock: any TimeSource
  let page: PlainPage?
  /// This loop's share of the calls that may be open at once.
  private let inFlightMax: Int
  private let connectionCount: ConnectionCount
  private var connections: [ObjectIdentifier: ServerConnection] = [:]
  private var openCalls = 0
  private var turn: (number: Int, began: (monotonic: NIODeadline, wall: Timestamp))?
  /// How many connections there have been.
  private var connectionNumber = 0
  private var waitingBytes: WaitingBytes
  private var peerLog: PeerLog
  private var ticksToLog = 0
  private var isDraining = false
  private var ticks: RepeatedTask?
  private var emptied: EventLoopPromise<Void>?

  init(
    _ executor: LoopExecutor, _ configuration: ServerConfiguration, _ router: RPCRouter,
    logger: Logger, shared: (loops: Int, connectionCount: ConnectionCount)
  ) {
    self.executor = executor
    self.router = router
    self.limits = configuration.limits
    self.callBounds = CallBounds(configuration.limits)
    self.clock = configuration.clock
    self.page = configuration.page
    self.inFlightMax = max(configuration.limits.inFlightMax / shared.loops, 1)
    self.connectionCount = shared.connectionCount
    self.waitingBytes = WaitingBytes(configuration.limits, loops: shared.loops)
    self.peerLog = PeerLog(logger)
  }

  var loop: any EventLoop { self.executor.loop }

  /// When this turn of the loop began, by both clocks. They are asked once a turn: tens of calls
  /// may come in one read.
  var turnBegan: (monotonic: NIODeadline, wall: Timestamp) {
    if let turn = self.turn, turn.number == self.executor.turns { return turn.began }
    let began = (NIODeadline.now(), self.clock.now())
    self.turn = (self.executor.turns, began)
    return began
  }

  /// Counts one call more; false if there are too many.
  func takeCall() -> Bool {
    guard self.openCalls < self.inFlightMax else { return false }
    self.openCalls += 1
    return true
  }

  /// The number of one connection more.
  func nextConnectionNumber() -> Int {
    self.connectionNumber += 1
    return self.connectionNumber
  }

  func add(_ connection: ServerConnection) {
    self.connections[ObjectIdentifier(connection)] = connection
    if self.isDraining { connection.beginDrain() }
    self.startTicking()
  }

  func remove(_ connection: ServerConnection, from network: PeerNetwork?) {
    self.connections[ObjectIdentifier(connection)] = nil
    self.connectionCount.remove(network)
    if self.connections.isEmpty {
      self.peerLog.write()
      self.ticks?.cancel()
      self.ticks = nil
    }
    self.checkEmpty()
  }

  /// A call that was counted is over: its handler and its stream have ended.
  func callEnded() {
    self.openCalls -= 1
    self.checkEmpty()
  }

  /// Begins the graceful end of every connection; the future is done when the last connection has
  /// closed and the last call is over.
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
      let error = ServiceError(.serviceStopping, retryDelayMs: Self.retryDelayMs)
      for connection in self.connections.values { connection.abort(error) }
    }
  }

  /// Whether more request bytes wait for handlers than this loop may hold.
  var isInboundFull: Bool { self.waitingBytes.isInboundFull }

  func addInbound(_ count: Int) {
    self.waitingBytes.addInbound(count)
  }

  /// Whether more answer bytes wait for their peers than this loop may hold.
  var isOutboundFull: Bool { self.waitingBytes.isOutboundFull }

  /// Counts answer bytes that wait for a peer.
  func addOutbound(_ count: Int) {
    self.waitingBytes.addOutbound(count)
  }

  /// Closes the connections that hold most, until the answers that wait are few enough.
  func shed() {
    while self.waitingBytes.isOutboundFull {
      let worst = self.connections.values.max {
        $0.countedOutboundBytes < $1.countedOutboundBytes
      }
      guard let worst, worst.countedOutboundBytes > 0 else { return }
      worst.closeNow(for: "waiting answers")
    }
  }

  /// A connection has been ended for what its peer did.
  func ended(_ connection: ServerConnection, for abuse: String) {
    self.peerLog.ended(for: abuse, peer: connection.peerAddress)
  }

  /// A request on a connection was answered without being a call.
  func turnedAway(_ connection: ServerConnection, _ reason: TurnedAway) {
    self.peerLog.turnedAway(reason, peer: connection.peerAddress)
  }

  private func tick() {
    for connection in self.connections.values { connection.tick() }
    self.ticksToLog -= 1
    guard self.ticksToLog <= 0 else { return }
    self.ticksToLog = self.limits.ticks(1_000)
    self.peerLog.write()
  }

  private func checkEmpty() {
    guard self.isDraining, self.connections.isEmpty, self.openCalls == 0 else { return }
    self.emptied?.succeed()
  }

  private func startTicking() {
    guard self.ticks == nil else { return }
    let tick = TimeAmount.milliseconds(self.limits.tickMs)
    self.ticks = self.loop.scheduleRepeatedTask(initialDelay: tick, delay: tick) { _ in
      self.tick()
    }
  }
}
