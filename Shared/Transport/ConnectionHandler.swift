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
  private let http2: HTTP2Session
  private var context: ChannelHandlerContext?
  private var buffer = ByteBuffer()
  var isFlushPending = false
  private var isClosing = false
  /// Whether the channel has ever been open.
  private(set) var wasOpened = false

  init(executor: LoopExecutor, session: HTTP2Session) {
    self.executor = executor
    self.http2 = session
  }

  var loop: any EventLoop { self.executor.loop }

  /// Whether the channel is open and the session works.
  var isOpen: Bool { self.context != nil && !self.isClosing }

  /// The channel is open; called once.
  func opened() {}
  /// The channel is gone; called once.
  func lost() {}

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
    context.close(promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !self.isClosing else { return }
    self.executor.expectDrain()
    let bytes = self.unwrapInboundIn(data)
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
      // A closed channel's read cycle need not complete, so what was promised is done here.
      self.executor.drain()
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
    var wrote = false
    var hasMore = true
    while hasMore && context.channel.isWritable {
      self.buffer.clear(minimumCapacity: 4096)
      do throws(HTTP2Error) {
        hasMore = try self.http2.output(upTo: Self.outputBytes) { self.buffer.writeBytes($0) }
      } catch {
        self.close()
        return
      }
      guard self.buffer.readableBytes > 0 else { break }
      context.write(self.wrapOutboundOut(self.buffer), promise: nil)
      wrote = true
    }
    if wrote { context.flush() }
    if self.http2.isOver { self.close() }
  }

  /// Closes the channel; what was written before still leaves.
  func close() {
    guard !self.isClosing, let context = self.context else { return }
    self.isClosing = true
    context.close(promise: nil)
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
    self.lost()
  }
}
