import NIOCore
import Synchronization

/// One TCP connection as a `ByteStream`. Bytes that are written in one turn of the loop leave in
/// one system call; nothing is read from the socket while enough waits for its reader.
///
/// What callers touch stands under the lock; the channel itself is used on its loop only.
final class TCPStream: ByteStream, ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = ByteBuffer

  private struct State {
    var inbound: [UInt8] = []
    var reader: CheckedContinuation<[UInt8]?, Never>?
    var outbound: [UInt8] = []
    /// Bytes that the channel has and the socket has not taken.
    var underWay = 0
    var willFlush = false
    var isReading = false
    var hasEnded = false
  }

  private let channel: any Channel
  private let inboundBytesMax: Int
  private let outboundBytesMax: Int
  private let state = Mutex(State())

  init(_ channel: any Channel, inboundBytesMax: Int, outboundBytesMax: Int) {
    self.channel = channel
    self.inboundBytesMax = inboundBytesMax
    self.outboundBytesMax = outboundBytesMax
  }

  func read() async -> [UInt8]? {
    await withCheckedContinuation { continuation in
      let (ready, isToRead) = self.state.withLock { state -> ([UInt8]??, Bool) in
        precondition(state.reader == nil, "two tasks read one stream")
        if !state.inbound.isEmpty {
          defer { state.inbound = [] }
          return (.some(state.inbound), self.begins(&state))
        }
        if state.hasEnded { return (.some(nil), false) }
        state.reader = continuation
        return (nil, self.begins(&state))
      }
      if isToRead { self.channel.eventLoop.execute { self.channel.read() } }
      if let ready { continuation.resume(returning: ready) }
    }
  }

  /// Whether the socket is to be asked for more now; remembers that it was.
  private func begins(_ state: inout State) -> Bool {
    guard !state.isReading, !state.hasEnded else { return false }
    state.isReading = true
    return true
  }

  func write(_ bytes: [UInt8]) {
    if bytes.isEmpty { return }
    let (isTooMuch, isToFlush) = self.state.withLock { state -> (Bool, Bool) in
      if state.hasEnded { return (false, false) }
      state.outbound += bytes
      let isTooMuch = state.outbound.count + state.underWay > self.outboundBytesMax
      defer { state.willFlush = true }
      return (isTooMuch, !state.willFlush)
    }
    if isTooMuch {
      self.channel.close(promise: nil)
    } else if isToFlush {
      self.channel.eventLoop.execute { self.flush() }
    }
  }

  func close(afterMs: Int64) {
    self.channel.eventLoop.scheduleTask(in: .milliseconds(afterMs)) {
      self.channel.close(promise: nil)
    }
  }

  /// On the loop: hands what waits to the socket.
  private func flush() {
    let bytes = self.state.withLock { state in
      defer { state.outbound = [] }
      state.willFlush = false
      state.underWay += state.outbound.count
      return state.outbound
    }
    let count = bytes.count
    self.channel.writeAndFlush(self.channel.allocator.buffer(bytes: bytes)).whenComplete { _ in
      self.state.withLock { $0.underWay -= count }
    }
  }
}

extension TCPStream {
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = self.unwrapInboundIn(data)
    let bytes = buffer.readableBytesView
    let reader = self.state.withLock { state -> CheckedContinuation<[UInt8]?, Never>? in
      defer { state.reader = nil }
      if state.reader == nil { state.inbound += bytes }
      return state.reader
    }
    reader?.resume(returning: Array(bytes))
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    let isToRead = self.state.withLock { state in
      state.isReading = state.inbound.count < self.inboundBytesMax && !state.hasEnded
      return state.isReading
    }
    if isToRead { context.read() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.end()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  /// The reader hears of the end once it has taken what came before.
  private func end() {
    let reader = self.state.withLock { state -> CheckedContinuation<[UInt8]?, Never>? in
      state.hasEnded = true
      defer { state.reader = nil }
      return state.reader
    }
    reader?.resume(returning: nil)
  }
}
