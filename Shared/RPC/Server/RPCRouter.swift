import DomainModel
public import Logging

/// The methods a server answers, each with its handler, its access rule and its interceptors.
///
/// Generated code registers a service's methods (`service.register(on: &router)`); a transport
/// checks the router once, at start, and then finds a `Route` for each call's path.
public struct RPCRouter: Sendable {
  /// Says who is calling; nil for a server all of whose methods are for anyone.
  public let identity: (any CallerAuthority)?
  private let access: AccessTable
  private let interceptors: [any ServerInterceptor]
  private let logger: Logger
  /// What puts calls into their traces; nil if traces are ignored. Set before methods are
  /// registered.
  public var tracing: Tracing? { didSet { self.checkEmpty() } }
  /// How many calls of a method may run at once. Set before methods are registered.
  public var limits = InFlightLimits() { didSet { self.checkEmpty() } }
  private var routes: [String: Route] = [:]
  private var problems: [String] = []

  /// A router with no method yet.
  ///
  /// Around every call stand, in this order: metrics, `tracing`, the log line, identity, the access
  /// table, then `interceptors`, and last the method's bound of `limits`.
  public init(
    identity: (any CallerAuthority)?, access: AccessTable,
    interceptors: [any ServerInterceptor] = [], logger: Logger
  ) {
    self.identity = identity
    self.access = access
    self.interceptors = interceptors
    self.logger = logger
  }

  /// The registered methods' paths, sorted.
  public var paths: [String] { self.routes.keys.sorted() }

  /// The route for a path; nil where the answer is `UNIMPLEMENTED`.
  public func route(_ path: String) -> Route? {
    self.routes[path]
  }

  // Handlers are `nonisolated(nonsending)`, as what runs them is (`Route`).

  /// Registers a method that takes one message and answers with one.
  public mutating func unary<Request: WireMessage, Response: WireMessage>(
    _ method: Method,
    _ handler:
      nonisolated(nonsending) @escaping @Sendable (Request, CallContext) async throws -> Response
  ) {
    self.add(
      method, is: .unary,
      .unary { bytes, context in
        let request = try Request.parsed(bytes, sentBy: .caller)
        return try await handler(request, context).written(by: .service)
      })
  }

  /// Registers a method that takes a stream of messages and answers with one.
  public mutating func clientStreaming<Request: WireMessage, Response: WireMessage>(
    _ method: Method,
    _ handler:
      nonisolated(nonsending) @escaping @Sendable (
        RequestStream<Request>, CallContext
      ) async throws -> Response
  ) {
    self.add(
      method, is: .clientStreaming,
      .stream { requests, responses, context in
        let response = try await handler(RequestStream(requests), context)
        try await responses.write(try response.written(by: .service))
      })
  }

  /// Registers a method that takes one message and answers with a stream.
  public mutating func serverStreaming<Request: WireMessage, Response: WireMessage>(
    _ method: Method,
    _ handler:
      nonisolated(nonsending) @escaping @Sendable (
        Request, ResponseWriter<Response>, CallContext
      ) async throws -> Void
  ) {
    self.add(
      method, is: .serverStreaming,
      .stream { requests, responses, context in
        let bytes = try await requests.single(from: .caller)
        let request = try Request.parsed(bytes, sentBy: .caller)
        try await handler(request, ResponseWriter(responses), context)
      })
  }

  /// Registers a method both sides of which stream.
  public mutating func bidirectionalStreaming<Request: WireMessage, Response: WireMessage>(
    _ method: Method,
    _ handler:
      nonisolated(nonsending) @escaping @Sendable (
        RequestStream<Request>, ResponseWriter<Response>, CallContext
      ) async throws -> Void
  ) {
    self.add(
      method, is: .bidirectionalStreaming,
      .stream { requests, responses, context in
        try await handler(RequestStream(requests), ResponseWriter(responses), context)
      })
  }

  /// Throws `RouterError` with every problem at once: a method without an access entry or
  /// registered twice, an entry without a method, written twice, or that makes no sense, a bound
  /// without a method.
  public func check() throws(RouterError) {
    var problems = self.problems
    var seen: Set<String> = []
    for (method, rule) in self.access.entries {
      problems += rule.problems(of: method)
      if !seen.insert(method.path).inserted {
        problems.append("\(method.path) stands twice in the access table")
      } else if self.routes[method.path] == nil {
        problems.append("\(method.path) stands in the access table but is not registered")
      }
    }
    let names = Set(self.routes.values.map(\.method.name))
    for name in self.limits.methods.keys.sorted() where !names.contains(name) {
      problems.append("\(name) has a bound on its calls but is not registered")
    }
    guard problems.isEmpty else { throw RouterError(problems: problems) }
  }

  private func checkEmpty() {
    precondition(self.routes.isEmpty, "set this before methods are registered")
  }

  private mutating func add(_ method: Method, is kind: MethodKind, _ handler: Route.Handler) {
    if self.routes[method.path] != nil {
      self.problems.append("\(method.path) is registered twice")
    }
    if method.kind != kind {
      self.problems.append("\(method.path) is registered as \(kind) but is \(method.kind)")
    }
    guard let rule = self.access.rule(for: method.path) else {
      self.problems.append("\(method.path) has no entry in the access table")
      return
    }
    let identity = self.identity.map { [IdentityCheck(authority: $0)] } ?? []
    let chain: [any ServerInterceptor] =
      [CallMetrics()] + (self.tracing.map { [$0] } ?? []) + [CallLog()] + identity
      + [AccessCheck(rule: rule)] + self.interceptors
    self.routes[method.path] = Route(
      method, handler, interceptors: chain, room: self.limits.room(for: method),
      logger: self.logger)
  }
}

/// A router that must not start, and why.
public struct RouterError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Every problem, one sentence each.
  public let problems: [String]

  /// The problems in one line.
  public var description: String { self.problems.joined(separator: "; ") }
}
