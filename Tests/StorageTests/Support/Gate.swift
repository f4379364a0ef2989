import Foundation
import StorageSQLite

/// Holds a thread of the engine inside a closure until a test lets it go: what is written meanwhile
/// forms one group.
final class Gate: Sendable {
  private let entered = DispatchSemaphore(value: 0)
  private let opened = DispatchSemaphore(value: 0)
  /// No test waits longer than this for its own gate.
  private static let patience = DispatchTimeInterval.seconds(20)

  /// Called inside a closure.
  func pass() {
    self.entered.signal()
    _ = self.opened.wait(timeout: .now() + Self.patience)
  }

  func open() {
    self.opened.signal()
  }

  func waitUntilEntered() async {
    while self.entered.wait(timeout: .now()) != .success { await Task.yield() }
  }
}

extension SQLiteStore {
  func waitUntilWaiting(_ count: Int) async {
    while self.waitingWrites < count { await Task.yield() }
  }
}
