/// Counts and times a server's calls: `rpc_server_...`, see `MethodMetrics`.
///
/// The metrics system must be bootstrapped before methods are registered.
public struct CallMetrics: ServerInterceptor {
  /// The interceptor; every router has it already.
  public init() {}

  /// Makes the method's counters.
  public func forMethod(_ method: Method) -> any ServerInterceptor {
    ServerMetrics(metrics: MethodMetrics(method, role: "server"))
  }
}

private struct ServerMetrics: ServerInterceptor {
  let metrics: MethodMetrics

  func begin(_ context: inout CallContext) throws {
    self.metrics.began()
  }

  func end(_ context: CallContext, _ outcome: CallOutcome) {
    self.metrics.ended(outcome)
  }
}

/// Counts and times a client's calls of one method: `rpc_client_...`, see `MethodMetrics`. Each
/// attempt at a call counts.
///
/// The metrics system must be bootstrapped before it is made.
public struct ClientCallMetrics: Sendable {
  private let metrics: MethodMetrics

  /// A method's counters; made once by a channel, not for each call.
  public init(_ method: Method) {
    self.metrics = MethodMetrics(method, role: "client")
  }

  /// A call begins.
  public func began() {
    self.metrics.began()
  }

  /// A call that began has ended.
  public func ended(_ outcome: CallOutcome) {
    self.metrics.ended(outcome)
  }
}
