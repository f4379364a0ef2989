import DomainModel
import Logging
import ServiceCore
import Storage

/// Erases persons whose term is over though nobody asks for it (个人信息保护法 Art. 47: a handler
/// erases of its own accord).
///
/// So an erasure also outlives a restored backup: who was erased comes back with it, his term is
/// over as it was, and the first walk, which begins with the process, erases him again.
///
/// Nothing that is erased can be brought back, so nobody is erased while the registry issues
/// nothing: by a clock that has run ahead everybody's term would be over.
struct ErasureSweeper: Sendable {
  /// How many persons one read looks at.
  static let pageMax = 500
  /// How long it rests between two reads, in milliseconds, so that calls come between.
  static let stepPauseMs: Int64 = 50
  /// How long it rests after a walk, in milliseconds: one day.
  static let pauseMs: Int64 = 86_400_000

  let store: RegistryStore
  let parts: CoreParts
  let machine: ErasureMachine
  let issuing: IssuingWatch

  /// Runs until the task is cancelled. What a walk throws ends the job, which begins again.
  func run() async throws {
    while true {
      let erased = try await self.runOnce()
      if erased > 0 {
        self.parts.logger.notice(
          "persons were erased whose term is over", metadata: ["count": "\(erased)"])
      }
      try await self.parts.time.sleep(milliseconds: Self.pauseMs)
    }
  }

  /// One walk over everybody, each erasure a transaction of its own. Returns how many were erased.
  func runOnce() async throws -> Int {
    let before = CivilDate(of: self.parts.time.now()).adding(years: -self.machine.years)
    var erased = 0
    var cursor: String? = ""
    while let after = cursor {
      let page = try await self.store.read { try Self.page($0, after: after, before) }
      for person in page.due where try await self.erase(person) { erased += 1 }
      cursor = page.next
      if cursor != nil { try await self.parts.time.sleep(milliseconds: Self.stepPauseMs) }
    }
    return erased
  }

  /// Of the next persons those of whom nothing is in force or has ended since a day, as far as
  /// their rows say; and where the next page begins.
  private static func page(
    _ snapshot: Snapshot, after cursor: String, _ day: CivilDate
  ) throws -> (due: [ID<Storage.Person>], next: String?) {
    let rows = try snapshot.rows(
      """
      SELECT person_id, created_at < \(day.startOfDay)
        AND NOT EXISTS (SELECT 1 FROM person_alias WHERE alias_id = person.person_id)
        AND NOT EXISTS (SELECT 1 FROM permit WHERE permit.person_id = person.person_id
          AND (cancelled_at IS NULL OR cancelled_at >= \(day.startOfDay)))
        AND NOT EXISTS (SELECT 1 FROM registration
          WHERE registration.person_id = person.person_id
            AND (ended_on IS NULL OR ended_on >= \(day.iso))) AS is_due
      FROM person WHERE person_id > \(cursor) AND person_id <> \(KnownPersons.nobody)
      ORDER BY person_id LIMIT \(Self.pageMax)
      """)
    let due: [ID<Storage.Person>] = try rows.compactMap { row in
      try row.bool("is_due") ? row.id("person_id") : nil
    }
    let last = rows.count == Self.pageMax ? try rows.last?.text("person_id") : nil
    return (due, last)
  }

  /// False where something stands against it that the rows do not say.
  private func erase(_ person: ID<Storage.Person>) async throws -> Bool {
    if self.issuing.isShut { return false }
    let stamp = Stamp(.system, at: self.parts.time.now(), random: self.parts.random)
    let (store, machine) = (self.store, self.machine)
    return try await store.tables.store.write { transaction in
      guard let record = try store.erasureRecord(transaction, of: person),
        machine.rules(against: record, at: stamp.now).isEmpty
      else { return false }
      _ = try store.erase(transaction, person, Erasure(ground: .termOver), by: machine, stamp)
      return true
    }
  }
}
