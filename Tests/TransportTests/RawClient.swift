import HTTP2
import NIOCore
import NIOPosix

/// A client that sends what a test says, right or wrong, and keeps what comes back.
final class RawClient: Sendable {
  /// What came back on one stream.
  struct Answer: Sendable {
    var status: String?
    var grpcStatus: String?
    var fields = HeaderList()
    var trailers = HeaderList()
    var body: [UInt8] = []
    var isClosed = false
  }

  private let handler: NIOLoopBound<Handler>
  private let channel: any Channel

  /// Connects to a server on loopback.
  init(port: Int) async throws {
    let made = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          let handler = try Handler()
          try channel.pipeline.syncOperations.addHandler(handler)
          return (channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
        }
      }
    (self.channel, self.handler) = made
  }

  /// Opens a stream, sends the body and, if asked, the end; returns the whole answer.
  func call(
    _ fields: HeaderList, _ body: [UInt8] = [], ends: Bool = true
  ) async throws -> Answer {
    try await self.begin(fields, body, ends: ends).get()
  }

  /// Opens a stream and returns once that has been written; the answer comes later.
  func begin(
    _ fields: HeaderList, _ body: [UInt8] = [], ends: Bool = true
  ) async throws -> EventLoopFuture<Answer> {
    try await self.channel.eventLoop.submit {
      self.handler.value.call(fields, body, ends: ends, on: self.channel)
    }.get()
  }

  /// Sends bytes that are not a session's.
  func send(_ bytes: [UInt8]) async throws {
    try await self.channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
  }

  /// Reads nothing any more, and so answers nothing: what a peer sees of a machine that is gone.
  func goSilent() async throws {
    try await self.channel.setOption(.autoRead, value: false).get()
  }

  /// What the server's last GOAWAY said: its code and its reason; nil if there was none.
  func goAway() async -> String? {
    try? await self.channel.eventLoop.submit { self.handler.value.goAway }.get()
  }

  /// Returns when the server has closed the connection.
  func closed() async throws {
    try await self.channel.closeFuture.get()
  }

  /// Closes the connection.
  func close() async {
    try? await self.channel.close().get()
  }

  /// The fields of a well-formed unary call, with some of them replaced or, by an empty value, left
  /// out.
  static func fields(
    _ path: String = "/test.Echo/Echo", _ changes: KeyValuePairs<String, String> = [:]
  ) -> HeaderList {
    var all = [
      (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
      ("content-type", "application/grpc"), ("te", "trailers"),
    ]
    for (name, value) in changes {
      if let index = all.firstIndex(where: { $0.0 == name }) {
        all[index].1 = value
      } else {
        all.append((name, value))
      }
    }
    var fields = HeaderList()
    for (name, value) in all where !value.isEmpty { fields.append(name, value) }
    return fields
  }
}

private final class Handler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private final class Pending {
    var answer = RawClient.Answer()
    let promise: EventLoopPromise<RawClient.Answer>

    init(_ promise: EventLoopPromise<RawClient.Answer>) {
      self.promise = promise
    }
  }

  private let session: ClientSession
  private(set) var goAway: String?

  init() throws {
    self.session = try ClientSession()
    self.session.onEvent = { [unowned self] in self.hear($0) }
  }

  func call(
    _ fields: HeaderList, _ body: [UInt8], ends: Bool, on channel: any Channel
  ) -> EventLoopFuture<RawClient.Answer> {
    let promise = channel.eventLoop.makePromise(of: RawClient.Answer.self)
    do {
      let stream = try self.session.request(fields, attachment: Pending(promise))
      body.withUnsafeBytes { self.session.write($0, on: stream) }
      if ends { self.session.finish(stream) }
      try self.flush(channel)
    } catch {
      promise.fail(error)
    }
    return promise.futureResult
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    do {
      try self.unwrapInboundIn(data).withUnsafeReadableBytes { try self.session.receive($0) }
      try self.flush(context.channel)
    } catch {
      context.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    for stream in self.session.openStreamList {
      self.pending(stream)?.promise.fail(ChannelError.eof)
    }
  }

  private func flush(_ channel: any Channel) throws {
    var buffer = ByteBuffer()
    while try self.session.output(upTo: 1 << 20, { buffer.writeBytes($0) }) {}
    channel.writeAndFlush(buffer, promise: nil)
  }

  private func pending(_ stream: HTTP2Stream) -> Pending? {
    stream.attachment as? Pending
  }

  private func hear(_ event: ClientEvent) {
    switch event {
    case .response(let stream, let fields, _):
      self.pending(stream)?.answer.status = fields[":status"]
      self.pending(stream)?.answer.grpcStatus = fields["grpc-status"]
      self.pending(stream)?.answer.fields = fields
    case .trailers(let stream, let fields):
      self.pending(stream)?.answer.grpcStatus = fields["grpc-status"]
      self.pending(stream)?.answer.trailers = fields
    case .data(let stream, let bytes):
      self.pending(stream)?.answer.body += bytes
      self.session.consumeConnection(bytes.count)
      self.session.consume(bytes.count, on: stream)
    case .closed(let stream, _):
      guard let pending = self.pending(stream) else { return }
      pending.answer.isClosed = true
      pending.promise.succeed(pending.answer)
    case .goAway(_, let code, let reason): self.goAway = "\(code) \(reason)"
    case .ended, .sank, .settings, .pingAcknowledged: break
    }
  }
}
