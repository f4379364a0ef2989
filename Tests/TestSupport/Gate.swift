import Foundation
public import StorageSQLite

/// Holds a thread of the engine inside a closure until a test lets it go: what is written meanwhile
/// forms one group.
public final class Gate: Sendable {
  private let entered = DispatchSemaphore(value: 0)
  private let opened = DispatchSemaphore(value: 0)
  /// No test waits longer than this for its own gate.
  private static let patience = DispatchTimeInterval.seconds(20)

  /// A gate that is shut.
  public init() {}

  /// Called inside a closure.
  public func pass() {
    self.entered.signal()
    _ = self.opened.wait(timeout: .now() + Self.patience)
  }

  /// Lets the one inside go on, or the next one that comes.
  public func open() {
    self.opened.signal()
  }

  /// Returns once somebody is inside.
  public func waitUntilEntered() async {
    while self.entered.wait(timeout: .now()) != .success { await Task.yield() }
  }
}

extension SQLiteStore {
  /// Returns once so many writes wait.
  public func waitUntilWaiting(_ count: Int) async {
    while self.waitingWrites < count { await Task.yield() }
  }
}
