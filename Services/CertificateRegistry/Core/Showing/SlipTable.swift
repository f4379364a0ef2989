import DomainModel
import Storage

/// What is kept of a confirmation slip: enough to print the same bytes again, and their hash.
struct SlipRecord: Hashable, Sendable {
  /// The slip's own number.
  let number: String
  let permit: ID<Permit>
  let order: SlipOrder
  /// The station that printed it, and its officer.
  let stationCode: String
  let officerID: String
  let printedAt: Timestamp
  let status: PaperPermit.Status
  /// The text of its QR code, signed.
  let code: String
  /// SHA-256 of what was handed out.
  let sha256: [UInt8]
}

/// The rows of confirmation slips.
struct SlipTable: Sendable {
  /// Where its sealed values stand.
  static let sealed = [
    SealedTable("slip", "entrusted", id: "slip_number"),
    SealedTable("slip", "code", id: "slip_number"),
  ]

  private let entrusted: SealedColumn
  private let code: SealedColumn

  init(sealer: any Sealer) {
    self.entrusted = SealedColumn(sealer, table: "slip", column: "entrusted")
    self.code = SealedColumn(sealer, table: "slip", column: "code")
  }

  /// Keeps a slip that is handed out.
  func insert(_ transaction: Transaction, _ slip: SlipRecord) throws {
    let entrusted = try self.entrusted.seal(
      slip.order.entrusted.map { FieldText.join([$0.name, $0.citizenID]) }, row: slip.number)
    let code = try self.code.seal(slip.code, row: slip.number)
    try transaction.execute(
      """
      INSERT INTO slip (slip_number, permit_id, certificate_identifier, printed_at, station_code,
        officer_id, shown_paper, entrusted, permit_status, suspended_from_on, code, sha256)
      VALUES (\(slip.number), \(slip.permit), \(slip.order.certificateIdentifier),
        \(slip.printedAt), \(slip.stationCode), \(slip.officerID), \(slip.order.shown),
        \(entrusted), \(slip.status.stored.word), \(slip.status.stored.since?.iso), \(code),
        \(slip.sha256))
      """)
  }

  /// The slip of a number; nil where there is none.
  func find(_ snapshot: Snapshot, number: String) throws -> SlipRecord? {
    try snapshot.row(
      """
      SELECT permit_id, certificate_identifier, printed_at, station_code, officer_id, shown_paper,
        entrusted, permit_status, suspended_from_on, code, sha256
      FROM slip WHERE slip_number = \(number)
      """
    ).map { try self.slip($0, number) }
  }

  private func slip(_ row: Row, _ number: String) throws -> SlipRecord {
    let entrusted = try self.entrusted.openText(row.optionalBytes("entrusted"), row: number)
    let fields = try entrusted.map { try FieldText.split($0, into: 2, column: "entrusted") }
    return SlipRecord(
      number: number, permit: try row.id("permit_id"),
      order: SlipOrder(
        certificateIdentifier: try row.text("certificate_identifier"),
        shown: try row.choice("shown_paper"),
        entrusted: fields.map { EntrustedPerson(name: $0[0], citizenID: $0[1]) }),
      stationCode: try row.text("station_code"), officerID: try row.text("officer_id"),
      printedAt: try row.timestamp("printed_at"),
      status: try PaperPermit.Status(
        stored: row.choice("permit_status"), since: row.optionalDate("suspended_from_on")),
      code: try self.code.openText(row.bytes("code"), row: number),
      sha256: try row.bytes("sha256"))
  }
}

extension PaperPermit.Status {
  /// The word for it in a row.
  fileprivate enum Word: String {
    case valid
    case endorsementWindow = "endorsement_window"
    case endorsementPending = "endorsement_pending"
    case suspended
  }

  fileprivate var stored: (word: Word, since: CivilDate?) {
    switch self {
    case .valid: (.valid, nil)
    case .endorsementWindow: (.endorsementWindow, nil)
    case .endorsementPending: (.endorsementPending, nil)
    case .suspended(let since): (.suspended, since)
    }
  }

  fileprivate init(stored word: Word, since: CivilDate?) throws {
    switch (word, since) {
    case (.valid, nil): self = .valid
    case (.endorsementWindow, nil): self = .endorsementWindow
    case (.endorsementPending, nil): self = .endorsementPending
    case (.suspended, let since?): self = .suspended(since: since)
    default:
      throw StorageError.undecodable(
        column: "suspended_from_on", expected: "the day of a suspension", found: "\(word)", sql: "")
    }
  }
}
