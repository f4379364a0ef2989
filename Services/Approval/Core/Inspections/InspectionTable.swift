import DomainModel
import ServiceCore
import Storage

/// Inspections in the database; what happened to them stands in their case's history, beside its
/// own steps.
struct InspectionTable: Sendable {
  let tables: ServiceTables
  private let grounds: SealedColumn
  private let statement: SealedColumn
  private let findings: SealedColumn
  private let decidedFindings: SealedColumn
  private let refused: SealedColumn
  let disputeReason: SealedColumn

  init(_ tables: ServiceTables, sealer: any Sealer) {
    self.tables = tables
    self.grounds = SealedColumn(sealer, table: "inspection", column: "grounds")
    self.statement = SealedColumn(sealer, table: "inspection", column: "statement")
    self.findings = SealedColumn(sealer, table: "inspection", column: "findings")
    self.decidedFindings = SealedColumn(sealer, table: "inspection", column: "decided_findings")
    self.refused = SealedColumn(sealer, table: "inspection", column: "refused")
    self.disputeReason = SealedColumn(sealer, table: "inspection", column: "dispute_reason")
  }

  /// Where its sealed values stand.
  static let sealed = [
    "grounds", "statement", "findings", "decided_findings", "refused", "dispute_reason",
  ].map { SealedTable("inspection", $0, id: "inspection_id") }

  /// One case has one inspection that is not over: the index says so too.
  static let schema = [
    """
    CREATE TABLE inspection (
      inspection_id $TEXT PRIMARY KEY,
      case_id $TEXT NOT NULL,
      application_id $TEXT NOT NULL,
      certificate_identifier $TEXT NOT NULL,
      office_code $TEXT NOT NULL,
      bureau_code $TEXT NOT NULL,
      state $TEXT NOT NULL,
      is_closed $INT NOT NULL,
      version $INT NOT NULL,
      grounds $BYTES NOT NULL,
      served_on $TEXT NOT NULL,
      opened_by $TEXT NOT NULL,
      opened_office $TEXT NOT NULL,
      opened_at $INT NOT NULL,
      statement $BYTES,
      stated_by $TEXT,
      stated_office $TEXT,
      stated_at $INT,
      outcome $TEXT,
      findings $BYTES,
      decision_number $TEXT,
      fine_yuan $INT,
      proposed_by $TEXT,
      proposed_office $TEXT,
      proposed_at $INT,
      decided_by $TEXT,
      decided_office $TEXT,
      decided_at $INT,
      orders_count $INT NOT NULL,
      cancelled_at $INT,
      refused $BYTES
    ) $TABLE;
    """,
    "CREATE UNIQUE INDEX inspection_one_open ON inspection (case_id) WHERE is_closed = 0;",
    "CREATE INDEX inspection_case ON inspection (case_id, inspection_id);",
    "CREATE INDEX inspection_office ON inspection (office_code, inspection_id);",
    "CREATE INDEX inspection_bureau ON inspection (bureau_code, inspection_id);",
    """
    CREATE TABLE inspection_officer (
      inspection_id $TEXT NOT NULL,
      officer_id $TEXT NOT NULL,
      part $TEXT NOT NULL,
      PRIMARY KEY (inspection_id, officer_id)
    ) $TABLE;
    """,
  ]

  /// What the second officer found, beside the first's findings; NULL where an earlier release let
  /// it go.
  static let secondFindings = ["ALTER TABLE inspection ADD COLUMN decided_findings $BYTES;"]

  /// Writes what an event has made of an inspection, with its line in the case's history and what
  /// the registry is told. `before` is nil where it begins.
  func write(
    _ transaction: Transaction, _ event: InspectionEvent, from before: Inspection?,
    to after: Inspection, telling messages: [OutboxMessage], _ stamp: Stamp
  ) throws {
    if let before {
      try self.update(transaction, after, from: before.version)
      try self.updateCredit(transaction, after)
    } else {
      try self.insert(transaction, after)
    }
    let known = before?.officers ?? [:]
    for (officer, part) in after.officers.sorted(by: { $0.key < $1.key })
    where known[officer] != part {
      try self.enter(transaction, officer, as: part, into: after.id)
    }
    try self.tables.history.append(
      transaction,
      HistoryEntry(
        event.action, of: ApprovalStore.deskHistoryID(of: after.caseID.text), by: stamp.actor,
        at: stamp.now, detail: event.detail(of: after)))
    for message in messages {
      try self.tables.outbox.enqueue(transaction, message, now: stamp.now)
    }
  }

  private func insert(_ transaction: Transaction, _ inspection: Inspection) throws {
    let id = inspection.id
    try transaction.execute(
      """
      INSERT INTO inspection (inspection_id, case_id, application_id, certificate_identifier,
        office_code, bureau_code, state, is_closed, version, grounds, served_on, opened_by,
        opened_office, opened_at, orders_count)
      VALUES (\(id), \(inspection.caseID), \(inspection.applicationID),
        \(inspection.certificateIdentifier), \(inspection.officeCode), \(inspection.bureauCode),
        \(inspection.state), \(inspection.state.isClosed), \(inspection.version),
        \(try self.grounds.seal(inspection.grounds, row: id.text)), \(inspection.servedOn.iso),
        \(inspection.opened.officerID), \(inspection.opened.officeCode),
        \(inspection.opened.at), \(inspection.ordersCount))
      """)
  }

  private func update(
    _ transaction: Transaction, _ inspection: Inspection, from version: Int64
  ) throws {
    let row = inspection.id.text
    let (statement, conclusion) = (inspection.statement, inspection.conclusion)
    let reasons =
      inspection.refusedReasons.isEmpty
      ? nil : ReasonLines.written(text: "", reasons: inspection.refusedReasons)
    try transaction.update(
      """
      UPDATE inspection SET state = \(inspection.state), is_closed = \(inspection.state.isClosed),
        version = \(inspection.version),
        statement = \(try self.statement.seal(statement?.text, row: row)),
        stated_by = \(statement?.signature.officerID),
        stated_office = \(statement?.signature.officeCode),
        stated_at = \(statement?.signature.at),
        outcome = \(conclusion.map { $0.penalty == nil ? "nothing_found" : "fraud" }),
        findings = \(try self.findings.seal(conclusion?.findings, row: row)),
        decided_findings =
          \(try self.decidedFindings.seal(inspection.decidedFindings, row: row)),
        decision_number = \(conclusion?.penalty?.decisionNumber),
        fine_yuan = \(conclusion?.penalty.flatMap(Self.fineYuan)),
        proposed_by = \(inspection.proposed?.officerID),
        proposed_office = \(inspection.proposed?.officeCode),
        proposed_at = \(inspection.proposed?.at), decided_by = \(inspection.decided?.officerID),
        decided_office = \(inspection.decided?.officeCode),
        decided_at = \(inspection.decided?.at), orders_count = \(inspection.ordersCount),
        cancelled_at = \(inspection.cancelledAt),
        refused = \(try self.refused.seal(reasons, row: row))
      WHERE inspection_id = \(inspection.id) AND version = \(version)
      """)
  }

  /// One officer takes one part in an inspection; the primary key says so, whatever the state
  /// machine thinks.
  private func enter(
    _ transaction: Transaction, _ officerID: String, as part: InspectionPart,
    into id: ID<Inspection>
  ) throws {
    try transaction.execute(
      """
      INSERT INTO inspection_officer (inspection_id, officer_id, part)
      VALUES (\(id), \(officerID), \(part)) ON CONFLICT DO NOTHING
      """)
    let known = try transaction.row(
      """
      SELECT part FROM inspection_officer
      WHERE inspection_id = \(id) AND officer_id = \(officerID)
      """)?.text("part")
    if known != part.rawValue { throw ServiceError(.officerAlreadyInCase) }
  }
}

extension InspectionTable {
  /// The inspection of a case that is not over.
  func open(
    _ snapshot: Snapshot, of id: ID<ApprovalCase>
  ) throws -> ID<Inspection>? {
    try snapshot.row(
      "SELECT inspection_id FROM inspection WHERE case_id = \(id) AND is_closed = 0"
    )?.id("inspection_id")
  }

  /// The case of an inspection; nil where there is no such inspection.
  func caseID(_ snapshot: Snapshot, of id: String) throws -> ID<ApprovalCase>? {
    try snapshot.row("SELECT case_id FROM inspection WHERE inspection_id = \(id)")?.id("case_id")
  }

  /// One inspection. Throws `INSPECTION_NOT_FOUND` where there is none, `OFFICER_WRONG_OFFICE`
  /// where the caller does not reach it.
  func find(
    _ snapshot: Snapshot, _ id: String, within reach: OfficeReach
  ) throws -> Inspection {
    let row = try snapshot.row(
      """
      SELECT \(sql: Self.columns) FROM inspection
      WHERE inspection_id = \(id) AND \(sql: reach.condition(on: "office_code", or: "bureau_code"))
      """)
    guard let row else {
      try reach.refuseHidden(
        snapshot, "SELECT 1 FROM inspection WHERE inspection_id = \(id)")
      throw ServiceError(.inspectionNotFound)
    }
    return try self.inspection(snapshot, row)
  }

  /// Inspections after an id, by ascending id; those that are over too if `includesClosed`.
  func list(
    _ snapshot: Snapshot, ofCase caseID: String, after id: String, includesClosed: Bool,
    limit: Int, within reach: OfficeReach
  ) throws -> [Inspection] {
    let ofCase: SQL = caseID.isEmpty ? "" : "AND case_id = \(caseID)"
    let open: SQL = includesClosed ? "" : "AND is_closed = 0"
    return try snapshot.rows(
      """
      SELECT \(sql: Self.columns) FROM inspection
      WHERE inspection_id > \(id) \(sql: ofCase) \(sql: open)
        AND \(sql: reach.condition(on: "office_code", or: "bureau_code"))
      ORDER BY inspection_id LIMIT \(limit)
      """
    ).map { try self.inspection(snapshot, $0) }
  }

  private static let columns: SQL = """
    inspection_id, case_id, application_id, certificate_identifier, office_code, bureau_code, \
    state, version, grounds, served_on, opened_by, opened_office, opened_at, statement, stated_by, \
    stated_office, stated_at, outcome, findings, decision_number, fine_yuan, proposed_by, \
    proposed_office, proposed_at, decided_by, decided_office, decided_at, orders_count, \
    cancelled_at, refused, decided_findings, \
    credit_state, credit_version, credit_number, credit_fine_yuan, credit_recorded_at, \
    credit_changed_at, disputed_by, disputed_office, disputed_at, dispute_reason
    """

  private func inspection(_ snapshot: Snapshot, _ row: Row) throws -> Inspection {
    let id: ID<Inspection> = try row.id("inspection_id")
    var inspection = Inspection(
      id: id, caseID: try row.id("case_id"), applicationID: try row.text("application_id"),
      certificateIdentifier: try row.text("certificate_identifier"),
      officeCode: try row.text("office_code"), bureauCode: try row.text("bureau_code"),
      state: try row.choice("state"), version: try row.int64("version"),
      grounds: try self.grounds.openText(row.bytes("grounds"), row: id.text),
      servedOn: try row.date("served_on"),
      opened: InspectionSignature(
        officerID: try row.text("opened_by"), officeCode: try row.text("opened_office"),
        at: try row.timestamp("opened_at")))
    if let signature = try Self.signature(row, "stated") {
      let text = try self.statement.openText(row.optionalBytes("statement"), row: id.text)
      inspection.statement = InspectionStatement(text: text ?? "", signature: signature)
    }
    inspection.conclusion = try self.conclusion(row, of: id)
    inspection.proposed = try Self.signature(row, "proposed")
    inspection.decided = try Self.signature(row, "decided")
    inspection.decidedFindings = try self.decidedFindings.openText(
      row.optionalBytes("decided_findings"), row: id.text)
    inspection.ordersCount = try row.int("orders_count")
    inspection.cancelledAt = try row.optionalTimestamp("cancelled_at")
    let refused = try self.refused.openText(row.optionalBytes("refused"), row: id.text)
    inspection.refusedReasons = refused.map { ReasonLines.read($0).reasons } ?? []
    inspection.credit = try self.credit(row, of: id)
    for row in try snapshot.rows(
      "SELECT officer_id, part FROM inspection_officer WHERE inspection_id = \(id)")
    {
      inspection.officers[try row.text("officer_id")] = try row.choice("part")
    }
    return inspection
  }

  private func conclusion(_ row: Row, of id: ID<Inspection>) throws -> InspectionConclusion? {
    guard
      let findings = try self.findings.openText(row.optionalBytes("findings"), row: id.text)
    else { return nil }
    guard let number = try row.optionalText("decision_number") else {
      return InspectionConclusion(outcome: .nothingFound, findings: findings)
    }
    let penalty = Self.penalty(number, fineYuan: try row.optionalInt("fine_yuan"))
    return InspectionConclusion(outcome: .fraud(penalty), findings: findings)
  }

  /// How much a penalty's fine is, as it stands in a row: 0 for a warning alone, nil where none is
  /// imposed.
  static func fineYuan(_ penalty: InspectionConclusion.Penalty) -> Int? {
    penalty.kind == .notImposed ? nil : penalty.fineYuan
  }

  /// The penalty of a row.
  static func penalty(_ number: String, fineYuan: Int?) -> InspectionConclusion.Penalty {
    let kind: InspectionConclusion.Penalty.Kind =
      switch fineYuan {
      case nil: .notImposed
      case 0: .warning
      case let yuan?: .fine(yuan: yuan)
      }
    return InspectionConclusion.Penalty(decisionNumber: number, kind: kind)
  }

  static func signature(_ row: Row, _ step: String) throws -> InspectionSignature? {
    guard let officerID = try row.optionalText("\(step)_by"),
      let at = try row.optionalTimestamp("\(step)_at")
    else { return nil }
    return InspectionSignature(
      officerID: officerID, officeCode: try row.optionalText("\(step)_office") ?? "", at: at)
  }
}
