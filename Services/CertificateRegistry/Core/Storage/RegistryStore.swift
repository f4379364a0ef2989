import DomainModel
import Storage

/// The registry's rows. A method is one transaction; its SQL stands in it.
///
/// Personal columns are sealed; persons are found by the blind index of their citizen number.
struct RegistryStore: Sendable {
  let store: any Store
  let persons: PersonDirectory
  let inbox: Inbox
  let outbox: Outbox
  let history: History
  let columns: Columns

  /// The sealed columns.
  struct Columns: Sendable {
    let registrationAddress: SealedColumn
    let registrationIdentity: SealedColumn
    let permitDocument: SealedColumn
    let permitPhone: SealedColumn
  }

  init(_ store: any Store, sealer: any Sealer, index: any BlindIndex) {
    self.store = store
    self.persons = PersonDirectory(sealer: sealer, index: index)
    self.inbox = Inbox(sealer: sealer)
    self.outbox = Outbox(sealer: sealer)
    self.history = History(sealer: sealer)
    self.columns = Columns(
      registrationAddress: SealedColumn(sealer, table: "registration", column: "address"),
      registrationIdentity: SealedColumn(sealer, table: "registration", column: "identity"),
      permitDocument: SealedColumn(sealer, table: "permit", column: "document"),
      permitPhone: SealedColumn(sealer, table: "permit", column: "phone"))
  }
}

/// Who made a change and when; made outside of the transaction, which may run more than once.
struct Stamp: Hashable, Sendable {
  /// The caller's principal, or the officer on whose behalf it calls.
  var actor: String
  /// The actor's office, 12 digits; empty where there is none.
  var office: String
  /// The instant.
  var now: Timestamp
  /// The id a person gets who is not known yet.
  var newPerson: ID<Storage.Person>
}
