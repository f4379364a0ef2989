import DomainModel
import HTTP2
import NIOCore
import RPC

/// What a client channel keeps on its event loop: the addresses with their connections, and the
/// calls that wait for one. Touched on that loop only.
final class ClientCore: @unchecked Sendable {
  let configuration: ClientConfiguration
  let executor: LoopExecutor
  let bootstrap: ConnectionBootstrap
  private var requestFields: RequestFields
  private var balancer = Balancer()
  private var names: NameWatch?
  /// Why the servers' names have no address; nil if they have, or nobody has asked yet.
  private var unresolved: String?
  private let queue: CallQueue
  private var isClosed = false
  /// Every connection that is open, also those that only finish their calls.
  private var connections: [ObjectIdentifier: ClientConnection] = [:]
  private var deadlines: DeadlineTimer?
  private var ticks: RepeatedTask?
  private var emptied: [UnsafeContinuation<Void, Never>] = []

  init(_ configuration: ClientConfiguration, loop: any EventLoop) {
    self.configuration = configuration
    self.executor = LoopExecutor(loop)
    self.bootstrap = ConnectionBootstrap(configuration, loop: loop)
    self.requestFields = RequestFields(configuration)
    self.queue = CallQueue(callsMax: configuration.limits.waitingCallsMax)
    self.names = NameWatch(configuration, loop: loop) { [unowned self] in self.resolved($0) }
    self.deadlines = DeadlineTimer(loop) { [unowned self] in self.expire($0) }
  }

  var loop: any EventLoop { self.executor.loop }

  /// A call of this channel, not made yet; from any thread.
  func makeCall(_ method: Method, _ options: CallOptions, request: FramedMessage?) -> ClientCall {
    ClientCall(self, method, options, request: request)
  }

  /// What is the same in every call of a method.
  func facts(of method: Method) -> MethodFacts { self.requestFields[method] }

  /// Makes a call as soon as there is a connection with room for it.
  func start(_ call: ClientCall) {
    guard !call.isOver else { return }
    call.begin()
    if let deadline = call.deadline { self.deadlines?.watch(deadline) }
    self.dispatch(call)
  }

  /// Sends a call on its way, for the first time or once more.
  func dispatch(_ call: ClientCall) {
    guard !call.isOver else { return }
    guard !self.isClosed else {
      call.fail(Self.unavailable("the channel was closed"))
      return
    }
    if self.balancer.hasIdle { self.connectIdle() }
    if self.queue.isEmpty, let connection = self.balancer.pick() {
      call.open(on: connection)
    } else {
      self.wait(call)
    }
  }

  /// A stream has ended: a call that waits may have its room.
  func roomMade() {
    if !self.queue.isEmpty { self.serveWaiting() }
  }

  /// Ends every call and connection, for good; `continuation` is told when all is closed.
  func close(_ continuation: UnsafeContinuation<Void, Never>? = nil) {
    self.isClosed = true
    self.names?.stop()
    self.deadlines?.stop()
    if let continuation { self.emptied.append(continuation) }
    for call in self.queue.waiting { call.fail(Self.unavailable("the channel was closed")) }
    self.balancer.use([], first: 0) { Subchannel($0, self) }
    for connection in self.connections.values { connection.shutDown() }
    self.checkEmpty()
  }

  // What subchannels and connections report.

  /// Something has changed at an address.
  func changed(_ subchannel: Subchannel) {
    self.balancer.refresh()
    switch subchannel.state {
    case .idle, .backingOff: self.names?.suspect()
    case .connecting, .checking, .unhealthy, .ready, .shut: break
    }
    self.settleWaiting()
  }

  /// A connection has been opened.
  func add(_ connection: ClientConnection) {
    self.connections[ObjectIdentifier(connection)] = connection
    if self.isClosed { connection.retire() }
    guard self.ticks == nil else { return }
    let tick = TimeAmount.milliseconds(self.configuration.limits.tickMs)
    self.ticks = self.loop.scheduleRepeatedTask(initialDelay: tick, delay: tick) { _ in
      for connection in self.connections.values { connection.tick() }
      self.names?.tick()
    }
  }

  /// A connection is gone.
  func remove(_ connection: ClientConnection) {
    self.connections[ObjectIdentifier(connection)] = nil
    if self.connections.isEmpty {
      self.ticks?.cancel()
      self.ticks = nil
    }
    self.checkEmpty()
  }

  // Waiting.

  private func wait(_ call: ClientCall) {
    self.names?.begin()
    if case .failing(let reason) = self.outlook, !call.waitsForReady {
      call.fail(Self.unavailable(reason))
      return
    }
    guard self.queue.append(call) else {
      call.fail(
        ServiceError(code: .resourceExhausted, message: "Too many calls wait for a connection."))
      return
    }
    self.connectIdle()
  }

  /// Sends on or fails what waits, after something has changed.
  private func settleWaiting() {
    guard !self.queue.isEmpty else { return }
    if case .failing(let reason) = self.outlook {
      for call in self.queue.waiting where !call.waitsForReady {
        call.fail(Self.unavailable(reason))
      }
    }
    self.connectIdle()
    self.serveWaiting()
  }

  private func serveWaiting() {
    while !self.queue.isEmpty, let connection = self.balancer.pick() {
      self.queue.popFirst()?.open(on: connection)
    }
  }

  private func connectIdle() {
    guard self.balancer.hasIdle, !self.isClosed else { return }
    for subchannel in self.balancer.subchannels { subchannel.connect() }
    self.balancer.refresh()
  }

  private var outlook: Balancer.Outlook {
    if self.balancer.subchannels.isEmpty, let reason = self.unresolved { return .failing(reason) }
    return self.balancer.outlook
  }

  private func resolved(_ answer: Result<[ServerAddress], NameWatch.UnresolvedError>) {
    switch answer {
    case .success(let addresses):
      self.unresolved = nil
      let first = self.configuration.random.index(below: addresses.count)
      self.balancer.use(addresses, first: first) { Subchannel($0, self) }
    case .failure(let error):
      // Addresses that were right a moment ago are better than none.
      self.unresolved = error.reason
    }
    self.settleWaiting()
  }

  private static func unavailable(_ reason: String) -> ServiceError {
    ServiceError(code: .unavailable, message: "There is no connection: \(reason)")
  }

  /// Ends the calls whose deadline has passed; returns the earliest one left.
  private func expire(_ now: NIODeadline) -> NIODeadline? {
    var calls = self.queue.waiting
    for connection in self.connections.values { calls += connection.calls }
    var next: NIODeadline?
    for call in calls {
      guard let deadline = call.deadline, !call.isOver else { continue }
      if deadline <= now {
        call.fail(
          ServiceError(code: .deadlineExceeded, message: "The call's deadline has passed."))
      } else {
        next = min(next ?? deadline, deadline)
      }
    }
    return next
  }

  private func checkEmpty() {
    guard self.isClosed, self.connections.isEmpty else { return }
    for continuation in self.emptied { continuation.resume() }
    self.emptied = []
  }
}
