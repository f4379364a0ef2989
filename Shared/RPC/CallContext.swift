public import DomainModel
public import Logging

/// What a handler knows about the call it serves, beside the request.
public struct CallContext: Sendable {
  /// The method that was called.
  public var method: Method
  /// Who is calling; set by the identity interceptor, and only by it.
  public var caller: Caller?
  /// The names in the certificate by which the client's connection was made; nil where it showed
  /// none. Set by the transport.
  public var peer: PeerCertificate?
  /// The request's metadata; names are lower case.
  public var metadata: Metadata
  /// When the caller stops waiting; nil if it never said.
  public var deadline: Timestamp?
  /// Which of the service's things the caller reaches by this method; set by the access table, nil
  /// where the method is for anyone.
  public var owner: OwnerRule?
  /// A logger that already carries the method and the trace.
  public var logger: Logger
  /// Where the call stands in a trace; nil if its caller brought none and the server begins none.
  public var trace: TraceContext?
  /// The transport's end of the call, set by the transport; nil in a context that a test made.
  public var link: (any CallLink)?

  /// A context; made by the router and by tests.
  public init(
    method: Method, caller: Caller? = nil, peer: PeerCertificate? = nil,
    metadata: Metadata = Metadata(), deadline: Timestamp? = nil, logger: Logger
  ) {
    self.method = method
    self.caller = caller
    self.peer = peer
    self.metadata = metadata
    self.deadline = deadline
    self.logger = logger
  }

  /// The caller; throws `CALLER_UNKNOWN` where the call did not say.
  public func requireCaller() throws -> Caller {
    guard let caller = self.caller else { throw ServiceError(.callerUnknown) }
    return caller
  }
}
