internal import DomainModel
public import Logging
public import RPC

/// A message that is its own bytes; one that begins with 0xFF cannot be read.
public struct RawMessage: WireMessage {
  /// Its content.
  public var bytes: [UInt8]

  /// A message of these bytes.
  public init(_ bytes: [UInt8] = []) {
    self.bytes = bytes
  }

  /// A message of this text.
  public init(_ text: String) {
    self.bytes = Array(text.utf8)
  }

  /// Reads a message.
  public init(wireBytes: [UInt8]) throws {
    if wireBytes.first == 0xFF { throw Unreadable() }
    self.bytes = wireBytes
  }

  /// The content as text.
  public var text: String { String(decoding: self.bytes, as: UTF8.self) }

  /// Its bytes.
  public func wireBytes() throws -> [UInt8] {
    if self.bytes.first == 0xFF { throw Unreadable() }
    return self.bytes
  }

  /// What is thrown for bytes that are no message.
  public struct Unreadable: Error {}
}

/// A service with a method of each kind, for the tests of the call layer and the transport.
public struct EchoService: Sendable {
  /// Answers with the request.
  public static let echo = Method(service: "test.Echo", name: "Echo", kind: .unary)
  /// Answers with the number of bytes received.
  public static let count = Method(service: "test.Echo", name: "Count", kind: .clientStreaming)
  /// Answers as many numbered messages as the request says.
  public static let list = Method(service: "test.Echo", name: "List", kind: .serverStreaming)
  /// Answers each message with itself.
  public static let chat = Method(
    service: "test.Echo", name: "Chat", kind: .bidirectionalStreaming)
  /// All of them.
  public static let methods = [Self.echo, Self.count, Self.list, Self.chat]

  /// What the unary method does with a request, beside answering it.
  public var onEcho: @Sendable (RawMessage, CallContext) async throws -> Void = { _, _ in }
  /// What happens after each message that `list` has written.
  public var onListed: @Sendable (Int) async throws -> Void = { _ in }
  /// What the method does both sides of which stream: echoes, unless a test says otherwise.
  public var onChat:
    @Sendable (RequestStream<RawMessage>, ResponseWriter<RawMessage>, CallContext) async throws
      -> Void = { requests, responses, _ in
        for try await request in requests { try await responses.write(request) }
      }

  /// The service.
  public init() {}

  /// A router with the methods, open to everyone unless `access` says otherwise.
  public func router(
    access: AccessTable? = nil, interceptors: [any ServerInterceptor] = [],
    tracing: Tracing? = nil, limits: InFlightLimits = InFlightLimits(),
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  ) -> RPCRouter {
    var open = AccessTable()
    for method in Self.methods { open.allow(method, .anyone) }
    var router = RPCRouter(
      identity: TestIdentity(), access: access ?? open, interceptors: interceptors, logger: logger)
    router.tracing = tracing
    router.limits = limits
    self.register(on: &router)
    return router
  }

  /// Registers the methods.
  public func register(on router: inout RPCRouter) {
    router.unary(Self.echo) { (request: RawMessage, context) -> RawMessage in
      try await self.onEcho(request, context)
      return request
    }
    router.clientStreaming(Self.count) { (requests: RequestStream<RawMessage>, _) -> RawMessage in
      var count = 0
      for try await request in requests { count += request.bytes.count }
      return RawMessage("\(count)")
    }
    router.serverStreaming(Self.list) {
      (request: RawMessage, responses: ResponseWriter<RawMessage>, _) in
      for number in 0..<(Int(request.text) ?? 0) {
        try await responses.write(RawMessage("\(number)"))
        try await self.onListed(number)
      }
    }
    router.bidirectionalStreaming(Self.chat) {
      (requests: RequestStream<RawMessage>, responses: ResponseWriter<RawMessage>, context) in
      try await self.onChat(requests, responses, context)
    }
  }
}
