import DomainModel
import Synchronization

/// How many calls of one method may run at once, counted over the whole process. One more ends with
/// `RESOURCE_EXHAUSTED` and `RetryInfo`.
///
/// A call counts from when its caller has been let in until its handler has ended, also one whose
/// caller has left.
public struct InFlightLimits: Hashable, Sendable {
  /// What callers that find a method full are asked to wait, in milliseconds.
  public static let retryDelayMs: Int64 = 1_000

  /// The bound of every method that has none of its own. Half of what a server takes altogether
  /// (`TransportLimits.inFlightMax`), so that no method keeps the others out.
  public var callsMax: Int
  /// The bounds of single methods, by their own names, such as `SubmitBatch`.
  public var methods: [String: Int]

  /// Limits, each at least 1.
  public init(callsMax: Int = 5_000, methods: [String: Int] = [:]) {
    precondition(
      callsMax > 0 && methods.values.allSatisfy { $0 > 0 }, "a method takes at least one call")
    self.callsMax = callsMax
    self.methods = methods
  }

  func room(for method: Method) -> MethodRoom {
    MethodRoom(self.methods[method.name] ?? self.callsMax)
  }
}

/// Counts the calls of one method that run.
final class MethodRoom: Sendable {
  private let callsMax: Int
  private let calls = Atomic<Int>(0)

  init(_ callsMax: Int) {
    self.callsMax = callsMax
  }

  /// Counts one more; throws `OVERLOADED` if there are too many.
  func enter() throws(ServiceError) {
    guard self.calls.add(1, ordering: .relaxed).newValue > self.callsMax else { return }
    self.leave()
    throw ServiceError(.overloaded, retryDelayMs: InFlightLimits.retryDelayMs)
  }

  func leave() {
    self.calls.subtract(1, ordering: .relaxed)
  }
}
