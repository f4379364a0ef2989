public import DomainModel

/// One thing that happened to an entity: who, when, what, why. Never changed, never removed.
public struct HistoryEntry: Hashable, Sendable {
  /// The entity's id.
  public var entity: String
  /// 1 for the entity's first entry, without gaps; given by `append`.
  public var sequence: Int
  /// When.
  public var at: Timestamp
  /// Who: a caller's principal (`officer:…`), or `system`.
  public var actor: String
  /// In which role; empty where there is none.
  public var role: String
  /// At which office (12 digits); empty where there is none.
  public var office: String
  /// What: an action's machine name, such as `accept`.
  public var action: String
  /// Why, and with what; may hold personal data, for it is sealed.
  public var detail: String

  /// An entry to append.
  public init(
    entity: String, at: Timestamp, actor: String, role: String = "", office: String = "",
    action: String, detail: String = ""
  ) {
    self.entity = entity
    self.sequence = 0
    self.at = at
    self.actor = actor
    self.role = role
    self.office = office
    self.action = action
    self.detail = detail
  }
}

/// The append-only table `history`, written with every change of state, in the same transaction.
public struct History: Sendable {
  private let detail: SealedColumn
  let record: SealedColumn

  /// The history of one service.
  public init(sealer: any Sealer) {
    self.detail = SealedColumn(sealer, table: "history", column: "detail")
    self.record = SealedColumn(sealer, table: "history", column: "record")
  }

  /// Appends an entry, with how the entity stands after it where the service answers of the past
  /// (`standingColumns`); returns its sequence number. `isFirst`: the entity begins with it, so
  /// nobody has to look what its last one was.
  @discardableResult
  public func append(
    _ transaction: Transaction, _ entry: HistoryEntry, standing: Standing? = nil,
    isFirst: Bool = false
  ) throws -> Int {
    let sequence = isFirst ? 1 : try self.nextSequence(transaction, of: entry.entity)
    let row = Self.row(entry.entity, sequence)
    let detail = try self.detail.seal(entry.detail, row: row)
    let kept = try self.columns(of: standing, row: row)
    try transaction.execute(
      """
      INSERT INTO history (entity, sequence, at, actor, role, office, action, detail
        \(sql: kept.names))
      VALUES (\(entry.entity), \(sequence), \(entry.at), \(entry.actor), \(entry.role),
        \(entry.office), \(entry.action), \(detail)
        \(sql: kept.values))
      """)
    return sequence
  }

  private func nextSequence(_ transaction: Transaction, of entity: String) throws -> Int {
    let last = try transaction.row(
      "SELECT MAX(sequence) AS last FROM history WHERE entity = \(entity)")
    return try (last?.optionalInt("last") ?? 0) + 1
  }

  /// The columns of a standing and their values, as they follow the others; nothing without one, so
  /// that a service which answers only of the present needs no such columns.
  private func columns(
    of standing: Standing?, row: String
  ) throws -> (names: SQL, values: SQL) {
    guard let standing else { return ("", "") }
    let record = try self.record.seal(standing.record, row: row)
    return (
      ", state, version, record", ", \(standing.state), \(standing.version), \(record)"
    )
  }

  /// The entries of an entity after a sequence number, oldest first, at most `limit`.
  public func entries(
    _ snapshot: Snapshot, of entity: String, after sequence: Int = 0, limit: Int = 1_000
  ) throws -> [HistoryEntry] {
    try snapshot.rows(
      """
      SELECT entity, sequence, at, actor, role, office, action, detail FROM history
      WHERE entity = \(entity) AND sequence > \(sequence) ORDER BY sequence LIMIT \(limit)
      """
    ).map(self.entry)
  }

  /// When the newest entry of an entity happened; nil where there is none.
  public func lastInstant(_ snapshot: Snapshot, of entity: String) throws -> Timestamp? {
    try snapshot.row(
      "SELECT at FROM history WHERE entity = \(entity) ORDER BY sequence DESC LIMIT 1"
    )?.timestamp("at")
  }

  /// The instant under which something of an instant of law is written down that may be past: that
  /// one, but not before the newest entry, so that a history is in the order of time.
  public func dated(
    _ snapshot: Snapshot, _ instant: Timestamp, of entity: String
  ) throws -> Timestamp {
    max(instant, try self.lastInstant(snapshot, of: entity) ?? instant)
  }

  func entry(_ row: Row) throws -> HistoryEntry {
    let entity = try row.text("entity")
    let sequence = try row.int("sequence")
    var entry = HistoryEntry(
      entity: entity, at: try row.timestamp("at"), actor: try row.text("actor"),
      role: try row.text("role"), office: try row.text("office"), action: try row.text("action"),
      detail: try self.detail.openText(row.bytes("detail"), row: Self.row(entity, sequence)))
    entry.sequence = sequence
    return entry
  }

  static func row(_ entity: String, _ sequence: Int) -> String { "\(entity)/\(sequence)" }

  /// Where its sealed values stand.
  public static let sealed = [Self.sealed("detail")]

  static func sealed(_ column: String) -> SealedTable {
    SealedTable("history", column, key: ["entity", "sequence"]) { row in
      Self.row(try row.text("entity"), try row.int("sequence"))
    }
  }

  /// The table, for a service's first migration.
  public static let schema = [
    """
    CREATE TABLE history (
      entity $TEXT NOT NULL,
      sequence $INT NOT NULL,
      at $INT NOT NULL,
      actor $TEXT NOT NULL,
      role $TEXT NOT NULL,
      office $TEXT NOT NULL,
      action $TEXT NOT NULL,
      detail $BYTES NOT NULL,
      PRIMARY KEY (entity, sequence)
    ) $TABLE;
    """
  ]
}
