public import DomainModel
import Logging

/// One registered method with all that stands around it: what a transport runs a call on.
///
/// A transport makes a context, runs `unary` or `stream`, tells the caller, and then calls `ended`
/// exactly once with what the caller was told.
public final class Route: Sendable {
  /// Makes a message of its compressed bytes.
  public typealias Inflate = nonisolated(nonsending) @Sendable ([UInt8]) async throws -> [UInt8]

  // `nonisolated(nonsending)`: what runs on the connection's loop stays there; each switch of
  // executors that is not needed costs a call some 100 ns.
  typealias UnaryHandler =
    nonisolated(nonsending) @Sendable ([UInt8], CallContext) async throws -> [UInt8]
  typealias StreamHandler =
    nonisolated(nonsending) @Sendable (
      any MessageSource, any MessageSink, CallContext
    ) async throws -> Void

  enum Handler: Sendable {
    case unary(UnaryHandler)
    case stream(StreamHandler)
  }

  private let facts: MethodContext
  private let handler: Handler
  private let interceptors: [any ServerInterceptor]
  private let room: MethodRoom

  init(
    _ method: Method, _ handler: Handler, interceptors: [any ServerInterceptor],
    room: MethodRoom, logger: Logger
  ) {
    self.handler = handler
    self.room = room
    self.interceptors = interceptors.map { $0.forMethod(method) }
    var logger = logger
    logger[metadataKey: "rpc.method"] = "\(method.path.dropFirst())"
    self.facts = MethodContext(method, logger)
  }

  /// The method it serves.
  public var method: Method { self.facts.method }

  /// The context of a new call; `link` is the transport's end of it, nil for a call that is refused
  /// before it has one.
  public func context(
    metadata: consuming Metadata, deadline: Timestamp?, peer: PeerCertificate? = nil,
    link: (any CallLink)?
  ) -> CallContext {
    CallContext(CallFacts(self.facts, peer: peer, deadline: deadline, link: link), metadata)
  }

  /// Runs a unary call from the request's bytes to the answer's. `inflate` is for a request that
  /// came compressed: it is opened only once the interceptors have let the caller in.
  nonisolated(nonsending) public func unary(
    _ request: [UInt8], _ context: inout CallContext, inflate: Inflate? = nil
  ) async throws(ServiceError) -> [UInt8] {
    guard case .unary(let handle) = self.handler else {
      preconditionFailure("\(self.method.path) streams; a transport ran it as a unary call")
    }
    do {
      try self.begin(&context)
      try self.room.enter()
      defer { self.room.leave() }
      guard let inflate else { return try await handle(request, context) }
      return try await handle(try await inflate(request), context)
    } catch {
      throw self.tellable(error, context)
    }
  }

  /// Runs a call of one of the streaming kinds; returns when the handler has finished well.
  nonisolated(nonsending) public func stream(
    _ requests: any MessageSource, _ responses: any MessageSink, _ context: inout CallContext
  ) async throws(ServiceError) {
    guard case .stream(let handle) = self.handler else {
      preconditionFailure("\(self.method.path) is unary; a transport ran it as a stream")
    }
    do {
      try self.begin(&context)
      try self.room.enter()
      defer { self.room.leave() }
      try await handle(requests, responses, context)
    } catch {
      throw self.tellable(error, context)
    }
  }

  /// Says that the call is over for its caller.
  public func ended(_ context: CallContext, _ outcome: CallOutcome) {
    for index in self.interceptors.indices { self.interceptors[index].end(context, outcome) }
  }

  // By index, here and above: a loop over the values would copy each on every call.
  private func begin(_ context: inout CallContext) throws {
    for index in self.interceptors.indices { try self.interceptors[index].begin(&context) }
  }

  /// What a caller may hear of an error: a `ServiceError` as it is, a cancellation as such, and of
  /// anything else only that it happened. Not inlined: what it holds would lie in each call's task.
  @inline(never)
  private func tellable(_ error: any Error, _ context: CallContext) -> ServiceError {
    if let known = error as? ServiceError { return known }
    if error is CancellationError {
      return .cancelled
    }
    context.logger.error("handler failed", metadata: ["error": "\(error)"])
    return ServiceError(code: .internal, message: "The service failed; its log says why.")
  }
}
