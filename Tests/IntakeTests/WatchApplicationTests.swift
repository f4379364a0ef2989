import DomainModel
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct WatchApplicationTests {
  @Test func `a watcher sees the present and each change, to the end`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    let states = try await world.intake.watchApplication(
      .init(applicationID: id), options: world.options(World.integrator)
    ) { stream in
      var states: [IntakeV1.ApplicationState] = []
      for try await answer in stream {
        let state = try #require(answer.application?.state)
        states.append(state)
        switch state {
        case .submitted:
          try await world.record(.accepted(RecordProgressTests.acceptance), sequence: 1, of: id)
        case .accepted:
          try await world.record(.completed(RecordProgressTests.completion), sequence: 2, of: id)
        default: break
        }
      }
      return states
    }
    #expect(states == [.submitted, .accepted, .completed])
  }

  @Test func `what the watcher knows is not sent again`() async throws {
    let world = try await World()
    let application = try await world.submitted()
    let id = application.applicationID
    let reason = RecordProgressTests.reasons
    try await world.record(.notAccepted(.init(reasons: reason)), sequence: 1, of: id)
    let seen = try await Self.versions(world, id, after: application.version)
    #expect(seen == [application.version + 1])
    #expect(try await Self.versions(world, id, after: application.version + 1) == [])
  }

  @Test func `somebody else's application is not there to be watched`() async throws {
    let world = try await World()
    let id = try await world.draft().applicationID
    let stranger = Caller(kind: .integrator, id: "anotherapp")
    let error = try await refusal {
      _ = try await Self.versions(world, id, after: 0, by: stranger)
    }
    #expect(error.code == .notFound)
  }

  @Test func `when the process stops, watchers are told to ask again`() async throws {
    let world = try await World()
    let id = try await world.draft().applicationID
    let error = try await refusal {
      try await world.intake.watchApplication(
        .init(applicationID: id), options: world.options(World.integrator)
      ) { stream in
        for try await _ in stream { world.store.signals.finish() }
      }
    }
    #expect(error.code == .unavailable)
    #expect(error.reason == ErrorReason.serviceStopping.rawValue)
    #expect(error.retryDelayMs != nil)
  }

  @Test func `one applicant watches so many times and no more`() async throws {
    let world = try await World()
    let id = try await world.draft(by: World.applicant).applicationID
    let error = try await refusal {
      try await Self.watch(world, id, times: CallLimits.watches.ofApplicant + 1)
    }
    #expect(error.reason == ErrorReason.overloaded.rawValue)
    try await Self.watch(world, id, times: CallLimits.watches.ofApplicant)
  }

  /// Watches an application so many times at once.
  private static func watch(_ world: World, _ id: String, times: Int) async throws {
    if times == 0 { return }
    try await world.intake.watchApplication(
      .init(applicationID: id), options: world.options(World.applicant)
    ) { stream in
      var answers = stream.makeAsyncIterator()
      _ = try await answers.next()
      try await Self.watch(world, id, times: times - 1)
    }
  }

  static func versions(
    _ world: World, _ id: String, after version: Int64, by caller: Caller = World.integrator
  ) async throws -> [Int64] {
    try await world.intake.watchApplication(
      .init(applicationID: id, afterVersion: version), options: world.options(caller)
    ) { stream in
      var versions: [Int64] = []
      for try await answer in stream { versions.append(answer.application?.version ?? 0) }
      return versions
    }
  }
}
