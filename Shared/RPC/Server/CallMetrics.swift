import DomainModel
import Metrics

/// Counts and times calls: `rpc_server_calls{method,status}`, `rpc_server_duration{method}` and the
/// gauge `rpc_server_in_flight{method}`.
///
/// The metrics system must be bootstrapped before methods are registered.
public struct CallMetrics: ServerInterceptor {
  /// The interceptor; every router has it already.
  public init() {}

  /// Makes the method's counters.
  public func forMethod(_ method: Method) -> any ServerInterceptor {
    MethodMetrics(method)
  }
}

/// One method's counters, looked up once.
private final class MethodMetrics: ServerInterceptor {
  /// By status number, 0 (OK) to 16.
  private let calls: [Counter]
  private let duration: Metrics.Timer
  private let inFlight: Meter

  init(_ method: Method) {
    let dimension = ("method", String(method.path.dropFirst()))
    self.calls = (0...16).map { status in
      Counter(label: "rpc_server_calls", dimensions: [dimension, ("status", "\(status)")])
    }
    self.duration = Metrics.Timer(label: "rpc_server_duration", dimensions: [dimension])
    self.inFlight = Meter(label: "rpc_server_in_flight", dimensions: [dimension])
  }

  func begin(_ context: inout CallContext) throws {
    self.inFlight.increment()
  }

  func end(_ context: CallContext, _ outcome: CallOutcome) {
    if outcome.wasBegun { self.inFlight.decrement() }
    self.calls[outcome.status].increment()
    self.duration.recordNanoseconds(outcome.durationNs)
  }
}
