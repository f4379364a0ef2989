import DomainModel
import HTTP2
import NIOCore

/// What a client channel keeps on its event loop: the connection, the calls that wait for one, and
/// when to try again. Touched on that loop only.
final class ClientCore: @unchecked Sendable {
  private enum State {
    /// No connection, and nobody has asked for one.
    case idle
    /// The attempt with this number is under way.
    case connecting(Int)
    case ready(ClientConnection)
    /// The last attempt failed; the next one comes by a timer.
    case backingOff
    case closed
  }

  private let configuration: ClientConfiguration
  private let security: ClientSecurity?
  private let executor: LoopExecutor
  private var state = State.idle
  private var waiting: [ClientCall] = []
  /// How many attempts there have been; the number of the last one.
  private var attempts = 0
  /// How many attempts have failed in a row.
  private var failures = 0
  private var lastFailure = "not yet connected"
  /// Every connection that is open, also those that only finish their calls.
  private var connections: [ObjectIdentifier: ClientConnection] = [:]
  /// Calls with a deadline.
  private var timed: [ObjectIdentifier: ClientCall] = [:]
  private var deadlines: DeadlineTimer?
  private var ticks: RepeatedTask?
  private var emptied: [UnsafeContinuation<Void, Never>] = []

  init(_ configuration: ClientConfiguration, loop: any EventLoop) {
    self.configuration = configuration
    self.security = configuration.tls.map { ClientSecurity($0, logger: configuration.logger) }
    self.executor = LoopExecutor(loop)
    self.deadlines = DeadlineTimer(loop) { [unowned self] in self.expire($0) }
  }

  var loop: any EventLoop { self.executor.loop }

  /// Makes a call as soon as there is a connection.
  func start(_ call: ClientCall) {
    guard !call.isOver else { return }
    if let deadline = call.deadline {
      self.timed[ObjectIdentifier(call)] = call
      self.deadlines?.watch(deadline)
    }
    call.onOver = { [unowned self] in self.forget($0) }
    switch self.state {
    case .ready(let connection): call.open(on: connection)
    case .closed: call.fail(self.unavailable(self.lastFailure))
    case .backingOff where !call.waitsForReady: call.fail(self.unavailable(self.lastFailure))
    case .idle, .connecting, .backingOff: self.enqueue(call)
    }
  }

  /// Forgets a call that is over.
  private func forget(_ call: ClientCall) {
    if call.deadline != nil { self.timed[ObjectIdentifier(call)] = nil }
    if !self.waiting.isEmpty { self.waiting.removeAll { $0 === call } }
  }

  /// Ends every call and connection, for good; `continuation` is told when all is closed.
  func close(_ continuation: UnsafeContinuation<Void, Never>? = nil) {
    self.state = .closed
    self.lastFailure = "the channel was closed"
    self.deadlines?.stop()
    self.failWaiting { _ in true }
    if let continuation { self.emptied.append(continuation) }
    for connection in self.connections.values { connection.shutDown() }
    self.checkEmpty()
  }

  // What connections report.

  func connectionReady(_ connection: ClientConnection) {
    guard case .connecting(connection.attempt) = self.state else {
      connection.retire()
      return
    }
    self.state = .ready(connection)
    self.failures = 0
    let calls = self.waiting
    self.waiting = []
    for call in calls where !call.isOver { call.open(on: connection) }
  }

  /// The server takes no new call there: the next one opens another connection.
  func connectionLeaving(_ connection: ClientConnection) {
    if case .ready(let current) = self.state, current === connection { self.state = .idle }
  }

  func connectionLost(_ connection: ClientConnection) {
    self.connections[ObjectIdentifier(connection)] = nil
    if let failure = connection.failure {
      self.attemptFailed(connection.attempt, TLSReason.text(failure))
    }
    if self.connections.isEmpty {
      self.ticks?.cancel()
      self.ticks = nil
    }
    switch self.state {
    case .ready(let current) where current === connection: self.state = .idle
    case .closed: self.checkEmpty()
    default: break
    }
  }

  private func add(_ connection: ClientConnection) {
    self.connections[ObjectIdentifier(connection)] = connection
    guard self.ticks == nil else { return }
    let tick = TimeAmount.milliseconds(self.configuration.limits.tickMs)
    self.ticks = self.loop.scheduleRepeatedTask(initialDelay: tick, delay: tick) { _ in
      for connection in self.connections.values { connection.tick() }
    }
  }

  // Connecting.

  private func enqueue(_ call: ClientCall) {
    guard self.waiting.count < self.configuration.limits.waitingCallsMax else {
      call.fail(
        ServiceError(code: .resourceExhausted, message: "Too many calls wait for a connection."))
      return
    }
    self.waiting.append(call)
    if case .idle = self.state { self.connect() }
  }

  private func connect() {
    self.attempts += 1
    let attempt = self.attempts
    self.state = .connecting(attempt)
    let bootstrap = ConnectionBootstrap(
      self.configuration, loop: self.loop, security: self.security)
    bootstrap
      .connect(host: self.configuration.host, port: self.configuration.port) {
        let connection = try ClientConnection(
          self, attempt: attempt, executor: self.executor, limits: self.configuration.limits)
        self.add(connection)
        self.closeUnlessReady(connection, within: bootstrap.timeout * 2)
        return connection
      }
      .flatMap { $0.closeFuture }
      .whenComplete { result in
        switch result {
        case .success: self.attemptFailed(attempt, "the server closed the connection at once")
        case .failure(let error): self.attemptFailed(attempt, "\(error)")
        }
      }
  }

  /// A server that takes the connection but never speaks HTTP/2 is no connection.
  private func closeUnlessReady(_ connection: ClientConnection, within timeout: TimeAmount) {
    self.loop.scheduleTask(in: timeout) { [weak connection] in
      if let connection, !connection.hasBeenReady { connection.closeNow() }
    }
  }

  /// An attempt has brought no connection, or one that was lost before it worked. Of an attempt
  /// that is over nothing is said any more.
  private func attemptFailed(_ attempt: Int, _ reason: String) {
    guard case .connecting(attempt) = self.state else { return }
    self.failures += 1
    self.lastFailure = reason
    self.state = .backingOff
    self.failWaiting { !$0.waitsForReady }
    let delay = self.configuration.backoff.delayMs(
      after: self.failures, self.configuration.random)
    self.loop.scheduleTask(in: .milliseconds(delay)) {
      guard case .backingOff = self.state else { return }
      self.state = .idle
      if !self.waiting.isEmpty { self.connect() }
    }
  }

  private func failWaiting(_ isDoomed: (ClientCall) -> Bool) {
    let doomed = self.waiting.filter(isDoomed)
    self.waiting.removeAll(where: isDoomed)
    for call in doomed { call.fail(self.unavailable(self.lastFailure)) }
  }

  private func unavailable(_ reason: String) -> ServiceError {
    let host = self.configuration.host
    return ServiceError(
      code: .unavailable,
      message: "No connection to \(host):\(self.configuration.port): \(reason)")
  }

  /// Ends the calls whose deadline has passed; returns the earliest one left.
  private func expire(_ now: NIODeadline) -> NIODeadline? {
    var next: NIODeadline?
    for call in self.timed.values {
      guard let deadline = call.deadline else { continue }
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
    guard case .closed = self.state, self.connections.isEmpty else { return }
    for continuation in self.emptied { continuation.resume() }
    self.emptied = []
  }
}
