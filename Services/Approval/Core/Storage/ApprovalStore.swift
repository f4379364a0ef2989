import DomainModel
import ServiceCore
import Storage

/// The approval service's database. A method that takes a transaction or a snapshot is a part of
/// the one closure of its caller; the others are whole transactions.
struct ApprovalStore: EntityTable {
  let tables: ServiceTables
  let sealed: SealedColumns
  /// A case as it stands, in the contract's format, for its history.
  let encode: @Sendable (CaseRecord) throws -> [UInt8]

  /// The columns with personal data.
  struct SealedColumns: Sendable {
    let form: SealedColumn
    let materials: SealedColumn
    let findings: SealedColumn
    let opinion: SealedColumn
    let issueRefused: SealedColumn
    let pauseNote: SealedColumn
    let extensionNote: SealedColumn
  }

  init(
    _ store: any Store, sealer: any Sealer,
    encode: @escaping @Sendable (CaseRecord) throws -> [UInt8]
  ) {
    self.tables = ServiceTables(store, sealer: sealer)
    self.encode = encode
    self.sealed = SealedColumns(
      form: SealedColumn(sealer, table: "case_file", column: "form"),
      materials: SealedColumn(sealer, table: "case_file", column: "materials"),
      findings: SealedColumn(sealer, table: "case_file", column: "findings"),
      opinion: SealedColumn(sealer, table: "opinion", column: "body"),
      issueRefused: SealedColumn(sealer, table: "approval_case", column: "issue_refused"),
      pauseNote: SealedColumn(sealer, table: "case_pause", column: "note"),
      extensionNote: SealedColumn(sealer, table: "case_extension", column: "note"))
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Snapshot) throws -> Value
  ) async throws -> Value {
    try await self.tables.store.read(body)
  }

  func historyID(of record: CaseRecord) -> String { record.file.id.text }

  func standing(of record: CaseRecord) throws -> Standing? {
    Standing(
      state: record.file.state.rawValue, version: record.file.version,
      record: try self.encode(record))
  }

  /// Opens a case, once an application: a second call answers the first case, whatever its key. One
  /// that is known to have stood somewhere else before it was lost is brought there. Returns the
  /// case's id, and the case where it is new and nothing has happened to it yet.
  func open(
    _ transaction: Transaction, _ opening: CaseOpening, _ stamp: Stamp
  ) throws -> (id: ID<ApprovalCase>, untouched: CaseRecord?) {
    let (id, opened) = try self.findOrOpen(transaction, opening, stamp)
    guard let standing = opening.standing else { return (id, opened) }
    let isBrought = try self.bring(transaction, id, to: standing, opening, stamp)
    return (id, isBrought ? nil : opened)
  }

  private func findOrOpen(
    _ transaction: Transaction, _ opening: CaseOpening, _ stamp: Stamp
  ) throws -> (ID<ApprovalCase>, CaseRecord?) {
    let file = opening.file
    let application = CaseKey.applicationID(file.origin.applicationID)
    if let first = try self.caseID(transaction, application, within: .everything) {
      return (first, nil)
    }
    let record = CaseRecord(file: file, papers: opening.papers, progress: 0)
    try self.write(transaction, Step(from: nil, to: record, CaseChange.opened), stamp)
    return (file.id, record)
  }
}
