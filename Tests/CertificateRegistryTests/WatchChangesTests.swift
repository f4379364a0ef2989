import DomainModel
import PermitProof
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

@Suite(.timeLimit(.minutes(10)))
struct WatchChangesTests {
  typealias Request = RegistryV1.WatchChangesRequest
  typealias Answer = RegistryV1.WatchChangesResponse

  /// The answers up to the first one that has a head and reaches a size.
  private static func read(
    _ registry: RegistryFixture, _ request: Request = Request(), upTo size: Int64,
    _ options: CallOptions = .dataPlatform,
    meanwhile: @Sendable (Answer) async throws -> Void = { _ in }
  ) async throws -> [Answer] {
    try await registry.client.watchChanges(request, options: options) { stream in
      var answers: [Answer] = []
      for try await answer in stream {
        answers.append(answer)
        if answer.head != nil, answer.nextLeafIndex >= size { break }
        try await meanwhile(answer)
      }
      return answers
    }
  }

  private static func refusal(
    _ registry: RegistryFixture, _ request: Request, _ options: CallOptions = .dataPlatform
  ) async -> ServiceError? {
    await #expect(throws: ServiceError.self) {
      _ = try await Self.read(registry, request, upTo: 0, options)
    }
  }

  @Test(arguments: TestEngine.all)
  func `changes come in leaf order with their records and no salt, and a head at the end`(
    _ engine: TestEngine
  ) async throws {
    try await RegistryFixture.with([2, 1], engine) { registry in
      _ = try await registry.register { $0.workplace = "测试店" }
      #expect(try await registry.assembly.sequenceOnce() == 1)
      let answers = try await Self.read(registry, upTo: 4)
      let changes = answers.flatMap(\.changes)
      #expect(changes.map(\.leafIndex) == [0, 1, 2, 3])
      #expect(changes.map(\.entityKind) == ["permit", "permit", "permit", "registration"])
      #expect(changes.allSatisfy { $0.divisionCode == "330106" && $0.entityVersion == 1 })
      let head = try TreeHead(canonicalBytes: try #require(answers.last?.head).head)
      var frontier = Frontier()
      let log = try await LogReading(registry.store, registry.log)
      for (change, entry) in zip(changes, log.entries) {
        _ = frontier.append(try #require(TreeHash(change.leafHash)))
        let opened = try #require(entry.opened)
        #expect(change.record == opened.record.canonicalBytes)
        let record = try LogRecord(canonicalBytes: change.record)
        #expect(record.action == change.action && record.at.milliseconds == change.atMs)
        #expect(record.subject.id == change.entityID)
        #expect((record.certificateIdentifier?.text ?? "") == change.certificateIdentifier)
        let salt = opened.salt.bytes
        #expect(!change.record.indices.contains { change.record[$0...].starts(with: salt) })
      }
      #expect(frontier.root == head.root)
    }
  }

  @Test(arguments: TestEngine.all)
  func `a watcher hears of each new leaf, and goes on where it stopped`(
    _ engine: TestEngine
  ) async throws {
    try await RegistryFixture.with([1], engine) { registry in
      let answers = try await Self.read(registry, upTo: 3) { answer in
        _ = try await registry.issue(Int(answer.nextLeafIndex) + 1)
        _ = try await registry.assembly.sequenceOnce()
        registry.clock.advance(milliseconds: Changes.pollMs)
      }
      #expect(answers.flatMap(\.changes).map(\.leafIndex) == [0, 1, 2])
      #expect(answers.allSatisfy { $0.head?.treeSize == $0.nextLeafIndex })
      let again = try await Self.read(registry, Request(nextLeafIndex: 1), upTo: 3)
      #expect(again.flatMap(\.changes).map(\.leafIndex) == [1, 2])
      let none = try await Self.read(registry, Request(nextLeafIndex: 3), upTo: 3)
      #expect(none.map(\.changes.count) == [0] && none.map(\.nextLeafIndex) == [3])
    }
  }

  @Test func `a page has a bound, and only the last one a head`() async throws {
    try await RegistryFixture.with([230], .sqlite) { registry in
      let answers = try await Self.read(registry, upTo: 230)
      #expect(answers.map(\.changes.count) == [100, 100, 30])
      #expect(answers.map { $0.head != nil } == [false, false, true])
      #expect(answers.flatMap(\.changes).map(\.leafIndex) == Array(0..<230))
    }
  }

  @Test(arguments: TestEngine.all)
  func `a division's watcher gets its own changes, and learns how far he is`(
    _ engine: TestEngine
  ) async throws {
    try await RegistryFixture.with([1], engine) { registry in
      _ = try await registry.client.convertPermit(
        .sample(1, kind: .existingPermit), options: .approval)
      #expect(try await registry.assembly.sequenceOnce() == 2)
      for (prefix, expected) in [
        ("", ["330106", "330106", "331123"]), ("33", ["330106", "330106", "331123"]),
        ("3301", ["330106", "330106"]), ("331123", ["331123"]), ("44", []),
      ] {
        let answers = try await Self.read(registry, Request(divisionPrefix: prefix), upTo: 3)
        #expect(answers.flatMap(\.changes).map(\.divisionCode) == expected)
        #expect(answers.last?.nextLeafIndex == 3)
      }
    }
  }

  @Test func `whom nothing concerns is told now and then how far he is`() async throws {
    try await RegistryFixture.with([1], .sqlite) { registry in
      let answers = try await Self.read(
        registry, Request(divisionPrefix: "44"), upTo: 2
      ) { _ in
        _ = try await registry.issue(2)
        _ = try await registry.assembly.sequenceOnce()
        registry.clock.advance(milliseconds: ChangeFeed.Limits().silenceMs)
      }
      #expect(answers.map(\.nextLeafIndex) == [1, 2])
    }
  }

  @Test func `what was destroyed leaves its hash`() async throws {
    try await RegistryFixture.with([2], .sqlite) { registry in
      try await registry.store.write {
        try $0.execute("UPDATE log_entry SET record = NULL WHERE leaf_index = 0")
      }
      let changes = try await Self.read(registry, upTo: 2).flatMap(\.changes)
      #expect(changes.map(\.record.isEmpty) == [true, false])
      #expect(changes.allSatisfy { $0.leafHash.count == 32 })
    }
  }

  @Test func `who may not watch, or asks for what is none, is refused`() async throws {
    try await RegistryFixture.with([1], .sqlite) { registry in
      #expect(await Self.refusal(registry, Request(), .integrator)?.reason == "FEED_NOT_GRANTED")
      #expect(await Self.refusal(registry, Request(), .officer)?.reason == "CALLER_NOT_ALLOWED")
      let answers = try await Self.read(registry, upTo: 1, .auditor)
      #expect(answers.count == 1)
      let beyond = await Self.refusal(registry, Request(nextLeafIndex: 2))
      #expect(beyond?.reason == "TREE_SIZE_BEYOND_LOG" && beyond?.metadata["tree_size"] == "1")
      let negative = await Self.refusal(registry, Request(nextLeafIndex: -1))
      #expect(negative?.violations.map(\.field) == ["next_leaf_index"])
      for prefix in ["3", "330", "33010600", "三三", "3%"] {
        let error = await Self.refusal(registry, Request(divisionPrefix: prefix))
        #expect(error?.violations.map(\.reason) == ["DIVISION_PREFIX_INVALID"])
      }
    }
  }

  @Test func `when the process stops, watchers are told to go on elsewhere`() async throws {
    try await RegistryFixture.with([1], .sqlite) { registry in
      let error = await #expect(throws: ServiceError.self) {
        try await registry.client.watchChanges(Request(), options: .auditor) { stream in
          for try await _ in stream { registry.store.signals.finish() }
        }
      }
      #expect(error?.reason == "SERVICE_STOPPING" && error?.retryDelayMs != nil)
    }
  }

  @Test func `one caller watches so many times and no more`() async throws {
    try await RegistryFixture.with([1], .sqlite) { registry in
      let most = ChangeFeed.Limits().watches.ofOthers
      let error = await #expect(throws: ServiceError.self) {
        try await Self.watch(registry, times: most + 1)
      }
      #expect(error?.reason == "OVERLOADED")
      try await Self.watch(registry, times: most)
    }
  }

  /// Watches so many times at once.
  private static func watch(_ registry: RegistryFixture, times: Int) async throws {
    if times == 0 { return }
    try await registry.client.watchChanges(Request(), options: .dataPlatform) { stream in
      var answers = stream.makeAsyncIterator()
      _ = try await answers.next()
      try await Self.watch(registry, times: times - 1)
    }
  }
}
