import DomainModel
import ServiceCore
import Storage
import Synchronization
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// What stands against each other is never in progress together, however many drafts are submitted
/// at once.
struct OneApplicationTests {
  /// Lets so many pass, once all of them are there.
  private final class Gate: Sendable {
    private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])
    private let count: Int

    init(of count: Int) {
      self.count = count
    }

    func pass() async {
      await withCheckedContinuation { continuation in
        let all = self.waiting.withLock { waiting in
          waiting.append(continuation)
          return waiting.count == self.count ? waiting : []
        }
        for continuation in all { continuation.resume() }
      }
    }
  }

  /// How many reads a submission makes before its transaction: the first answer, the draft, the
  /// person's applications in progress.
  private static let readsBefore = 3

  /// How two drafts of a person, each submitted by a replica of its own, ended: both have been
  /// judged before either is stored.
  private static func race(
    _ replicas: [World], _ drafts: [IntakeV1.Application]
  ) async throws -> (numbers: [String], refusals: [ServiceError]) {
    let gate = Gate(of: replicas.count)
    for replica in replicas {
      replica.store.after(reads: Self.readsBefore) { await gate.pass() }
    }
    return try await withThrowingTaskGroup(
      of: Result<String, ServiceError>.self
    ) { group in
      for (replica, draft) in zip(replicas, drafts) {
        group.addTask {
          do {
            let answer = try await replica.submit(draft)
            return .success(answer.receipt?.applicationNumber ?? "")
          } catch let error as ServiceError {
            return .failure(error)
          }
        }
      }
      var ends: (numbers: [String], refusals: [ServiceError]) = ([], [])
      for try await end in group {
        switch end {
        case .success(let number): ends.numbers.append(number)
        case .failure(let error): ends.refusals.append(error)
        }
      }
      return ends
    }
  }

  @Test(arguments: TestEngine.all)
  func `of two drafts that are submitted at once, one is received and the other names it`(
    _ engine: TestEngine
  ) async throws {
    let first = try await World()
    try await engine.withStore(first.clock) { store in
      let world = try await World(again: first, over: store)
      let other = try await World(again: first, over: store)
      for turn in 1...10 {
        let drafts = [try await world.readyDraft(), try await other.readyDraft()]
        let ends = try await Self.race([world, other], drafts)
        #expect(ends.numbers.count == 1, "turn \(turn)")
        let refusal = try #require(ends.refusals.first, "turn \(turn)")
        #expect(refusal.reason == "APPLICATION_ALREADY_OPEN", "turn \(turn)")
        #expect(refusal.metadata["application_number"] == ends.numbers.first, "turn \(turn)")
        // The next turn needs a person without one in progress.
        let id = try await Self.open(in: world, drafts)
        let reason = ModelV1.Reason(code: "WRONG_COUNTY", text: "不属本县管辖。")
        try await world.record(.notAccepted(.init(reasons: [reason])), sequence: 1, of: id)
      }
    }
  }

  @Test(arguments: TestEngine.all)
  func `of two kinds that stand against each other, one is received and the other names it`(
    _ engine: TestEngine
  ) async throws {
    let first = try await World()
    try await engine.withStore(first.clock) { store in
      let world = try await World(again: first, over: store)
      let other = try await World(again: first, over: store)
      world.settle(.endorsement)
      for turn in 1...10 {
        let drafts = [
          try await world.readyDraft(of: .endorsement),
          try await other.readyDraft(of: .cancellation),
        ]
        let ends = try await Self.race([world, other], drafts)
        #expect(ends.numbers.count == 1, "turn \(turn)")
        let refusal = try #require(ends.refusals.first, "turn \(turn)")
        #expect(refusal.reason == "APPLICATION_ALREADY_OPEN", "turn \(turn)")
        #expect(refusal.metadata["application_number"] == ends.numbers.first, "turn \(turn)")
        let id = try await Self.open(in: world, drafts)
        let reason = ModelV1.Reason(code: "WRONG_COUNTY", text: "不属本县管辖。")
        try await world.record(.notAccepted(.init(reasons: [reason])), sequence: 1, of: id)
      }
    }
  }

  private static func open(
    in world: World, _ drafts: [IntakeV1.Application]
  ) async throws -> String {
    for draft in drafts {
      let now = try await world.get(draft.applicationID)
      if now.state == .submitted { return now.applicationID }
    }
    throw ServiceError(.applicationNotFound)
  }

  /// What an engine says where the index stood in the way at each of its tries.
  @Test func `where the index itself refuses, the caller hears of the application that is there`()
    async throws
  {
    let world = try await World()
    let first = try await world.readyDraft()
    let second = try await world.readyDraft()
    let overtakings = Progress()
    world.store.after(reads: Self.readsBefore) {
      let received = try await world.submit(first)
      #expect(received.submitted)
      world.store.failNextWrite(
        with: .uniqueViolation(constraint: IntakeMigrations.oneOpenUnique))
      overtakings.step()
    }
    let error = try await refusal { _ = try await world.submit(second) }
    #expect(overtakings.count == 1)
    #expect(error.code == .alreadyExists)
    #expect(error.reason == "APPLICATION_ALREADY_OPEN")
    let there = try await world.get(first.applicationID)
    #expect(error.metadata["application_number"] == there.receipt?.applicationNumber)
    #expect(try await world.get(second.applicationID).state == .draft)
  }
}
