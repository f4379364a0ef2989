import DomainModel
import HTTP2
import NIOCore
import RPC

/// One client's connection to a server: gRPC calls over an HTTP/2 session. Confined to its loop.
final class ServerConnection: ConnectionHandler, @unchecked Sendable {
  private enum Drain {
    case no
    /// GOAWAY with the highest number and a ping have left; the ping's answer is awaited.
    case announced
    /// The client has read that; GOAWAY with the last call leaves with the next output.
    case confirmed
    /// GOAWAY with the last call has left; the connection closes after that call.
    case final
  }

  let session: ServerSession
  /// Who the client is by its certificate; set before the first call, if at all.
  var peer: PeerCertificate?
  private let serverLoop: ServerLoop
  private var routes: RouteCache
  private var drain = Drain.no
  private var deadlines: DeadlineTimer?
  /// Request bytes of all calls that no handler has taken yet.
  private var waitingBytes = 0
  /// Whether anything was received since the loop last looked.
  private var wasActive = true
  /// For how many looks of the loop there was neither a call nor a byte.
  private var idleTicks = 0
  private var hasSpoken = false

  init(_ serverLoop: ServerLoop) throws {
    self.session = try ServerSession(limits: serverLoop.limits.http2)
    self.serverLoop = serverLoop
    self.routes = RouteCache(serverLoop.router)
    super.init(
      executor: serverLoop.executor, session: self.session, limits: serverLoop.limits)
    self.session.onEvent = { [unowned self] in self.handle($0) }
    self.deadlines = DeadlineTimer(self.loop) { [unowned self] in self.expire($0) }
  }

  override func opened() {
    self.serverLoop.add(self)
  }

  override func lost() {
    self.deadlines?.stop()
    for stream in self.session.openStreamList { self.close(stream) }
    self.serverLoop.remove(self)
  }

  override func flush() {
    if self.drain == .confirmed {
      // Not when the ping's answer is read: calls read with it must count as taken.
      self.drain = .final
      self.session.finalGoAway()
    }
    super.flush()
  }

  // For the calls.

  /// Counts request bytes that wait for their handler; throws when the connection has too many.
  func addWaiting(_ count: Int) throws(ServiceError) {
    self.waitingBytes += count
    guard self.waitingBytes <= self.limits.connectionInboundBytesMax else {
      throw ServiceError(
        code: .resourceExhausted, message: "Too many bytes wait on this connection.")
    }
  }

  func removeWaiting(_ count: Int) {
    self.waitingBytes -= count
  }

  /// A call that was counted is over.
  func callEnded() {
    self.serverLoop.callEnded()
  }

  // For the loop.

  /// Begins the two-step graceful end.
  func beginDrain() {
    guard self.isOpen, self.drain == .no else { return }
    self.drain = .announced
    self.session.announceShutdown()
    self.pingLeft()
    self.flushLater()
  }

  /// Ends every call with an error in its trailers, and the connection after that.
  func abort(_ error: ServiceError) {
    // What can still leave goes first; the rest is dropped for the trailers.
    self.flush()
    self.drain = .final
    // Not `terminate`: after it libnghttp2 sends no trailers any more.
    self.session.finalGoAway()
    for stream in self.session.openStreamList { self.call(stream)?.refuse(error) }
    // The channel closes by itself when all that has left, or when the peer takes too long.
    self.linger()
    self.flush()
  }

  /// Closes a connection that is idle too long, ends calls that wait too long.
  override func tick() {
    for stream in self.session.openStreamList { self.call(stream)?.tick() }
    if self.wasActive || self.session.openStreams > 0 {
      self.idleTicks = 0
      self.wasActive = false
    } else {
      self.idleTicks += 1
    }
    let handshakeTicks = self.limits.ticks(self.limits.handshakeMs)
    if !self.hasSpoken {
      if self.idleTicks >= handshakeTicks { self.closeNow() }
    } else {
      let idleTicksMax = self.limits.ticks(self.limits.idleMs)
      if self.idleTicks >= idleTicksMax { self.beginDrain() }
      if self.idleTicks >= idleTicksMax + handshakeTicks { self.closeNow() }
    }
    super.tick()
  }

  // What the session reports.

  private func handle(_ event: ServerEvent) {
    switch event {
    case .request(let stream, let fields, let isLast):
      self.wasActive = true
      self.hasSpoken = true
      self.begin(stream, fields)
      if isLast { self.call(stream)?.requestEnded() }
    case .data(let stream, let bytes):
      self.wasActive = true
      self.session.consumeConnection(bytes.count)
      if let call = self.call(stream) {
        call.received(bytes)
      } else {
        self.session.consume(bytes.count, on: stream)
      }
    case .ended(let stream): self.call(stream)?.requestEnded()
    case .sank(let stream): self.call(stream)?.sank()
    case .closed(let stream, _):
      self.close(stream)
    case .settings: self.hasSpoken = true
    case .pingAcknowledged:
      // A ping of before the announcement may be answered first: the last answer counts.
      if self.pingAnswered() && self.drain == .announced { self.drain = .confirmed }
    }
  }

  private func begin(_ stream: HTTP2Stream, _ fields: HeaderList) {
    let head = RequestHead(fields, &self.routes)
    guard head.isPost else {
      self.session.respondOnly(stream, ResponseHeaders.methodNotAllowed)
      return
    }
    guard head.isGRPC else {
      self.session.respondOnly(stream, ResponseHeaders.unsupportedMediaType)
      return
    }
    if head.route == nil || head.problem != nil {
      let unknown = ServiceError(code: .unimplemented, message: "There is no such method here.")
      self.session.respondOnly(stream, ResponseHeaders.trailersOnly(head.problem ?? unknown))
    }
    guard let route = head.route else { return }
    self.begin(route, head, stream)
  }

  private func begin(_ route: Route, _ head: RequestHead, _ stream: HTTP2Stream) {
    let startedAt = NIODeadline.now()
    var deadline: NIODeadline?
    var tellsDeadline: Timestamp?
    if let timeout = head.timeoutNs {
      deadline = startedAt + .nanoseconds(timeout)
      tellsDeadline = self.serverLoop.clock.now().adding(milliseconds: timeout / 1_000_000)
    }
    let context = route.context(
      metadata: head.metadata, deadline: tellsDeadline, peer: self.peer)
    if let problem = head.problem {
      route.ended(context, CallOutcome(error: problem, durationNs: 0, wasBegun: false))
      return
    }
    let call = ServerCall(
      self, stream, route, context, CallTime(startedAt: startedAt, deadline: deadline))
    stream.attachment = call
    guard self.serverLoop.takeCall() else {
      call.refuse(ServiceError(.overloaded, retryDelayMs: ServerLoop.retryDelayMs))
      return
    }
    if let deadline { self.deadlines?.watch(deadline) }
    call.begin()
  }

  private func call(_ stream: HTTP2Stream) -> ServerCall? {
    guard let attachment = stream.attachment else { return nil }
    return unsafeDowncast(attachment, to: ServerCall.self)
  }

  private func close(_ stream: HTTP2Stream) {
    self.call(stream)?.closed()
    stream.attachment = nil
  }

  /// Ends the calls whose deadline has passed; returns the earliest one left.
  private func expire(_ now: NIODeadline) -> NIODeadline? {
    var next: NIODeadline?
    for stream in self.session.openStreamList {
      guard let call = self.call(stream), let deadline = call.deadline else { continue }
      if deadline <= now {
        call.expire()
      } else {
        next = min(next ?? deadline, deadline)
      }
    }
    return next
  }
}
