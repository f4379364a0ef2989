import Metrics
import Synchronization

/// One method's numbers in one role, `server` or `client`, looked up once:
///
/// - `rpc_<role>_calls{method,status}`: calls ended,
/// - `rpc_<role>_duration{method,status}`: how long they took, a histogram,
/// - `rpc_<role>_received_bytes`, `_sent_bytes`, `_received_messages`, `_sent_messages`, with the
///   same labels: messages as they stood on the wire, without their prefixes,
/// - `rpc_<role>_in_flight{method}`: calls under way.
///
/// Calls are counted from zero for every status; the rest of a status that is no success appears
/// with its first call, or the page would mostly be zeroes.
final class MethodMetrics: Sendable {
  private let role: String
  private let method: String
  /// By status number, 0 (OK) to 16.
  private let calls: [Counter]
  private let inFlight: Meter
  private let succeeded: StatusMetrics
  private let failed = Mutex<[Int: StatusMetrics]>([:])

  init(_ method: Method, role: String) {
    self.role = role
    let method = String(method.path.dropFirst())
    self.method = method
    self.calls = (0...16).map { status in
      Counter(
        label: "rpc_\(role)_calls",
        dimensions: [("method", method), ("status", "\(status)")])
    }
    self.inFlight = Meter(label: "rpc_\(role)_in_flight", dimensions: [("method", method)])
    self.succeeded = StatusMetrics(role, method, status: 0)
  }

  func began() {
    self.inFlight.increment()
  }

  func ended(_ outcome: CallOutcome) {
    if outcome.wasBegun { self.inFlight.decrement() }
    let status = outcome.status
    self.calls[status].increment()
    if status == 0 {
      self.succeeded.add(outcome)
    } else {
      self.metrics(of: status).add(outcome)
    }
  }

  private func metrics(of status: Int) -> StatusMetrics {
    self.failed.withLock { failed in
      if let known = failed[status] { return known }
      let made = StatusMetrics(self.role, self.method, status: status)
      failed[status] = made
      return made
    }
  }
}

/// What is counted of calls that ended with one status.
private struct StatusMetrics: Sendable {
  private let duration: Metrics.Timer
  private let receivedBytes: Counter
  private let sentBytes: Counter
  private let receivedMessages: Counter
  private let sentMessages: Counter

  init(_ role: String, _ method: String, status: Int) {
    let labels = [("method", method), ("status", "\(status)")]
    self.duration = Metrics.Timer(label: "rpc_\(role)_duration", dimensions: labels)
    self.receivedBytes = Counter(label: "rpc_\(role)_received_bytes", dimensions: labels)
    self.sentBytes = Counter(label: "rpc_\(role)_sent_bytes", dimensions: labels)
    self.receivedMessages = Counter(label: "rpc_\(role)_received_messages", dimensions: labels)
    self.sentMessages = Counter(label: "rpc_\(role)_sent_messages", dimensions: labels)
  }

  func add(_ outcome: CallOutcome) {
    let traffic = outcome.traffic
    self.duration.recordNanoseconds(outcome.durationNs)
    self.receivedBytes.increment(by: traffic.receivedBytes)
    self.sentBytes.increment(by: traffic.sentBytes)
    self.receivedMessages.increment(by: traffic.receivedMessages)
    self.sentMessages.increment(by: traffic.sentMessages)
  }
}
