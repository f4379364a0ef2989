import Storage

extension RegistryStore {
  /// Where the service's sealed values stand; a test finds those that are forgotten here.
  static let sealedTables =
    PersonDirectory.sealed + Inbox.sealed + Outbox.sealed + History.sealed
    + History.sealedStandings + LogTable.sealed + SlipTable.sealed + PersonEventTable.sealed
    + EarlierPermitTable.sealed + [
      SealedTable("registration", "address", id: "registration_id"),
      SealedTable("registration", "identity", id: "registration_id"),
      SealedTable("registration", "workplace", id: "registration_id"),
      SealedTable("permit", "document", id: "permit_id"),
      SealedTable("permit", "phone", id: "permit_id"),
      SealedTable("past_certificate", "document", id: "certificate_identifier"),
    ]
}
