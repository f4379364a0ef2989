import DomainModel
import Logging
import Storage

/// A store, and everything that a service does with one.
struct HistoryWorld: Sendable {
  static let schema =
    [
      """
      CREATE TABLE thing (
        id $TEXT PRIMARY KEY,
        name $TEXT,
        count $INT NOT NULL CONSTRAINT thing_count CHECK (count >= 0),
        owner $TEXT REFERENCES thing (id)
      ) $TABLE;
      CREATE UNIQUE INDEX thing_name ON thing (name) WHERE count > 0;
      """
    ] + Outbox.schema + Inbox.schema + PersonDirectory.schema + History.schema

  let store: any Store
  let time: FakeTime
  let inbox = Inbox(sealer: FakeSealer())
  let outbox = Outbox(sealer: FakeSealer())
  let persons = PersonDirectory(sealer: FakeSealer(), index: FakeBlindIndex())
  let history = History(sealer: FakeSealer())
  private let dispatcher: OutboxDispatcher

  init(store: any Store, time: FakeTime) {
    self.store = store
    self.time = time
    // Every third message is refused for now, every seventh for good.
    let effects = OutboxEffects { message in
      let number = Int(String(decoding: message.payload, as: UTF8.self)) ?? 0
      if number % 7 == 0 { throw ServiceError(.caseWrongState) }
      if number % 3 == 0 && message.attempts < 2 { throw ServiceError(.storeUnavailable) }
      return message.payload
    }
    self.dispatcher = OutboxDispatcher(
      store: store, outbox: self.outbox, effects: effects,
      environment: .init(owner: "one", time: time, random: SeededRandom(), logger: .silent))
  }

  /// What a step answers: a value or an error, as text. What an engine says in its own words is
  /// left out.
  func answer(_ step: HistoryStep) async -> String {
    do {
      return try await self.take(step)
    } catch StorageError.statementInvalid {
      return "statementInvalid"
    } catch StorageError.uniqueViolation(let told) {
      return await self.broken(step, told)
    } catch {
      return "\(error)"
    }
  }

  /// A row that breaks two unique rules at once: which of them is told is the engine's choice.
  private func broken(_ step: HistoryStep, _ told: String) async -> String {
    guard case .insert(let id, let name, _, _) = step else { return "unique \(told)" }
    do {
      let broken = try await self.store.read { snapshot in
        try snapshot.row(
          """
          SELECT (SELECT COUNT(*) FROM thing WHERE id = \(id)) AS thing_pkey,
            (SELECT COUNT(*) FROM thing WHERE name = \(name) AND count > 0) AS thing_name
          """
        ).map { [try $0.int("thing_pkey"), try $0.int("thing_name")] } ?? []
      }
      return broken == [1, 1] ? "unique both" : "unique \(told)"
    } catch {
      return "\(error)"
    }
  }

  private func take(_ step: HistoryStep) async throws -> String {
    switch step {
    case .page, .sums: return try await self.store.read { try Self.look(step, $0) }
    case .deliver: return "\(try await self.dispatcher.deliverOnce())"
    case .wait(let milliseconds):
      self.time.advance(milliseconds)
      return ""
    default:
      let now = self.time.now()
      return try await self.store.write { try self.change(step, $0, now) }
    }
  }

  private static func look(_ step: HistoryStep, _ snapshot: Snapshot) throws -> String {
    if case .page(let after, let limit) = step {
      let rows = try snapshot.rows(
        """
        SELECT id, name, count FROM thing WHERE id > \(after) AND count IN \(values: [0, 1, 2, 3])
        ORDER BY id LIMIT \(limit)
        """)
      return "\(rows.map(\.values))"
    }
    let row = try snapshot.row(
      """
      SELECT COUNT(*) AS n, SUM(count) AS sum, MIN(name) AS first, MAX(name) AS last,
        EXISTS (SELECT 1 FROM thing WHERE owner = id) AS selfish,
        (SELECT COUNT(DISTINCT owner) FROM thing) AS owners FROM thing
      """)
    return "\(row?.values ?? [])"
  }

  private func change(
    _ step: HistoryStep, _ transaction: Transaction, _ now: Timestamp
  ) throws -> String {
    switch step {
    case .answerOnce(let key, let fingerprint, let id):
      let call = try InboxCall(
        caller: "service:intake", method: "/m", key: key, fingerprint: [fingerprint])
      let reply = try self.inbox.answerOnce(transaction, call, now: now) {
        let count = try transaction.changedRows(
          "UPDATE thing SET count = count - 1 WHERE id = \(id)")
        return Array("\(id) \(count)".utf8)
      }
      return String(decoding: reply, as: UTF8.self)
    case .append(let entity, let detail):
      let entry = HistoryEntry(
        entity: entity, at: now, actor: "system", action: "look", detail: detail)
      return "\(try self.history.append(transaction, entry))"
    case .person(let citizenID):
      let person = try self.persons.findOrCreate(
        transaction, citizenID: citizenID, newID: ID("p\(now.milliseconds) \(citizenID)"), now: now)
      return person.text
    case .owe(let lane, let payload):
      try self.outbox.enqueue(
        transaction,
        OutboxMessage(
          lane: lane, destination: "approval", method: "/m", payload: Array(payload.utf8),
          idempotencyKey: "key of \(lane) \(payload)"), now: now)
      return ""
    default: return try Self.change(step, transaction)
    }
  }

  private static func change(_ step: HistoryStep, _ transaction: Transaction) throws -> String {
    let sql: SQL
    switch step {
    case .insert(let id, let name, let count, let owner):
      sql = """
        INSERT INTO thing (id, name, count, owner) VALUES (\(id), \(name), \(count), \(owner))
        """
    case .upsert(let id, let count):
      sql = """
        INSERT INTO thing (id, count) VALUES (\(id), \(count))
        ON CONFLICT (id) DO UPDATE SET count = excluded.count
        """
    case .rename(let id, let name): sql = "UPDATE thing SET name = \(name) WHERE id = \(id)"
    case .add(let id, let count): sql = "UPDATE thing SET count = count + \(count) WHERE id = \(id)"
    case .remove(let id): sql = "DELETE FROM thing WHERE id = \(id)"
    case .removeOwned(let owner, let isRefused):
      let rows = try transaction.rows(
        "DELETE FROM thing WHERE owner = \(owner) AND id <> \(owner) RETURNING id")
      if isRefused && !rows.isEmpty { throw ServiceError(.caseWrongState) }
      return "\(try rows.map { try $0.text("id") }.sorted())"
    default: return ""
    }
    return "\(try transaction.changedRows(sql))"
  }

  /// Every row of every table. Numbers that the engine gives are left out, their order is not: what
  /// a refused transaction had drawn is skipped on one engine and not on the other.
  func rows() async throws -> [String] {
    let tables: [SQL] = [
      "SELECT * FROM thing ORDER BY id",
      """
      SELECT lane, destination, method, payload, idempotency_key, created_at, attempts, last_error,
        failed_at, parked_at, parked_reason FROM outbox ORDER BY id
      """,
      "SELECT * FROM outbox_lane ORDER BY key", "SELECT * FROM inbox ORDER BY scope, key",
      "SELECT * FROM person ORDER BY person_id", "SELECT * FROM person_key ORDER BY key_id, blind",
      "SELECT * FROM history ORDER BY entity, sequence",
    ]
    return try await self.store.read { snapshot in
      try tables.flatMap { sql in
        try snapshot.rows(sql).map { "\(sql.text): \($0.values)" }
      }
    }
  }
}
