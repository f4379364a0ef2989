public import DomainModel
internal import Synchronization

/// What is known about a process's health: whether it serves, and each thing it depends on.
///
/// A process serves from the moment its server listens until it is told to stop. Dependencies are
/// asked when somebody looks, so no loop runs for them; the health service and the admin pages read
/// the same values.
public final class HealthRegistry: Sendable {
  /// Asks one dependency; throws what is wrong with it. It must end soon when it is cancelled.
  public typealias Check = @Sendable () async throws -> Void

  /// What one look found.
  public struct Finding: Hashable, Sendable {
    /// The dependency, such as `store`.
    public let name: String
    /// Nil if it is well; else what is wrong, without personal data.
    public let problem: String?
  }

  /// How long one dependency may take to answer.
  public static let checkMsMax: Int64 = 2000

  private enum Phase { case starting, serving, stopping }

  private struct State {
    var phase = Phase.starting
    var checks: [(name: String, check: Check)] = []
    var watchers: [Int: AsyncStream<Bool>.Continuation] = [:]
    var watcherNext = 0
  }

  private let state = Mutex(State())
  private let clock: any TimeSource

  /// A registry of a process that does not serve yet.
  public init(clock: any TimeSource) {
    self.clock = clock
  }

  /// Whether the process takes calls.
  public var isServing: Bool { self.state.withLock { $0.phase == .serving } }

  /// Says that the process takes calls, unless it is stopping already.
  public func beginServing() {
    let watchers = self.state.withLock { state in
      guard state.phase == .starting else { return [AsyncStream<Bool>.Continuation]() }
      state.phase = .serving
      return Array(state.watchers.values)
    }
    for watcher in watchers { watcher.yield(true) }
  }

  /// Says that the process takes no calls any more; who watches hears it as the last word.
  public func stopServing() {
    let watchers = self.state.withLock { state in
      state.phase = .stopping
      return Array(state.watchers.values)
    }
    for watcher in watchers {
      watcher.yield(false)
      watcher.finish()
    }
  }

  /// Adds a dependency to ask.
  public func addCheck(_ name: String, _ check: @escaping Check) {
    self.state.withLock { $0.checks.append((name, check)) }
  }

  /// Asks every dependency at once, each within `checkMsMax`.
  public func look() async -> [Finding] {
    let checks = self.state.withLock { $0.checks }
    return await withTaskGroup(of: (Int, Finding).self) { group in
      for (index, entry) in checks.enumerated() {
        group.addTask {
          (index, Finding(name: entry.name, problem: await self.ask(entry.check)))
        }
      }
      var findings: [(Int, Finding)] = []
      for await finding in group { findings.append(finding) }
      return findings.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// Asks one dependency within `checkMsMax`; nil where there is none of that name.
  public func look(at name: String) async -> Finding? {
    let check = self.state.withLock { state in state.checks.first { $0.name == name }?.check }
    guard let check else { return nil }
    return Finding(name: name, problem: await self.ask(check))
  }

  /// The serving state now and at each change, newest only; ends when the process stops.
  public func changes() -> AsyncStream<Bool> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let watcher = self.state.withLock { state in
        state.watcherNext += 1
        state.watchers[state.watcherNext] = continuation
        continuation.yield(state.phase == .serving)
        return (key: state.watcherNext, isLast: state.phase == .stopping)
      }
      continuation.onTermination = { [weak self] _ in
        _ = self?.state.withLock { $0.watchers.removeValue(forKey: watcher.key) }
      }
      if watcher.isLast { continuation.finish() }
    }
  }

  /// What is wrong; nil if well.
  private func ask(_ check: @escaping Check) async -> String? {
    await withTaskGroup(of: String?.self) { group in
      group.addTask {
        do {
          try await check()
          return nil
        } catch {
          // Of a peer's error its sentence is enough.
          return (error as? ServiceError)?.message ?? "\(error)"
        }
      }
      group.addTask {
        let deadline = self.clock.now().adding(milliseconds: Self.checkMsMax)
        try? await self.clock.sleep(until: deadline)
        return "no answer within \(Self.checkMsMax) ms"
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }
}
