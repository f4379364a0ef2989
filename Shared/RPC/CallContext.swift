public import DomainModel
public import Logging

/// What a handler knows about the call it serves, beside the request.
///
/// It is copied several times on a call's way, so it is small: what never changes is shared, and
/// what few calls have is kept outside.
public struct CallContext: Sendable {
  private let facts: CallFacts
  private var known: KnownCaller?
  /// The request's metadata; names are lower case. The identity check takes the token out of it.
  public var metadata: Metadata
  /// Which of the service's things the caller reaches by this method; set by the access table, nil
  /// where the method is for anyone.
  public internal(set) var reach: ReachRule?
  private var ownLogger: OwnLogger?
  /// Where the call stands in a trace; nil if its caller brought none and the server begins none.
  public internal(set) var trace: TraceContext?

  /// A context without a transport; made by tests.
  public init(
    method: Method, caller: Caller? = nil, peer: PeerCertificate? = nil,
    metadata: Metadata = Metadata(), deadline: Timestamp? = nil, logger: Logger
  ) {
    self.init(
      CallFacts(MethodContext(method, logger), peer: peer, deadline: deadline, link: nil), metadata)
    self.caller = caller
  }

  /// A context; made by the router.
  init(_ facts: CallFacts, _ metadata: consuming Metadata) {
    self.facts = facts
    self.metadata = metadata
  }

  /// The method that was called.
  public var method: Method { self.facts.common.method }

  /// A logger that already carries the method and the trace.
  public var logger: Logger {
    get { self.ownLogger?.logger ?? self.facts.common.logger }
    set { self.ownLogger = OwnLogger(newValue) }
  }

  /// What `logger` writes at least, asked without a copy of it.
  var logLevel: Logger.Level { self.ownLogger?.logger.logLevel ?? self.facts.common.logLevel }

  /// Who is calling; set by the identity check and nobody else, nil where the call shows nothing.
  public internal(set) var caller: Caller? {
    get { self.known?.caller }
    set { self.known = newValue.map(KnownCaller.init) }
  }

  /// The names in the certificate by which the client's connection was made; nil where it showed
  /// none.
  public var peer: PeerCertificate? { self.facts.peer }

  /// When the caller stops waiting; nil if it never said.
  public var deadline: Timestamp? { self.facts.deadline }

  /// The transport's end of the call; nil in a context that a test made.
  var link: (any CallLink)? { self.facts.link }

  /// The caller; throws `CALLER_UNKNOWN` where the call did not say.
  public func requireCaller() throws -> Caller {
    guard let caller = self.caller else { throw ServiceError(.callerUnknown) }
    return caller
  }
}

/// What all calls of a method have in common.
final class MethodContext: Sendable {
  let method: Method
  /// Carries the method.
  let logger: Logger
  /// What it writes at least.
  let logLevel: Logger.Level

  init(_ method: Method, _ logger: Logger) {
    self.method = method
    self.logger = logger
    self.logLevel = logger.logLevel
  }
}

/// What a call's transport says of it once and for all.
final class CallFacts: Sendable {
  let common: MethodContext
  let peer: PeerCertificate?
  let deadline: Timestamp?
  let link: (any CallLink)?

  init(
    _ common: MethodContext, peer: PeerCertificate?, deadline: Timestamp?, link: (any CallLink)?
  ) {
    self.common = common
    self.peer = peer
    self.deadline = deadline
    self.link = link
  }
}

/// A caller is six texts wide; calls that anyone may make have none.
private final class KnownCaller: Sendable {
  let caller: Caller

  init(_ caller: Caller) {
    self.caller = caller
  }
}

/// The logger of a call that is not its method's: few calls are in a trace.
private final class OwnLogger: Sendable {
  let logger: Logger

  init(_ logger: Logger) {
    self.logger = logger
  }
}
