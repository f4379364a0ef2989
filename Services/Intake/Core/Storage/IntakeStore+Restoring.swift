import DomainModel
import Storage

extension IntakeStore {
  /// Records a lost application as its case knows it: a new row, or what became of the draft that
  /// is there. One that is submitted stays as it is.
  func restore(
    _ lost: LostApplication, by actor: Actor, _ newIDs: NewPersons, _ call: InboxCall,
    now: Timestamp, answer: @escaping @Sendable () throws -> [UInt8]
  ) async throws -> [UInt8] {
    try await self.write { transaction in
      try self.inbox.answerOnce(transaction, call, now: now) {
        if try !transaction.exists("SELECT 1 FROM application WHERE application_id = \(lost.id)") {
          try self.insert(transaction, lost.draft(of: actor.principal))
        }
        let before = try self.application(transaction, .id(lost.id), within: .everything)
        guard let step = try before.restored(lost, at: now) else { return try answer() }
        let change = ApplicationChange(
          actor: actor, now: now, newIDs: newIDs, decide: { _ in step }, announce: { _ in [] })
        try self.save(transaction, step, from: before.version, change)
        let known = Set(before.materials.map(\.id))
        for material in lost.materials where !known.contains(material.id) {
          try self.replace(transaction, material, [], in: lost.id)
        }
        try self.append(transaction, step, by: actor, at: now)
        return try answer()
      }
    }
  }
}
