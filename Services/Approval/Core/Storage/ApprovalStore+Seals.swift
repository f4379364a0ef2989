import Storage

extension ApprovalStore {
  /// Where the service's sealed values stand; a test finds those that are forgotten here.
  static let sealedTables =
    Inbox.sealed + Outbox.sealed + History.sealed + History.sealedStandings + [
      SealedTable("case_file", "form", id: "case_id"),
      SealedTable("case_file", "materials", id: "case_id"),
      SealedTable("case_file", "findings", id: "case_id"),
      SealedTable("approval_case", "issue_refused", id: "case_id"),
      SealedTable("opinion", "body", key: ["case_id", "round", "stage"]) { row in
        Self.row(try row.id("case_id"), try row.int("round"), try row.choice("stage"))
      },
      Self.numbered("case_pause"), Self.numbered("case_extension"),
    ] + InspectionTable.sealed

  private static func numbered(_ table: String) -> SealedTable {
    SealedTable(table, "note", key: ["case_id", "number"]) { row in
      Self.row(try row.id("case_id"), try row.int("number"))
    }
  }
}
