import Foundation
public import StorageSQLite
import Testing

/// Holds a thread of the engine inside a closure until a test lets it go: what is written meanwhile
/// forms one group.
public final class Gate: Sendable {
  private let entered = DispatchSemaphore(value: 0)
  private let opened = DispatchSemaphore(value: 0)
  /// No test waits longer than this for its own gate; a machine that others use takes its time.
  fileprivate static let patienceSeconds = 120

  /// A gate that is shut.
  public init() {}

  /// Called inside a closure.
  public func pass() {
    self.entered.signal()
    _ = self.opened.wait(timeout: .now() + .seconds(Self.patienceSeconds))
  }

  /// Lets the one inside go on, or the next one that comes.
  public func open() {
    self.opened.signal()
  }

  /// Returns once somebody is inside.
  public func waitUntilEntered() async {
    await Self.wait(for: "somebody inside") { self.entered.wait(timeout: .now()) == .success }
  }

  /// Returns once it is so, or with an issue: what can no more become so must not hold up all
  /// tests.
  fileprivate static func wait(for what: String, until isSo: () -> Bool) async {
    let deadline = ContinuousClock.now + .seconds(Self.patienceSeconds)
    while !isSo() {
      guard ContinuousClock.now < deadline else {
        Issue.record("waited \(Self.patienceSeconds) s for \(what)")
        return
      }
      await Task.yield()
    }
  }
}

extension SQLiteStore {
  /// Returns once so many writes wait.
  public func waitUntilWaiting(_ count: Int) async {
    await Gate.wait(for: "\(count) writes that wait") { self.waitingWrites >= count }
  }
}
