import Storage

extension IntakeStore {
  /// Where the service's sealed values stand; a test finds those that are forgotten here.
  static let sealedTables =
    PersonDirectory.sealed + Inbox.sealed + Outbox.sealed + History.sealed + History.sealedStandings
    + [
      SealedTable("application", "form", id: "application_id"),
      SealedTable("lead", "content", id: "lead_id"),
      SealedTable(
        "application_reason", "text", key: ["application_id", "sequence", "position"]
      ) { row in
        Self.reasonRow(
          try row.id("application_id"), sequence: try row.int64("sequence"),
          position: try row.int("position"))
      },
      SealedTable("application_finding", "facts", key: ["application_id", "rule"]) { row in
        Self.findingRow(try row.id("application_id"), try row.text("rule"))
      },
      SealedTable("material_piece", "bytes", key: ["material_id", "number"]) { row in
        Self.pieceRow(try row.id("material_id"), number: try row.int("number"))
      },
    ]
}
