import Synchronization

/// What a handler saw, in order.
final class Kept<Value: Sendable>: Sendable {
  private let values = Mutex<[Value]>([])

  var last: Value? { self.values.withLock { $0.last } }

  func keep(_ value: Value) { self.values.withLock { $0.append(value) } }
}
