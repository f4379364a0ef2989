public import DomainModel
public import Logging

/// What a handler knows about the call it serves, beside the request.
public struct CallContext: Sendable {
  /// Shared by copies, and copied before a change once it is: a context is handed on several times
  /// a call, and as a value of its own size it would be copied each time.
  private var fields: Fields

  /// A context; made by the router and by tests.
  public init(
    method: Method, caller: Caller? = nil, peer: PeerCertificate? = nil,
    metadata: Metadata = Metadata(), deadline: Timestamp? = nil, logger: Logger
  ) {
    self.fields = Fields(
      method: method, caller: caller, peer: peer, metadata: metadata, deadline: deadline,
      logger: logger)
  }

  /// The method that was called.
  public var method: Method {
    get { self.fields.method }
    set { self.changing { $0.method = newValue } }
  }

  /// Who is calling; set by the identity interceptor, and only by it.
  public var caller: Caller? {
    get { self.fields.caller }
    set { self.changing { $0.caller = newValue } }
  }

  /// The names in the certificate by which the client's connection was made; nil where it showed
  /// none. Set by the transport.
  public var peer: PeerCertificate? {
    get { self.fields.peer }
    set { self.changing { $0.peer = newValue } }
  }

  /// The request's metadata; names are lower case.
  public var metadata: Metadata {
    get { self.fields.metadata }
    set { self.changing { $0.metadata = newValue } }
  }

  /// When the caller stops waiting; nil if it never said.
  public var deadline: Timestamp? {
    get { self.fields.deadline }
    set { self.changing { $0.deadline = newValue } }
  }

  /// Which of the service's things the caller reaches by this method; set by the access table, nil
  /// where the method is for anyone.
  public var owner: OwnerRule? {
    get { self.fields.owner }
    set { self.changing { $0.owner = newValue } }
  }

  /// A logger that already carries the method and the trace.
  public var logger: Logger {
    get { self.fields.logger }
    set { self.changing { $0.logger = newValue } }
  }

  /// Where the call stands in a trace; nil if its caller brought none and the server begins none.
  public var trace: TraceContext? {
    get { self.fields.trace }
    set { self.changing { $0.trace = newValue } }
  }

  /// The transport's end of the call, set by the transport; nil in a context that a test made.
  public var link: (any CallLink)? {
    get { self.fields.link }
    set { self.changing { $0.link = newValue } }
  }

  /// The caller; throws `CALLER_UNKNOWN` where the call did not say.
  public func requireCaller() throws -> Caller {
    guard let caller = self.caller else { throw ServiceError(.callerUnknown) }
    return caller
  }

  private mutating func changing(_ change: (Fields) -> Void) {
    if !isKnownUniquelyReferenced(&self.fields) { self.fields = Fields(copying: self.fields) }
    change(self.fields)
  }
}

/// A context's values. Changed only while one context has them, so they may go from task to task;
/// that no two accesses overlap is seen from the few lines above, and is not checked again at run
/// time.
private final class Fields: @unchecked Sendable {
  @exclusivity(unchecked) var method: Method
  @exclusivity(unchecked) var caller: Caller?
  @exclusivity(unchecked) var peer: PeerCertificate?
  @exclusivity(unchecked) var metadata: Metadata
  @exclusivity(unchecked) var deadline: Timestamp?
  @exclusivity(unchecked) var owner: OwnerRule?
  @exclusivity(unchecked) var logger: Logger
  @exclusivity(unchecked) var trace: TraceContext?
  @exclusivity(unchecked) var link: (any CallLink)?

  init(
    method: Method, caller: Caller?, peer: PeerCertificate?, metadata: Metadata,
    deadline: Timestamp?, logger: Logger
  ) {
    self.method = method
    self.caller = caller
    self.peer = peer
    self.metadata = metadata
    self.deadline = deadline
    self.logger = logger
  }

  convenience init(copying other: Fields) {
    self.init(
      method: other.method, caller: other.caller, peer: other.peer, metadata: other.metadata,
      deadline: other.deadline, logger: other.logger)
    self.owner = other.owner
    self.trace = other.trace
    self.link = other.link
  }
}
