internal import Synchronization

/// Keeps what a hook or a handler was told, in the order of telling.
public final class Heard<Value: Sendable>: Sendable {
  private let kept = Mutex<[Value]>([])

  /// Nothing yet.
  public init() {}

  /// What was told so far.
  public var all: [Value] { self.kept.withLock { $0 } }

  /// Keeps one thing more.
  public func keep(_ value: Value) {
    self.kept.withLock { $0.append(value) }
  }
}
