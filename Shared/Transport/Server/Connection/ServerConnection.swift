import DomainModel
import HTTP2
import NIOCore
import RPC

/// One client's connection to a server: gRPC calls over an HTTP/2 session. Confined to its loop.
///
/// Here is what the session reports; `+Requests` begins calls, `+Bytes` bounds what waits,
/// `+Watching` looks after silence and age, `+Ending` has the ways in which it ends.
final class ServerConnection: ConnectionHandler, @unchecked Sendable {
  let session: ServerSession
  /// Who the client is by its certificate; set before the first call, if at all.
  var peer: PeerCertificate?
  let serverLoop: ServerLoop
  private let network: PeerNetwork?
  // Beginning calls, in `+Requests`.
  @exclusivity(unchecked) var routes: RouteCache
  @exclusivity(unchecked) var deadlines: DeadlineTimer?
  /// The streams that will be answered with the page once their request has ended.
  @exclusivity(unchecked) var pageStreams: Set<Int32> = []
  // What waits, in `+Bytes`.
  /// Request bytes of all calls that no handler has taken yet.
  var waitingBytes = 0
  /// How many bytes of answers the loop counts as waiting here.
  var countedOutboundBytes = 0
  // Watching, in `+Watching`.
  @exclusivity(unchecked) var idle: IdleClock
  var frames: FrameClock
  var age: ConnectionAge
  var pings: PingPolicy
  /// How many looks are left until a second has passed.
  var ticksToSecond = 0
  // Its end, in `+Ending`.
  var drain = Drain.no

  init(_ serverLoop: ServerLoop, from network: PeerNetwork?) throws {
    self.network = network
    self.session = try ServerSession(limits: serverLoop.limits.http2)
    self.serverLoop = serverLoop
    self.routes = RouteCache(serverLoop.router)
    self.idle = IdleClock(serverLoop.limits)
    self.frames = FrameClock(serverLoop.limits)
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

  /// A call that was counted is over.
  func callEnded() {
    self.serverLoop.callEnded()
  }

  /// Looks, at intervals, whether the connection may go on.
  override func tick() {
    if self.watch() { super.tick() }
  }

  // What the session reports.

  private func handle(_ event: ServerEvent) {
    switch event {
    case .request(let stream, let fields, let isLast):
      self.idle.received()
      self.idle.spoke()
      self.begin(stream, fields)
      if isLast { self.requestEnded(stream) }
    case .data(let stream, let bytes):
      self.idle.received()
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
    case .settings: self.idle.spoke()
    case .pingAcknowledged:
      // A ping of before the announcement may be answered first: the last answer counts.
      if self.pingAnswered() && self.drain == .announced { self.drain = .confirmed }
    case .pinged(let followsAnswer): self.pinged(followsAnswer: followsAnswer)
    }
  }

  func call(_ stream: HTTP2Stream) -> ServerCall? {
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
