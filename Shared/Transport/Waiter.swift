/// A task that waits for a flow; confined to the flow's loop.
final class Waiter<Value>: @unchecked Sendable {
  var continuation: UnsafeContinuation<Value, any Error>?
  /// Set if the task was cancelled, maybe before it came to wait.
  var isCancelled = false

  /// Wakes the task, if it still waits.
  func resume(_ result: sending Result<Value, any Error>) {
    self.continuation?.resume(with: result)
    self.continuation = nil
  }
}
