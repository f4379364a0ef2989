import DomainModel
import ServiceCore
import Storage

/// Erasing a person: one transaction, so that he is there or is not, whatever is killed.
///
/// What is left of him is nobody's: the days and states of permits and registrations, that a case
/// was given a permit, so that none is given it again, and the leaves of the log.
extension RegistryStore {
  /// What is on record of a person that bears on his erasure; nil where he is not known.
  func erasureRecord(
    _ snapshot: Snapshot, of person: ID<Storage.Person>
  ) throws -> ErasureRecord? {
    guard let known = try self.persons.knownSince(snapshot, person) else { return nil }
    var record = ErasureRecord(writtenAt: known)
    record.permits = try self.permits.permits(snapshot, of: person)
    record.registrations = try self.registrations.registrations(
      snapshot, of: person, within: .everything)
    let entities = record.permits.map(\.id.text) + record.registrations.map(\.id.text)
    for entity in entities {
      let last = try self.tables.history.lastInstant(snapshot, of: entity)
      record.writtenAt = max(record.writtenAt, last ?? known)
    }
    record.owesTexts = try record.permits.contains { permit in
      try snapshot.exists("SELECT 1 FROM outbox WHERE lane = \(PermitTexts.lane(of: permit))")
    }
    return record
  }

  /// Erases a person, if nothing stands against it; returns the lines of the log that say so, one
  /// for each permit and each registration. Throws `ERASURE_NOT_YET`.
  func erase(
    _ transaction: Transaction, _ person: ID<Storage.Person>, _ erasure: Erasure,
    by machine: ErasureMachine, _ stamp: Stamp
  ) throws -> [LogLine] {
    guard let record = try self.erasureRecord(transaction, of: person) else {
      throw ServiceError(.personNotFound)
    }
    try machine.check(record, at: stamp.now)
    let nobody = try self.persons.makeNobody(transaction, at: stamp.now)
    var lines: [LogLine] = []
    for registration in record.registrations {
      try self.registrations.enterEarlier(
        transaction, of: registration, before: .max, stamp)
      try self.registrations.write(
        transaction,
        Step(
          from: registration, to: registration.erased(at: stamp.now), .erased(erasure, nobody)),
        stamp)
      lines.append(try self.forget(transaction, before: registration.id.text))
    }
    for permit in record.permits {
      try self.permits.enterEarlier(transaction, of: permit, before: .max, stamp)
      let event = PermitEvent.erased(erasure)
      try self.permits.write(
        transaction,
        Step(
          from: permit, to: permit.applying(event, at: stamp.now),
          .changed(event, PermitStep.Beside())), stamp)
      lines.append(try self.forget(transaction, before: permit.id.text))
    }
    try self.provisions.forget(transaction, person)
    try self.persons.forget(transaction, person)
    return lines
  }

  /// Forgets what was written of an entity before its newest line; returns that.
  private func forget(_ transaction: Transaction, before entity: String) throws -> LogLine {
    let line = LogLine(
      entity: entity, version: try self.log.lastLine(transaction, of: entity))
    try self.log.erase(transaction, before: line)
    return line
  }
}
