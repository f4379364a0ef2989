import DomainModel
import Papers
import RPC
import ServiceCore
import Synchronization
import Testing

@testable import CertificateRegistryCore

struct PaperPressTests {
  /// A pool whose work waits until it is let go.
  private final class HeldPool: WorkPool {
    private struct State {
      var isOpen = false
      var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var waitingCount: Int { self.state.withLock { $0.waiting.count } }

    func open() {
      let waiting = self.state.withLock { state in
        state.isOpen = true
        defer { state.waiting = [] }
        return state.waiting
      }
      for continuation in waiting { continuation.resume() }
    }

    func run<Value: Sendable>(
      _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
      await withCheckedContinuation { continuation in
        let isOpen = self.state.withLock { state in
          if !state.isOpen { state.waiting.append(continuation) }
          return state.isOpen
        }
        if isOpen { continuation.resume() }
      }
      return try work()
    }
  }

  private static func caller(_ kind: Caller.Kind, _ id: Int) -> Caller {
    Caller(kind: kind, id: "caller-\(id)")
  }

  /// Has papers wait for each of the callers, and asks for one more by another.
  private static func refusal(
    of other: Caller, beside callers: [Caller]
  ) async throws -> String? {
    let pool = HeldPool()
    let press = try PaperPress(on: pool)
    return try await withThrowingTaskGroup(of: Int.self) { group in
      for caller in callers {
        group.addTask { try await press.make(for: caller) { _ in [1] }.bytes.count }
      }
      while pool.waitingCount < callers.count { await Task.yield() }
      // One that is let in waits as well, so that only a refusal ends before the gate opens.
      let asked = Asked()
      async let told = Self.refusal(of: other, by: press, asked)
      while !asked.isAnswered.load(ordering: .acquiring), pool.waitingCount == callers.count {
        await Task.yield()
      }
      pool.open()
      var made = 0
      for try await count in group { made += count }
      #expect(made == callers.count)
      return try await told
    }
  }

  /// Whether a paper was made or refused.
  private final class Asked: Sendable {
    let isAnswered = Atomic<Bool>(false)
  }

  private static func refusal(
    of caller: Caller, by press: PaperPress, _ asked: Asked
  ) async throws -> String? {
    defer { asked.isAnswered.store(true, ordering: .releasing) }
    return try await CertificateRegistryTests.refusal {
      _ = try await press.make(for: caller) { _ in [1] }
    }?.first
  }

  @Test func `a process has so many papers wait, whoever asks`() async throws {
    let callers = (0..<PaperPress.papersMax).map { Self.caller(.officer, $0) }
    let last = Self.caller(.officer, 999)
    #expect(try await Self.refusal(of: last, beside: callers) == "OVERLOADED")
    #expect(try await Self.refusal(of: last, beside: callers.dropLast()) == nil)
  }

  @Test func `one holder has two of them`() async throws {
    let holder = Self.caller(.applicant, 1)
    #expect(try await Self.refusal(of: holder, beside: [holder, holder]) == "OVERLOADED")
    let other = Self.caller(.applicant, 2)
    #expect(try await Self.refusal(of: other, beside: [holder, holder]) == nil)
  }

  @Test func `what was not made gives its place back`() async throws {
    struct Broken: Error {}
    let pool = HeldPool()
    pool.open()
    let press = try PaperPress(on: pool)
    for _ in 0...PaperPress.papersMax {
      await #expect(throws: Broken.self) {
        try await press.make(for: Self.caller(.applicant, 1)) { _ in throw Broken() }
      }
    }
  }
}
