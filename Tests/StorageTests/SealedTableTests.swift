import DomainModel
import Storage
import Testing

/// The tables that hold personal data: persons, history, inbox.
@Suite struct SealedTableTests {
  static let now = Timestamp(milliseconds: 1_700_000_000_000)
  static let schema = PersonDirectory.schema + History.schema
  static let citizenID = "11010519491231002X"

  let persons = PersonDirectory(sealer: FakeSealer(), index: FakeBlindIndex())
  let history = History(sealer: FakeSealer())

  @Test(arguments: Backend.all)
  func `a person is made once and found again`(_ backend: Backend) async throws {
    let persons = self.persons
    try await backend.withStore(Self.schema) { store in
      let ids = try await store.write { transaction in
        try ["first", "second"].map {
          try persons.findOrCreate(
            transaction, citizenID: Self.citizenID, newID: ID($0), now: Self.now)
        }
      }
      #expect(ids == [ID("first"), ID("first")])
      let found = try await store.read { snapshot in
        (
          try persons.find(snapshot, citizenID: Self.citizenID),
          try persons.find(snapshot, citizenID: "330102199003077897"),
          try persons.citizenID(snapshot, of: ID("first")),
          try persons.citizenID(snapshot, of: ID("nobody"))
        )
      }
      #expect(found == (ID("first"), nil, Self.citizenID, nil))
    }
  }

  @Test(arguments: Backend.all)
  func `no personal text stands open in the rows`(_ backend: Backend) async throws {
    let persons = self.persons
    let history = self.history
    try await backend.withStore(Self.schema) { store in
      let rows = try await store.write { transaction in
        _ = try persons.findOrCreate(
          transaction, citizenID: Self.citizenID, newID: ID("p"), now: Self.now)
        try history.append(
          transaction,
          HistoryEntry(
            entity: "case", at: Self.now, actor: "system", action: "open", detail: Self.citizenID))
        return try transaction.rows("SELECT * FROM person")
          + transaction.rows(
            "SELECT * FROM person_key") + transaction.rows("SELECT * FROM history")
      }
      let open = Array(Self.citizenID.utf8)
      for value in rows.flatMap(\.values) {
        switch value {
        case .text(let text): #expect(!text.contains(Self.citizenID))
        case .bytes(let bytes): #expect(!bytes.indices.contains { bytes[$0...].starts(with: open) })
        case .integer, .null: break
        }
      }
    }
  }

  @Test(arguments: Backend.all)
  func `a sealed value copied to another row does not open`(_ backend: Backend) async throws {
    let persons = self.persons
    try await backend.withStore(Self.schema) { store in
      try await store.write { transaction in
        for (id, number) in [("a", Self.citizenID), ("b", "330102199003077897")] {
          _ = try persons.findOrCreate(
            transaction, citizenID: number, newID: ID(id), now: Self.now)
        }
        try transaction.execute(
          """
          UPDATE person SET citizen_id =
            (SELECT citizen_id FROM person WHERE person_id = 'b') WHERE person_id = 'a'
          """)
      }
      await #expect(throws: FakeSealer.WrongPlace.self) {
        try await store.read { try persons.citizenID($0, of: ID("a")) }
      }
    }
  }

  @Test(arguments: Backend.all)
  func `history counts each entity by itself and pages`(_ backend: Backend) async throws {
    let history = self.history
    try await backend.withStore(Self.schema) { store in
      try await store.write { transaction in
        for (entity, action) in [("x", "open"), ("y", "open"), ("x", "accept"), ("x", "approve")] {
          try history.append(
            transaction,
            HistoryEntry(
              entity: entity, at: Self.now, actor: "officer:1", role: "accept",
              office: "330106520000", action: action, detail: "why \(action)"))
        }
      }
      let pages = try await store.read { snapshot in
        [
          try history.entries(snapshot, of: "x", limit: 2),
          try history.entries(snapshot, of: "x", after: 2),
        ]
      }
      #expect(pages.map { $0.map(\.sequence) } == [[1, 2], [3]])
      #expect(pages[1].map(\.detail) == ["why approve"])
      #expect(pages[1].map(\.office) == ["330106520000"])
    }
  }
}
