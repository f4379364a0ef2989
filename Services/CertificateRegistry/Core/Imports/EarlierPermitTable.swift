import DomainModel
import ServiceCore
import Storage

/// The permits that were imported, by what was printed on them.
///
/// A number is sealed, for some were the holder's citizen number, and found as persons are: by the
/// keyed one-way index, under every key of the ring.
struct EarlierPermitTable: Sendable {
  private let number: SealedColumn
  private let index: any BlindIndex

  init(sealer: any Sealer, index: any BlindIndex) {
    self.number = SealedColumn(sealer, table: "earlier_permit", column: "number")
    self.index = index
  }

  /// The permit that was imported under this kind and number, and what it said; nil where none was.
  func find(
    _ snapshot: Snapshot, _ kind: PermitKind, _ number: String
  ) throws -> (permit: ID<Permit>, earlier: EarlierPermit)? {
    for index in self.indexes {
      let row = try snapshot.row(
        """
        SELECT earlier_permit.permit_id AS permit_id, kind, number, issued_on, valid_to_on
        FROM earlier_permit_key JOIN earlier_permit
          ON earlier_permit.permit_id = earlier_permit_key.permit_id
        WHERE key_id = \(index.keyID) AND blind = \(index.blind(Self.text(kind, number)))
        """)
      if let row { return (try row.id("permit_id"), try self.earlier(row)) }
    }
    return nil
  }

  /// Keeps what a permit says that is imported. Throws `StorageError.serializationFailure` where
  /// another transaction has imported the same meanwhile: the closure runs again and finds it.
  func insert(_ transaction: Transaction, _ earlier: EarlierPermit, of permit: ID<Permit>) throws {
    try transaction.execute(
      """
      INSERT INTO earlier_permit (permit_id, kind, number, issued_on, valid_to_on)
      VALUES (\(permit), \(earlier.kind.rawValue),
        \(try self.number.seal(earlier.number, row: permit.text)), \(earlier.issuedOn.iso),
        \(earlier.validToOn.iso))
      """)
    for index in self.indexes {
      guard try self.add(transaction, index, earlier, permit) else {
        throw StorageError.serializationFailure
      }
    }
  }

  /// The names of the ring's keys.
  var keyIDs: [String] { self.indexes.map(\.keyID) }

  /// Some imported permits in the order of their ids: which of them are not under every key.
  func lookForMissingRows(_ snapshot: Snapshot, after id: String) throws -> KeyWalk.Page {
    let ring = self.keyIDs
    let rows = try snapshot.rows(
      """
      SELECT permit_id, (
        SELECT COUNT(*) FROM earlier_permit_key
        WHERE earlier_permit_key.permit_id = earlier_permit.permit_id
          AND key_id IN \(values: ring)
      ) AS keys
      FROM earlier_permit WHERE permit_id > \(id) ORDER BY permit_id LIMIT \(KeyWalk.lookMax)
      """)
    return KeyWalk.Page(
      missing: try rows.filter { try $0.int("keys") < ring.count }.map { try $0.text("permit_id") },
      last: try rows.last?.text("permit_id"), count: rows.count)
  }

  /// Writes the rows that these permits lack under some key; returns how many.
  func addMissingRows(_ transaction: Transaction, of permits: [String]) throws -> Int {
    var added = 0
    for permit in permits.map(ID<Permit>.init) {
      let row = try transaction.row(
        """
        SELECT permit_id, kind, number, issued_on, valid_to_on FROM earlier_permit
        WHERE permit_id = \(permit)
        """)
      guard let row else { continue }
      for index in self.indexes {
        let isThere = try transaction.exists(
          """
          SELECT 1 FROM earlier_permit_key
          WHERE permit_id = \(permit) AND key_id = \(index.keyID)
          """)
        if isThere { continue }
        // Two permits of one kind and number: that is for a human to mend.
        guard try self.add(transaction, index, self.earlier(row), permit) else {
          throw StorageError.uniqueViolation(constraint: "earlier_permit_key_pkey")
        }
        added += 1
      }
    }
    return added
  }

  /// The indexes of now, the one that is asked first first.
  private var indexes: [any BlindIndex] {
    let now = self.index.now
    return [now] + now.others
  }

  private func add(
    _ transaction: Transaction, _ index: any BlindIndex, _ earlier: EarlierPermit,
    _ permit: ID<Permit>
  ) throws -> Bool {
    try transaction.changedRows(
      """
      INSERT INTO earlier_permit_key (key_id, blind, permit_id)
      VALUES (\(index.keyID), \(index.blind(Self.text(earlier.kind, earlier.number))), \(permit))
      ON CONFLICT DO NOTHING
      """) > 0
  }

  private func earlier(_ row: Row) throws -> EarlierPermit {
    EarlierPermit(
      kind: try row.choice("kind"),
      number: try self.number.openText(row.bytes("number"), row: row.text("permit_id")),
      issuedOn: try row.date("issued_on"), validToOn: try row.date("valid_to_on"))
  }

  /// No citizen number has a stroke, so that none of them is ever found here.
  private static func text(_ kind: PermitKind, _ number: String) -> String {
    "\(kind.rawValue)/\(number)"
  }

  /// Where its sealed values stand.
  static let sealed = [SealedTable("earlier_permit", "number", id: "permit_id")]

  /// The tables, for a later migration of the registry. What was imported has neither application
  /// nor case: both are empty.
  static let schema = [
    """
    CREATE TABLE earlier_permit (
      permit_id $TEXT PRIMARY KEY REFERENCES permit (permit_id),
      kind $TEXT NOT NULL,
      number $BYTES NOT NULL,
      issued_on $TEXT NOT NULL,
      valid_to_on $TEXT NOT NULL
    ) $TABLE;
    CREATE TABLE earlier_permit_key (
      key_id $TEXT NOT NULL,
      blind $BYTES NOT NULL,
      permit_id $TEXT NOT NULL REFERENCES earlier_permit (permit_id),
      PRIMARY KEY (key_id, blind)
    ) $TABLE;
    CREATE INDEX earlier_permit_key_permit ON earlier_permit_key (permit_id);
    DROP INDEX permit_case;
    CREATE UNIQUE INDEX permit_case ON permit (case_id) WHERE case_id <> '';
    """
  ]
}
