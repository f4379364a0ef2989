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
  @exclusivity(unchecked) private var routes: RouteCache
  private var drain = Drain.no
  @exclusivity(unchecked) private var deadlines: DeadlineTimer?
  /// Request bytes of all calls that no handler has taken yet.
  private var waitingBytes = 0
  /// Whether anything was received since the loop last looked.
  private var wasActive = true
  /// For how many looks of the loop there was neither a call nor a byte.
  private var idleTicks = 0
  private var hasSpoken = false
  /// The frame that was under way when the loop last looked, and for how many looks.
  private var frame: (number: Int?, ticks: Int) = (nil, 0)
  /// How many looks are left until a second has passed.
  private var ticksToSecond = 0
  /// How many bytes of answers the loop counts as waiting here.
  private(set) var countedOutboundBytes = 0
  private let network: PeerNetwork?
  /// The streams that will be answered with the page once their request has ended.
  @exclusivity(unchecked) private var pageStreams: Set<Int32> = []
  private var age: ConnectionAge
  private var pings: PingPolicy

  private static let tooOld = ServiceError(
    code: .unavailable, message: "The connection has reached its age; call again on another one.")

  init(_ serverLoop: ServerLoop, from network: PeerNetwork?) throws {
    self.network = network
    self.session = try ServerSession(limits: serverLoop.limits.http2)
    self.serverLoop = serverLoop
    self.routes = RouteCache(serverLoop.router)
    self.age = ConnectionAge(serverLoop.limits, number: serverLoop.nextConnectionNumber())
    self.pings = PingPolicy(serverLoop.limits)
    super.init(
      executor: serverLoop.executor, session: self.session, limits: serverLoop.limits)
    // The session is the connection's own, and nobody else drives it: no event counts references.
    let connection = Unmanaged.passUnretained(self)
    self.session.onEvent = { event in connection._withUnsafeGuaranteedRef { $0.handle(event) } }
    self.deadlines = DeadlineTimer(self.loop) { [unowned self] in self.expire($0) }
  }

  override func opened() {
    self.serverLoop.add(self)
  }

  override func lost() {
    self.deadlines?.stop()
    for stream in self.session.openStreamList { self.close(stream) }
    self.session.dropBodies()
    self.settleOutbound(0)
    self.serverLoop.remove(self, from: self.network)
  }

  override func flush() {
    if self.drain == .confirmed {
      // Not when the ping's answer is read: calls read with it must count as taken.
      self.drain = .final
      self.session.finalGoAway()
    }
    super.flush()
    if self.isOpen { self.settleOutbound(self.session.outboundBytes) }
    self.serverLoop.shed()
  }

  override func ended(for abuse: HTTP2Abuse) {
    self.serverLoop.ended(self, for: abuse.rawValue)
  }

  // For the calls.

  var callBounds: CallBounds { self.serverLoop.callBounds }
  var turnBegan: NIODeadline { self.serverLoop.turnBegan.monotonic }

  /// Counts request bytes that wait for their handler; throws when the connection has too many.
  func addWaiting(_ count: Int) throws(ServiceError) {
    self.waitingBytes += count
    self.serverLoop.addInbound(count)
    guard self.waitingBytes <= self.limits.connectionInboundBytesMax else {
      throw ServiceError(
        code: .resourceExhausted, message: "Too many bytes wait on this connection.")
    }
    guard !self.serverLoop.isInboundFull else {
      throw ServiceError(.overloaded, retryDelayMs: ServerLoop.retryDelayMs)
    }
  }

  func removeWaiting(_ count: Int) {
    self.waitingBytes -= count
    self.serverLoop.addInbound(-count)
  }

  /// Throws if the peer leaves so many answers waiting that no further one may be made. Asked when
  /// a handler is about to run, because those of one read all begin before the first answers.
  func checkRoom() throws(ServiceError) {
    let waiting = self.session.outboundBytes
    guard waiting > 0 else { return }
    self.settleOutbound(waiting)
    guard waiting <= self.limits.connectionOutboundBytesMax, !self.serverLoop.isOutboundFull else {
      throw ServiceError(.overloaded, retryDelayMs: ServerLoop.retryDelayMs)
    }
  }

  /// Has the loop count what waits here to be sent.
  private func settleOutbound(_ bytes: Int) {
    guard bytes != self.countedOutboundBytes else { return }
    let change = bytes - self.countedOutboundBytes
    self.countedOutboundBytes = bytes
    self.serverLoop.addOutbound(change)
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

  /// Closes the connection at once for what its peer does.
  func closeNow(for abuse: String) {
    self.serverLoop.ended(self, for: abuse)
    self.session.dropBodies()
    self.settleOutbound(0)
    self.closeNow()
  }

  /// Closes a connection that is idle too long, ends calls that wait too long.
  override func tick() {
    self.forgive()
    if self.isFrameLate() {
      self.closeNow(for: "slow frame")
      return
    }
    var hasCalls = false
    for stream in self.session.openStreamList {
      guard let call = self.call(stream) else { continue }
      hasCalls = true
      call.tick()
    }
    if self.wasActive || hasCalls {
      self.idleTicks = 0
      self.wasActive = false
    } else {
      self.idleTicks += 1
    }
    switch self.age.tick() {
    case .young: break
    case .old: self.beginDrain()
    case .over: self.abort(Self.tooOld)
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

  /// Tells the session once a second that one has passed.
  private func forgive() {
    self.ticksToSecond -= 1
    guard self.ticksToSecond <= 0 else { return }
    self.ticksToSecond = self.limits.ticks(1_000)
    self.session.secondPassed()
  }

  /// Whether the same frame has been under way for too long.
  private func isFrameLate() -> Bool {
    let number = self.session.frameUnderWay
    guard let number, number == self.frame.number else {
      self.frame = (number, 0)
      return false
    }
    self.frame.ticks += 1
    return self.frame.ticks >= self.limits.ticks(self.limits.frameMs)
  }

  // What the session reports.

  private func handle(_ event: ServerEvent) {
    switch event {
    case .request(let stream, let fields, let isLast):
      self.wasActive = true
      self.hasSpoken = true
      self.begin(stream, fields)
      if isLast { self.requestEnded(stream) }
    case .data(let stream, let bytes):
      self.wasActive = true
      self.session.consumeConnection(bytes.count)
      if let call = self.call(stream) {
        call.received(bytes)
      } else {
        self.session.consume(bytes.count, on: stream)
      }
    case .ended(let stream): self.requestEnded(stream)
    case .sank(let stream): self.call(stream)?.sank()
    case .closed(let stream, _):
      self.close(stream)
    case .settings: self.hasSpoken = true
    case .pingAcknowledged:
      // A ping of before the announcement may be answered first: the last answer counts.
      if self.pingAnswered() && self.drain == .announced { self.drain = .confirmed }
    case .pinged(let followsAnswer): self.pinged(followsAnswer: followsAnswer)
    }
  }

  private func pinged(followsAnswer: Bool) {
    guard self.pings.pinged(followsAnswer: followsAnswer, at: .now()) else { return }
    self.session.end(for: .pings, reason: PingPolicy.complaint)
  }

  private func begin(_ stream: HTTP2Stream, _ fields: HeaderList) {
    let head = RequestHead(fields, &self.routes)
    if head.route == nil, self.serverLoop.page?.isAsked(fields) == true {
      self.pageStreams.insert(stream.id)
      return
    }
    guard head.isPost else {
      self.serverLoop.turnedAway(self, .notPOST)
      self.session.respondOnly(stream, ResponseHeaders.methodNotAllowed)
      return
    }
    guard head.isGRPC else {
      self.serverLoop.turnedAway(self, .notGRPC)
      self.session.respondOnly(stream, ResponseHeaders.unsupportedMediaType)
      return
    }
    if head.route == nil || head.problem != nil {
      let unknown = ServiceError(code: .unimplemented, message: "There is no such method here.")
      self.session.respondOnly(stream, ResponseHeaders.trailersOnly(head.problem ?? unknown))
    }
    guard let route = head.route else {
      self.serverLoop.turnedAway(self, .methodUnknown)
      return
    }
    self.begin(route, head, stream)
  }

  private func begin(_ route: Route, _ head: consuming RequestHead, _ stream: HTTP2Stream) {
    let (startedAt, toldAt) = self.serverLoop.turnBegan
    var deadline: NIODeadline?
    var toldDeadline: Timestamp?
    if let timeout = head.timeoutNs {
      deadline = startedAt + .nanoseconds(timeout)
      toldDeadline = toldAt.adding(milliseconds: timeout / 1_000_000)
    }
    if let problem = head.problem {
      route.ended(
        route.context(
          metadata: head.metadata, deadline: toldDeadline, peer: self.peer, link: nil),
        CallOutcome(error: problem, durationNs: 0, wasBegun: false))
      return
    }
    let call = ServerCall(
      self, stream, route,
      CallTerms(
        startedAt: startedAt, deadline: deadline, toldDeadline: toldDeadline,
        metadata: head.metadata, isGzip: head.isGzip, answerEncoding: head.answerEncoding))
    stream.attachment = call
    guard self.serverLoop.takeCall() else {
      call.refuse(ServiceError(.overloaded, retryDelayMs: ServerLoop.retryDelayMs))
      return
    }
    call.begin()
    if let deadline, !call.isTold { self.deadlines?.watch(deadline) }
  }

  private func requestEnded(_ stream: HTTP2Stream) {
    if let call = self.call(stream) {
      call.requestEnded()
    } else if self.pageStreams.remove(stream.id) != nil, let page = self.serverLoop.page {
      self.session.answer(stream, with: page)
    }
  }

  private func call(_ stream: HTTP2Stream) -> ServerCall? {
    guard let attachment = stream.attachment else { return nil }
    return unsafeDowncast(attachment, to: ServerCall.self)
  }

  private func close(_ stream: HTTP2Stream) {
    if let call = self.call(stream) {
      call.closed()
      stream.attachment = nil
    } else {
      self.pageStreams.remove(stream.id)
    }
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
