import DomainModel
import Storage
import Testing

/// What a history says of the past.
@Suite struct StandingTests {
  static let start = Timestamp(milliseconds: 1_700_000_000_000)
  static let schema = History.schema + History.standingColumns
  static let entity = "case-1"

  let history = History(sealer: FakeSealer())

  private static func at(_ seconds: Int64) -> Timestamp {
    Self.start.adding(milliseconds: seconds * 1_000)
  }

  private static func standing(_ state: String, _ version: Int64) -> Standing {
    Standing(state: state, version: version, record: Array("\(state) \(version)".utf8))
  }

  /// A step at so many seconds; without a standing, as an earlier release wrote it.
  private func step(
    _ store: any Store, _ action: String, at seconds: Int64, _ standing: Standing?
  ) async throws {
    let (history, instant) = (self.history, Self.at(seconds))
    try await store.write {
      try history.append(
        $0, HistoryEntry(entity: Self.entity, at: instant, actor: "a", action: action),
        standing: standing)
    }
  }

  private func ask(_ store: any Store, at seconds: Int64) async throws -> PastStanding {
    let (history, instant) = (self.history, Self.at(seconds))
    return try await store.read {
      try history.standing($0, of: Self.entity, asOf: instant)
    }
  }

  @Test(arguments: Backend.all)
  func `an entity stood as after its last step that is not later`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(Self.schema) { store in
      let (opened, accepted) = (Self.standing("open", 1), Self.standing("accepted", 2))
      try await self.step(store, "open", at: 10, opened)
      try await self.step(store, "accept", at: 20, accepted)
      try await self.step(store, "refuse", at: 20, Self.standing("refused", 3))
      try await self.step(store, "close", at: 30, Self.standing("closed", 4))
      try await expectEqual(self.ask(store, at: 9), .notYet)
      try await expectEqual(self.ask(store, at: 10), .kept(opened, sequence: 1))
      try await expectEqual(self.ask(store, at: 19), .kept(opened, sequence: 1))
      // Two steps of one instant: the later one counts.
      try await expectEqual(
        self.ask(store, at: 20), .kept(Self.standing("refused", 3), sequence: 3))
      try await expectEqual(self.ask(store, at: 30), .unchanged)
      try await expectEqual(self.ask(store, at: 99), .unchanged)
    }
  }

  @Test(arguments: Backend.all)
  func `what an earlier release wrote is known while nothing has happened since`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(Self.schema) { store in
      try await self.step(store, "open", at: 10, nil)
      try await expectEqual(self.ask(store, at: 10), .unchanged)
      let accepted = Self.standing("accepted", 2)
      try await self.step(store, "accept", at: 20, accepted)
      try await self.step(store, "close", at: 30, nil)
      try await expectEqual(self.ask(store, at: 10), .unknown)
      try await expectEqual(self.ask(store, at: 20), .kept(accepted, sequence: 2))
      try await expectEqual(self.ask(store, at: 30), .unchanged)
    }
  }

  @Test(arguments: Backend.all)
  func `a record is sealed, bound to its step, and can be forgotten`(
    _ backend: Backend
  ) async throws {
    let history = self.history
    try await backend.withStore(Self.schema) { store in
      try await self.step(store, "open", at: 10, Self.standing("open", 1))
      try await self.step(store, "accept", at: 20, Self.standing("accepted", 2))
      try await self.step(store, "close", at: 30, Self.standing("closed", 3))
      let found = try await store.read { snapshot in
        (
          try history.happened(snapshot, "close", to: Self.entity, after: 2),
          try history.happened(snapshot, "close", to: Self.entity, after: 3),
          try snapshot.rows("SELECT record FROM history").map { try $0.bytes("record") }
        )
      }
      #expect(found.0 && !found.1)
      #expect(!found.2.contains { $0.contains(Array("open 1".utf8)) })
      try await store.write {
        try $0.execute(
          """
          UPDATE history SET record = (SELECT record FROM history WHERE sequence = 2)
          WHERE sequence = 1
          """)
      }
      await #expect(throws: FakeSealer.WrongPlace.self) { try await self.ask(store, at: 10) }
      try await store.write { try history.forgetStandings($0, of: Self.entity) }
      try await expectEqual(self.ask(store, at: 20), .unknown)
      try await expectEqual(
        store.read { try history.entries($0, of: Self.entity).map(\.action) },
        ["open", "accept", "close"])
    }
  }
}
