import DomainModel
import PermitProof
import ServiceCore
import Storage

/// The transparency log's rows: an entry for every change of a permit or a registration, written in
/// the change's own transaction; what the sequencer makes of entries stands in `LogTable+Tree`.
///
/// Of an entry the leaf's hash stays for good. Its salt and record are sealed in one column, so
/// that destroying that one value leaves the tree whole and nothing to be learned from it.
struct LogTable: Sendable {
  /// Signalled when there are entries that have no leaf yet.
  static let entered: Topic = "log_entry"
  /// Signalled when entries have got their leaves.
  static let sequenced: Topic = "log_head"

  let history: History
  let signingKeys: SigningKeyTable
  private let record: SealedColumn

  init(_ history: History, sealer: any Sealer, signingKeys: SigningKeyTable) {
    self.history = history
    self.signingKeys = signingKeys
    self.record = SealedColumn(sealer, table: "log_entry", column: "record")
  }

  /// Enters a change. Entries get their leaves in the order of their numbers, and those of one
  /// entity are numbered in the order of its history.
  func append(_ transaction: Transaction, _ change: LoggedChange, _ stamp: Stamp) throws {
    guard let salt = LeafSalt(stamp.newBytes(LeafSalt.byteCount)) else {
      throw UnusableData("the random source gave no salt")
    }
    let entry = change.line.entry
    let record = change.record(salt: salt)
    let sealed = try self.record.seal(
      salt.bytes + record.canonicalBytes, row: Self.row(entry.entity, entry.sequence))
    try transaction.execute(
      """
      INSERT INTO log_entry (entity_kind, entity, sequence, action, at, division_code,
        certificate_identifier, record, leaf_hash)
      VALUES (\(change.kind), \(entry.entity), \(entry.sequence), \(entry.action), \(entry.at),
        \(change.divisionCode), \(change.certificateIdentifier), \(sealed),
        \(record.leaf(salt: salt).bytes))
      """)
    transaction.signal(Self.entered)
  }

  /// The lines of an entity's history before a sequence number that have no entry: those that
  /// earlier releases wrote. They are entered before anything newer of the entity is, so that an
  /// entity's entries always are the first lines of its history.
  func unentered(
    _ snapshot: Snapshot, of entity: String, before sequence: Int
  ) throws -> [HistoryStep] {
    if sequence <= 1 { return [] }
    let row = try snapshot.row(
      "SELECT MAX(sequence) AS last FROM log_entry WHERE entity = \(entity)")
    let last = try row?.optionalInt("last") ?? 0
    guard last + 1 < sequence else { return [] }
    return try self.history.steps(
      snapshot, of: entity, after: last, limit: Snapshot.rowsMax
    ).filter { $0.entry.sequence < sequence }
  }

  /// The certificate that an entry is about; nil where there is none.
  func certificate(
    _ snapshot: Snapshot, of entity: String, _ sequence: Int
  ) throws -> String? {
    try snapshot.row(
      """
      SELECT certificate_identifier FROM log_entry
      WHERE entity = \(entity) AND sequence = \(sequence)
      """
    )?.optionalText("certificate_identifier")
  }

  /// A leaf's salt and record; nil where they were destroyed.
  func opened(_ row: Row) throws -> (salt: LeafSalt, record: LogRecord)? {
    guard let sealed = try row.optionalBytes("record") else { return nil }
    let seal = Self.row(try row.text("entity"), try row.int("sequence"))
    let bytes = try self.record.open(sealed, row: seal)
    guard let salt = LeafSalt(Array(bytes.prefix(LeafSalt.byteCount))),
      let record = try? LogRecord(canonicalBytes: Array(bytes.dropFirst(LeafSalt.byteCount)))
    else { throw UnusableData("log entry \(seal) holds no record") }
    return (salt, record)
  }

  private static func row(_ entity: String, _ sequence: Int) -> String { "\(entity)/\(sequence)" }

  /// Where its sealed values stand.
  static let sealed = [
    SealedTable("log_entry", "record", key: ["entity", "sequence"]) { row in
      Self.row(try row.text("entity"), try row.int("sequence"))
    }
  ]
}
