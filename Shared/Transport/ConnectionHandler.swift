import HTTP2
import NIOCore

/// A channel's handler around an HTTP/2 session: bytes from the socket into the session, and what
/// the session wants sent out again, in as few writes as possible. Confined to its loop.
class ConnectionHandler: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// How many bytes leave the session at a time.
  private static let outputBytes = 65_536

  let executor: LoopExecutor
  let limits: TransportLimits
  private let http2: HTTP2Session
  private var context: ChannelHandlerContext?
  var isFlushPending = false
  private var isClosing = false
  /// Ends the wait for the peer's end of a connection that is being closed.
  private var lingering: Scheduled<Void>?
  /// How many bytes have come during that wait.
  private var lingeringBytes = 0
  private var wasOpened = false
  /// What broke the connection first; nil while nothing has.
  private(set) var failure: (any Error)?
  private var keepAlive: KeepAlive
  /// For how many ticks the socket has taken nothing.
  private var unwritableTicks = 0
  /// Whether anything was read since the last tick.
  private var hasRead = false
  /// How many pings have left whose answer has not come.
  private var pingsUnanswered = 0

  init(executor: LoopExecutor, session: HTTP2Session, limits: TransportLimits) {
    self.executor = executor
    self.http2 = session
    self.limits = limits
    self.keepAlive = KeepAlive(limits)
  }

  var loop: any EventLoop { self.executor.loop }

  /// Whether the channel is open and the session works.
  var isOpen: Bool { self.context != nil && !self.isClosing }

  /// The peer's address, for the log.
  var peerAddress: String { self.context?.remoteAddress?.ipAddress ?? "unknown" }

  /// The channel is open; called once.
  func opened() {}
  /// The channel is gone; called once.
  func lost() {}
  /// The peer has abused the connection, which is ended; called once.
  func ended(for abuse: HTTP2Abuse) {}

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if context.channel.isActive { self.begin() }
  }

  func channelActive(context: ChannelHandlerContext) {
    self.begin()
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.end()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.end()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    self.failure = self.failure ?? error
    self.executor.readCycleBroke()
    self.closeNow()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = self.unwrapInboundIn(data)
    if self.lingering != nil { self.countLingering(bytes.readableBytes) }
    guard !self.isClosing else { return }
    self.executor.expectDrain()
    self.hasRead = true
    let outcome = bytes.withUnsafeReadableBytes { bytes -> HTTP2Error? in
      do throws(HTTP2Error) {
        try self.http2.receive(bytes)
        return nil
      } catch {
        return error
      }
    }
    self.executor.flushLater(self)
    if outcome != nil {
      self.flush()
      self.close()
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    self.executor.drain()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { self.executor.flushLater(self) }
  }

  /// Has the session's output written at the end of this turn of the loop.
  func flushLater() {
    self.executor.flushLater(self)
  }

  /// Writes what the session wants sent, as far as the socket takes it.
  func flush() {
    guard let context = self.context, !self.isClosing else { return }
    var buffer = self.executor.takeBuffer()
    var hasMore = true
    while hasMore && context.channel.isWritable {
      do throws(HTTP2Error) {
        hasMore = try self.http2.output(upTo: Self.outputBytes) { buffer.writeBytes($0) }
      } catch {
        self.close()
        return
      }
      guard buffer.readableBytes > 0 else { break }
      context.write(self.wrapOutboundOut(buffer), promise: nil)
      // In each round: what TLS has taken counts as waiting for the socket only when it is flushed.
      context.flush()
      buffer.clear(minimumCapacity: 4_096)
    }
    self.executor.giveBack(buffer)
    if let abuse = self.http2.abuse, self.lingering == nil {
      self.ended(for: abuse)
      // GOAWAY may never leave: who floods need not read.
      self.linger()
    }
    if self.http2.isOver { self.close() }
  }

  /// Looks, at intervals, whether the peer is still there.
  func tick() {
    let hasRead = self.hasRead
    self.hasRead = false
    if self.isStuck() {
      self.closeNow()
      return
    }
    switch self.keepAlive.tick(hasRead: hasRead, hasCalls: self.http2.openStreams > 0) {
    case .fine: break
    case .ask:
      self.http2.ping()
      self.pingLeft()
      self.flushLater()
    case .gone: self.closeNow()
    }
  }

  /// Lets the peer be silent for `factor` times longer before it is asked for a sign of life.
  func slowKeepAlive(by factor: Int) {
    self.keepAlive.slow(by: factor)
  }

  /// Whether the socket has taken nothing for too long, though bytes wait for it. The peer may say
  /// what it likes meanwhile.
  private func isStuck() -> Bool {
    guard let context = self.context, !context.channel.isWritable else {
      self.unwritableTicks = 0
      return false
    }
    self.unwritableTicks += 1
    return self.unwritableTicks >= self.limits.ticks(self.limits.stalledMs)
  }

  /// Counts a ping whose answer will come.
  func pingLeft() {
    self.pingsUnanswered += 1
  }

  /// A ping's answer has come; returns whether it was the last one awaited.
  func pingAnswered() -> Bool {
    // An answer to nothing counts for nothing.
    self.pingsUnanswered = max(self.pingsUnanswered - 1, 0)
    return self.pingsUnanswered == 0
  }

  /// Closes the channel once what was written has left. Then it waits, bounded, for the peer to
  /// close too: a socket closed over bytes that nobody has read takes back what was sent on it.
  func close() {
    guard !self.isClosing, let context = self.context else { return }
    self.isClosing = true
    context.close(mode: .output, promise: nil)
    self.linger()
  }

  /// Closes the channel after a while, whatever still waits to leave.
  func linger() {
    guard self.lingering == nil else { return }
    self.lingering = self.loop.scheduleTask(in: .milliseconds(self.limits.lingerMs)) {
      self.closeNow()
    }
  }

  /// Cuts off a peer that sends on and on while we wait for its end.
  private func countLingering(_ count: Int) {
    self.lingeringBytes += count
    if self.lingeringBytes > self.limits.lingerBytesMax { self.closeNow() }
  }

  /// Closes the channel at once; what was written may be lost.
  func closeNow() {
    self.isClosing = true
    self.context?.hangUp()
  }

  private func begin() {
    guard !self.wasOpened else { return }
    self.wasOpened = true
    self.opened()
    self.flushLater()
  }

  private func end() {
    guard self.context != nil else { return }
    self.context = nil
    self.isClosing = true
    self.lingering?.cancel()
    self.lost()
    self.executor.readCycleBroke()
  }
}
