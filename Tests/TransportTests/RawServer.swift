import HTTP2
import NIOCore
import NIOPosix

/// A server that does what a test says, right or wrong, on each of its connections. The script runs
/// on the connections' one loop.
final class RawServer: Sendable {
  /// What a script hears.
  enum Event {
    case opened
    case request(HTTP2Stream)
    /// The client has sent its last message.
    case ended(HTTP2Stream)
    case pinged
    case closed
  }

  /// One connection, numbered from 0 in the order of coming. Confined to its loop.
  final class Connection {
    let number: Int
    /// Made when the script first speaks or hears HTTP/2 on it.
    let session: ServerSession
    fileprivate(set) var isMute = false
    /// How many bytes of bodies have come.
    fileprivate(set) var bodyBytes = 0
    fileprivate let channel: any Channel

    fileprivate init(_ number: Int, _ channel: any Channel, _ limits: HTTP2Limits) throws {
      self.number = number
      self.channel = channel
      self.session = try ServerSession(limits: limits)
    }

    /// The client's end.
    var remotePort: Int? { self.channel.remoteAddress?.port }

    /// Sends bytes that are not the session's.
    func send(_ bytes: [UInt8]) {
      self.channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Says nothing from now on, but goes on to listen.
    func mute() { self.isMute = true }

    /// Says what was held back.
    func unmute() {
      self.isMute = false
      self.flush()
    }

    /// Says what was held back, after a while.
    func unmute(afterMs milliseconds: Int64) {
      let connection = NIOLoopBound(self, eventLoop: self.channel.eventLoop)
      self.channel.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) {
        connection.value.unmute()
      }
    }

    /// Says what was held back, once the function that it returns is called, from anywhere.
    func unmuting() -> @Sendable () -> Void {
      let connection = NIOLoopBound(self, eventLoop: self.channel.eventLoop)
      let loop = self.channel.eventLoop
      return { loop.execute { connection.value.unmute() } }
    }

    /// Closes the connection.
    func close() { self.channel.close(promise: nil) }

    /// Begins to answer a call: header fields, and these bytes of its body.
    func begin(
      _ stream: HTTP2Stream, _ body: [UInt8] = [], _ more: KeyValuePairs<String, String> = [:]
    ) {
      var fields = HeaderList([":status": "200", "content-type": "application/grpc"])
      for (name, value) in more { fields.append(name, value) }
      self.session.respond(stream, fields)
      body.withUnsafeBytes { self.session.write($0, on: stream) }
      self.flush()
    }

    /// Answers a call with an empty message; `more` stands in its header fields and its trailers.
    func answer(_ stream: HTTP2Stream, _ more: KeyValuePairs<String, String> = [:]) {
      self.begin(stream, [0, 0, 0, 0, 0], more)
      var trailers = HeaderList(["grpc-status": "0"])
      for (name, value) in more { trailers.append(name, value) }
      self.session.finish(stream, trailers: trailers)
      self.flush()
    }

    /// Ends a call with a status and nothing else.
    func refuse(_ stream: HTTP2Stream, _ status: Int, _ more: KeyValuePairs<String, String> = [:]) {
      var fields = HeaderList([
        ":status": "200", "content-type": "application/grpc", "grpc-status": "\(status)",
      ])
      for (name, value) in more { fields.append(name, value) }
      self.session.respondOnly(stream, fields)
      self.flush()
    }

    /// Sends what the session has to say.
    func flush() {
      guard !self.isMute else { return }
      var buffer = ByteBuffer()
      while (try? self.session.output(upTo: 1 << 20) { buffer.writeBytes($0) }) ?? false {}
      self.channel.writeAndFlush(buffer, promise: nil)
    }
  }

  private let channel: any Channel
  let port: Int

  /// Listens on loopback. `script` is told of every event with the connections so far; `onFields`
  /// of each request's header fields before that.
  init(
    limits: HTTP2Limits = HTTP2Limits(),
    onFields: @escaping @Sendable (HeaderList) -> Void = { _ in },
    _ script: @escaping @Sendable (Event, Connection, [Connection]) -> Void
  ) async throws {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let connections = NIOLoopBoundBox<[Connection]>.makeEmptyBox(eventLoop: loop)
    self.channel = try await ServerBootstrap(group: loop)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let connection = try Connection(connections.value.count, channel, limits)
          connections.value.append(connection)
          try channel.pipeline.syncOperations.addHandler(
            RawServerHandler(connection, onFields) {
              script($0, connection, connections.value)
            })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    self.port = self.channel.localAddress?.port ?? 0
  }

  /// Stops listening.
  func close() async {
    try? await self.channel.close().get()
  }
}

extension NIOLoopBoundBox where Value == [RawServer.Connection] {
  fileprivate static func makeEmptyBox(eventLoop: any EventLoop) -> NIOLoopBoundBox<Value> {
    .makeBoxSendingValue([], eventLoop: eventLoop)
  }
}

private final class RawServerHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let connection: RawServer.Connection
  private let tell: (RawServer.Event) -> Void

  init(
    _ connection: RawServer.Connection, _ onFields: @escaping (HeaderList) -> Void,
    _ tell: @escaping (RawServer.Event) -> Void
  ) {
    self.connection = connection
    self.tell = tell
    connection.session.onEvent = {
      if case .request(let stream, let fields, _) = $0 {
        onFields(fields)
        tell(.request(stream))
      }
      if case .pinged = $0 { tell(.pinged) }
      if case .ended(let stream) = $0 { tell(.ended(stream)) }
      if case .data(let stream, let bytes) = $0 {
        connection.bodyBytes += bytes.count
        connection.session.consumeConnection(bytes.count)
        connection.session.consume(bytes.count, on: stream)
      }
    }
  }

  func channelActive(context: ChannelHandlerContext) {
    self.tell(.opened)
    self.connection.flush()
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.tell(.closed)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    do {
      try self.unwrapInboundIn(data).withUnsafeReadableBytes {
        try self.connection.session.receive($0)
      }
      self.connection.flush()
    } catch {
      context.close(promise: nil)
    }
  }
}
