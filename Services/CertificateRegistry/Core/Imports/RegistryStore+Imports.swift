import DomainModel
import ServiceCore
import Storage

/// A permit of an earlier kind, made ready to be saved. Its certificate has no signature: it is
/// what the paper says, in the form from which the first electronic one will be made.
struct PreparedImport: Hashable, Sendable {
  let permit: Permit
  let certificate: SignedCertificate
  /// SHA-256 of its document in hexadecimal digits: it stands in the history, and so the log
  /// vouches for what the paper said, though nobody has signed it.
  let documentSHA256: String
}

extension RegistryStore {
  /// Saves an imported permit unless it stands already; then that one, and true. Throws what the
  /// decision does. Another transaction that was first is met at the commit, as a violation of
  /// `permit_live`.
  func importPermit(
    _ transaction: Transaction, _ command: ImportCommand, _ prepared: PreparedImport,
    _ stamp: Stamp
  ) throws -> (permit: Permit, stoodAlready: Bool) {
    let person = try self.persons.findOrCreate(
      transaction, citizenID: command.holder.citizenID.text, newID: stamp.newID(), now: stamp.now)
    let record = try self.record(transaction, command, of: person)
    let divisions = self.machine.policy.divisions
    switch try ImportDecision.decide(command, over: record, divisions) {
    case .existing(let permit): return (permit, true)
    case .record:
      let permit = prepared.permit
      try self.permits.write(
        transaction,
        Step(from: nil, to: permit, PermitStep.imported(prepared, command, of: person)), stamp)
      try self.earlier.insert(transaction, command.earlier, of: permit.id)
      return (permit, false)
    }
  }

  private func record(
    _ snapshot: Snapshot, _ command: ImportCommand, of person: ID<Storage.Person>
  ) throws -> ImportDecision.Record {
    var record = ImportDecision.Record()
    record.facts = try self.persons.events.facts(snapshot, of: person)
    record.live = try self.permits.live(snapshot, of: person, within: .everything)
    let earlier = command.earlier
    guard let found = try self.earlier.find(snapshot, earlier.kind, earlier.number),
      let permit = try self.permits.find(snapshot, found.permit),
      let holder = try self.permits.person(snapshot, of: found.permit)
    else { return record }
    let number = try self.persons.citizenID(snapshot, of: holder)
    record.known = ImportDecision.Known(
      permit: permit, earlier: found.earlier, isSameHolder: holder == person,
      maskedHolder: Masking.middle(of: number ?? "", keepingFirst: 1, last: 1))
    return record
  }
}
