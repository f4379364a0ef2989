import DomainModel
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct WatchApplicationsTests {
  /// What a watcher is told until it has heard of `count` changes, from a token on.
  private static func told(
    _ world: World, _ count: Int, after token: String = "", by caller: Caller = World.integrator
  ) async throws -> (changes: [IntakeV1.ApplicationChange], token: String) {
    try await world.intake.watchApplications(
      .init(resumeToken: token), options: world.options(caller)
    ) { stream in
      var (changes, last) = ([IntakeV1.ApplicationChange](), token)
      for try await answer in stream {
        changes += answer.changes
        last = answer.resumeToken
        if changes.count >= count { break }
      }
      return (changes, last)
    }
  }

  @Test func `an integrator hears of each change of what it submitted, in order`() async throws {
    let world = try await World()
    let application = try await world.submitted()
    let id = application.applicationID
    try await world.record(.accepted(RecordProgressTests.acceptance), sequence: 1, of: id)
    try await world.record(.completed(RecordProgressTests.completion), sequence: 2, of: id)
    _ = try await world.draft()
    #expect(try await world.assembly.sequenceOnce() == 3)
    let (changes, token) = try await Self.told(world, 3)
    #expect(changes.map(\.state) == [.submitted, .accepted, .completed])
    #expect(changes.map(\.version) == [0, 1, 2].map { application.version + $0 })
    #expect(Set(changes.map(\.applicationNumber)) == [application.receipt?.applicationNumber])
    #expect(changes.last?.certificateIdentifier.isEmpty == false)
    #expect(changes.allSatisfy { $0.kind == .firstPermit && $0.changedAtMs > 0 })
    // From the last token on there is nothing, told at once.
    #expect(try await Self.told(world, 0, after: token).changes.isEmpty)
  }

  @Test func `whoever goes on from a token misses nothing and hears nothing twice`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    try await world.assembly.sequenceOnce()
    let (first, token) = try await Self.told(world, 1)
    try await world.record(.accepted(RecordProgressTests.acceptance), sequence: 1, of: id)
    try await world.assembly.sequenceOnce()
    let (rest, _) = try await Self.told(world, 1, after: token)
    #expect(first.map(\.state) == [.submitted] && rest.map(\.state) == [.accepted])
    // And whoever lost what it was told gets it again.
    #expect(try await Self.told(world, 2).changes == first + rest)
  }

  @Test func `a watcher that waits hears of a change when it comes`() async throws {
    let world = try await World()
    let states = try await world.intake.watchApplications(
      .init(), options: world.options(World.integrator)
    ) { stream in
      var answers = stream.makeAsyncIterator()
      let first = try #require(try await answers.next())
      #expect(first.changes.isEmpty && first.resumeToken.isEmpty)
      _ = try await world.submitted()
      try await world.assembly.sequenceOnce()
      return try await answers.next()?.changes.map(\.state)
    }
    #expect(states == [.submitted])
  }

  @Test func `another integrator hears nothing of it, and its token is none`() async throws {
    let world = try await World()
    _ = try await world.submitted()
    try await world.assembly.sequenceOnce()
    let (_, token) = try await Self.told(world, 1)
    let stranger = Caller(kind: .integrator, id: "anotherapp")
    #expect(try await Self.told(world, 0, by: stranger).changes.isEmpty)
    for wrong in [token, "x", "1-1-", "9-9-9", "-1-1-a"] {
      let error = try await refusal {
        _ = try await Self.told(world, 0, after: wrong, by: stranger)
      }
      #expect(error.reason == "RESUME_TOKEN_UNKNOWN", "\(wrong)")
    }
  }

  @Test func `one integrator watches so many times and no more`() async throws {
    let world = try await World()
    let error = try await refusal {
      try await Self.watch(world, times: CallLimits.feeds.ofOthers + 1)
    }
    #expect(error.reason == ErrorReason.overloaded.rawValue)
    try await Self.watch(world, times: CallLimits.feeds.ofOthers)
  }

  private static func watch(_ world: World, times: Int) async throws {
    if times == 0 { return }
    try await world.intake.watchApplications(
      .init(), options: world.options(World.integrator)
    ) { stream in
      var answers = stream.makeAsyncIterator()
      _ = try await answers.next()
      try await Self.watch(world, times: times - 1)
    }
  }

  @Test func `when the process stops, watchers are told to go on elsewhere`() async throws {
    let world = try await World()
    let error = try await refusal {
      try await world.intake.watchApplications(
        .init(), options: world.options(World.integrator)
      ) { stream in
        for try await _ in stream { world.store.signals.finish() }
      }
    }
    #expect(error.reason == ErrorReason.serviceStopping.rawValue)
  }
}
