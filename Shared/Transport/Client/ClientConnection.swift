import DomainModel
import HTTP2
import NIOCore

/// One connection of a client channel. Confined to its loop.
final class ClientConnection: ConnectionHandler, @unchecked Sendable {
  let session: ClientSession
  private let owner: ClientCore
  /// The number of the attempt that made it.
  let attempt: Int
  /// Whether the server's settings have come and it has not said GOAWAY.
  private(set) var isReady = false
  private(set) var hasBeenReady = false
  private var isLeaving = false

  init(
    _ owner: ClientCore, attempt: Int, executor: LoopExecutor, limits: TransportLimits
  ) throws {
    self.session = try ClientSession(limits: limits.http2)
    self.owner = owner
    self.attempt = attempt
    super.init(executor: executor, session: self.session, limits: limits)
    self.session.onEvent = { [unowned self] in self.handle($0) }
  }

  override func lost() {
    self.isReady = false
    let calls = self.session.openStreamList.compactMap { stream in
      defer { stream.attachment = nil }
      return self.call(stream)
    }
    for call in calls { call.lost() }
    self.owner.connectionLost(self)
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
    self.isReady = false
    self.session.terminate(.noError)
    self.flushLater()
  }

  private func handle(_ event: ClientEvent) {
    switch event {
    case .settings:
      guard !self.isReady && !self.isLeaving else { return }
      self.isReady = true
      self.hasBeenReady = true
      self.owner.connectionReady(self)
    case .response(let stream, let fields, let isLast):
      self.call(stream)?.response(fields, isLast: isLast)
    case .trailers(let stream, let fields): self.call(stream)?.trailers(fields)
    case .data(let stream, let bytes):
      self.session.consumeConnection(bytes.count)
      self.call(stream)?.received(bytes)
    case .ended: break
    case .sank(let stream): self.call(stream)?.sank()
    case .closed(let stream, let code): self.closed(stream, code)
    case .goAway:
      self.leave()
    case .pingAcknowledged: _ = self.pingAnswered()
    }
  }

  private func closed(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {
    guard let call = self.call(stream) else { return }
    stream.attachment = nil
    if code == .refusedStream && call.mayBeSentAgain && !call.isOver {
      call.sendAgain()
      self.owner.start(call)
    } else {
      call.closed(code)
    }
    self.closeIfDone()
  }

  /// No new call is opened here; those under way go on.
  private func leave() {
    self.isLeaving = true
    self.isReady = false
    self.owner.connectionLeaving(self)
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
