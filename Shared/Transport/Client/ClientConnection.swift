import DomainModel
import HTTP2
import NIOCore

/// One connection of a client channel. Confined to its loop.
final class ClientConnection: ConnectionHandler, @unchecked Sendable {
  let session: ClientSession
  private let subchannel: Subchannel
  private let core: ClientCore
  /// The number of the attempt that made it.
  let attempt: Int
  /// How many calls may be open at once: what the server says, within our own bound.
  private var callsMax = 0
  /// When the server's settings came: the connection works.
  private var readyAt: NIODeadline?
  private var hasAnswered = false
  private var isLeaving = false

  init(_ subchannel: Subchannel, attempt: Int, _ core: ClientCore) throws {
    let limits = core.configuration.limits
    self.session = try ClientSession(limits: limits.http2)
    self.subchannel = subchannel
    self.core = core
    self.attempt = attempt
    super.init(executor: core.executor, session: self.session, limits: limits)
    self.slowKeepAlive(by: subchannel.keepAliveFactor)
    self.session.onEvent = { [unowned self] in self.handle($0) }
  }

  /// Whether another call may be opened.
  var hasRoom: Bool { self.session.openStreams < self.callsMax }

  /// The calls that are open.
  var calls: [ClientCall] { self.session.openStreamList.compactMap { self.call($0) } }

  /// Whether it has been of use: it brought an answer, or was open for longer than any pause
  /// between attempts to connect.
  var hasServed: Bool {
    guard let readyAt = self.readyAt else { return false }
    let pause = TimeAmount.milliseconds(self.core.configuration.backoff.maxMs)
    return self.hasAnswered || readyAt + pause <= .now()
  }

  override func lost() {
    self.isLeaving = true
    let reason = self.failure.map { TLSReason.text($0) }
    if let reason { self.subchannel.attemptFailed(self.attempt, reason) }
    self.subchannel.connectionEnded(self, reason ?? "the connection broke")
    for stream in self.session.openStreamList {
      guard let call = self.call(stream) else { continue }
      stream.attachment = nil
      if !stream.hasLeft && call.takeBack(.neverSent) {
        self.core.dispatch(call)
      } else {
        call.lost()
      }
    }
    self.core.remove(self)
  }

  /// A server that takes the connection but never speaks HTTP/2 is no connection.
  func closeUnlessReady(within timeout: TimeAmount) {
    self.loop.scheduleTask(in: timeout) { [weak self] in
      if let self, self.readyAt == nil { self.closeNow() }
    }
  }

  /// Ends the connection and with it every call on it.
  func shutDown() {
    self.session.terminate(.noError)
    self.flush()
    self.close()
  }

  /// Ends a connection that nobody has a use for; unlike `shutDown`, also while it reads.
  func retire() {
    self.isLeaving = true
    self.session.terminate(.noError)
    self.flushLater()
  }

  /// No new call is opened here; those under way go on, then the connection closes.
  func leave(_ reason: String = "the connection is given up") {
    guard !self.isLeaving else { return }
    self.isLeaving = true
    self.subchannel.connectionEnded(self, reason)
    self.closeIfDone()
  }

  private func handle(_ event: ClientEvent) {
    switch event {
    case .settings(let streamsMax): self.settingsCame(streamsMax)
    case .response(let stream, let fields, let isLast):
      self.hasAnswered = true
      self.call(stream)?.response(fields, isLast: isLast)
    case .trailers(let stream, let fields): self.call(stream)?.trailers(fields)
    case .data(let stream, let bytes):
      self.session.consumeConnection(bytes.count)
      self.call(stream)?.received(bytes)
    case .ended: break
    case .sank(let stream): self.call(stream)?.sank()
    case .closed(let stream, let code): self.closed(stream, code)
    case .goAway(_, let code, let reason):
      if code == .enhanceYourCalm && reason == PingPolicy.complaint {
        self.subchannel.slowKeepAlive()
      }
      self.leave("the server says GOAWAY: \(code) \(reason)")
    case .pingAcknowledged: _ = self.pingAnswered()
    }
  }

  private func settingsCame(_ streamsMax: Int) {
    self.callsMax = min(streamsMax, self.limits.callsPerConnectionMax)
    if self.readyAt == nil {
      self.readyAt = .now()
      if !self.isLeaving { self.subchannel.connectionReady(self) }
    } else {
      self.core.roomMade()
    }
  }

  private func closed(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {
    guard let call = self.call(stream) else { return }
    stream.attachment = nil
    if code == .refusedStream && call.takeBack(stream.hasLeft ? .refused : .neverSent) {
      self.core.dispatch(call)
    } else {
      call.closed(code)
    }
    self.core.roomMade()
    self.closeIfDone()
  }

  private func closeIfDone() {
    guard self.isLeaving, self.session.openStreams == 0 else { return }
    self.session.terminate(.noError)
    self.flushLater()
  }

  private func call(_ stream: HTTP2Stream) -> ClientCall? {
    guard let attachment = stream.attachment else { return nil }
    return unsafeDowncast(attachment, to: ClientCall.self)
  }
}
