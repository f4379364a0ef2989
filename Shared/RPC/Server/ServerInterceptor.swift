public import DomainModel

/// What stands around every call of a server: identity, permission, logs, metrics, rate limits.
///
/// `begin` runs in order before the handler; the first that throws refuses the call. `end` runs
/// exactly once for every call that reached its route, also for one refused by an interceptor
/// before this one, or by the transport (`CallOutcome.wasBegun`).
public protocol ServerInterceptor: Sendable {
  /// The interceptor for one method, made once when the method is registered, so that what it needs
  /// per method (a rule, a counter) is looked up once and not on every call.
  func forMethod(_ method: Method) -> any ServerInterceptor
  /// Before the handler: may change the context, or refuse the call by throwing `ServiceError`.
  ///
  /// It runs on the connection's event loop on every call, so it neither waits nor works for long.
  func begin(_ context: inout CallContext) throws
  /// After the call is over for its caller. Must not block.
  func end(_ context: CallContext, _ outcome: CallOutcome)
}

extension ServerInterceptor {
  /// The same interceptor for every method.
  public func forMethod(_ method: Method) -> any ServerInterceptor { self }
  /// Lets every call through.
  public func begin(_ context: inout CallContext) throws {}
  /// Does nothing.
  public func end(_ context: CallContext, _ outcome: CallOutcome) {}
}

/// How a call ended, as its caller was told.
public struct CallOutcome: Sendable {
  /// The error the caller got; nil if the call succeeded.
  public var error: ServiceError?
  /// How long the call took in this process, in nanoseconds.
  public var durationNs: Int64
  /// Whether the interceptors were asked to begin; false if the transport refused the call before.
  public var wasBegun: Bool
  /// What came and went.
  public var traffic: CallTraffic

  /// An outcome; made by transports.
  public init(
    error: ServiceError?, durationNs: Int64, wasBegun: Bool = true,
    traffic: CallTraffic = CallTraffic()
  ) {
    self.error = error
    self.durationNs = durationNs
    self.wasBegun = wasBegun
    self.traffic = traffic
  }

  /// The gRPC status number, 0 for OK.
  public var status: Int { Int(self.error?.code.rawValue ?? 0) }
}
