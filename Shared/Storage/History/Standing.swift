public import DomainModel

/// How an entity stood after a step of its history.
public struct Standing: Hashable, Sendable {
  /// The state's machine name.
  public var state: String
  /// Its version, which rises with each change.
  public var version: Int64
  /// What the service would have answered of it then, as it encodes it; may hold personal data, for
  /// it is sealed.
  public var record: [UInt8]

  /// A standing.
  public init(state: String, version: Int64, record: [UInt8]) {
    self.state = state
    self.version = version
    self.record = record
  }
}

/// What a history says of an entity at an instant.
public enum PastStanding: Hashable, Sendable {
  /// It was not there yet.
  case notYet
  /// Nothing has happened to it since: it stood as it stands now.
  case unchanged
  /// It stood so after the step with this sequence number, and has changed since.
  case kept(Standing, sequence: Int)
  /// It has changed since, and the step before is of a release that kept no standing.
  case unknown
}

/// One line of a history with how the entity stood after it.
public struct HistoryStep: Hashable, Sendable {
  /// The line.
  public let entry: HistoryEntry
  /// Nil where the release that wrote it kept none.
  public let standing: Standing?

  /// A line with how the entity stood after it.
  public init(entry: HistoryEntry, standing: Standing?) {
    self.entry = entry
    self.standing = standing
  }
}

extension History {
  /// The steps of an entity after a sequence number, oldest first, at most `limit`.
  public func steps(
    _ snapshot: Snapshot, of entity: String, after sequence: Int = 0, limit: Int = 1_000
  ) throws -> [HistoryStep] {
    try snapshot.rows(
      """
      SELECT entity, sequence, at, actor, role, office, action, detail, state, version, record
      FROM history
      WHERE entity = \(entity) AND sequence > \(sequence) ORDER BY sequence LIMIT \(limit)
      """
    ).map { row in
      let entry = try self.entry(row)
      return HistoryStep(
        entry: entry, standing: try self.standing(row, Self.row(entity, entry.sequence)))
    }
  }

  private func standing(_ row: Row, _ seal: String) throws -> Standing? {
    guard let state = try row.optionalText("state"), let sealed = try row.optionalBytes("record")
    else { return nil }
    return Standing(
      state: state, version: try row.int64("version"),
      record: try self.record.open(sealed, row: seal))
  }

  /// How an entity stood at an instant: after the last of its steps that is not later.
  ///
  /// A step counts from the instant that it bears, which is taken before its transaction: one that
  /// was being written at that very instant may not be seen yet.
  public func standing(
    _ snapshot: Snapshot, of entity: String, asOf instant: Timestamp
  ) throws -> PastStanding {
    let row = try snapshot.row(
      """
      SELECT sequence, state, version, record FROM history
      WHERE entity = \(entity) AND at <= \(instant) ORDER BY sequence DESC LIMIT 1
      """)
    guard let row else { return .notYet }
    let sequence = try row.int("sequence")
    let hasChanged = try snapshot.exists(
      "SELECT 1 FROM history WHERE entity = \(entity) AND sequence > \(sequence)")
    guard hasChanged else { return .unchanged }
    guard let standing = try self.standing(row, Self.row(entity, sequence)) else {
      return .unknown
    }
    return .kept(standing, sequence: sequence)
  }

  /// Whether something of this name happened to an entity after a step.
  public func happened(
    _ snapshot: Snapshot, _ action: String, to entity: String, after sequence: Int
  ) throws -> Bool {
    try snapshot.exists(
      """
      SELECT 1 FROM history
      WHERE entity = \(entity) AND sequence > \(sequence) AND action = \(action)
      """)
  }

  /// Forgets how an entity stood, where that must not be kept any longer than itself. What happened
  /// to it stays.
  public func forgetStandings(_ transaction: Transaction, of entity: String) throws {
    try transaction.execute(
      """
      UPDATE history SET state = NULL, version = NULL, record = NULL
      WHERE entity = \(entity) AND record IS NOT NULL
      """)
  }

  /// Where the sealed values of standings stand.
  public static let sealedStandings = [Self.sealed("record")]

  /// The columns of standings, for a later migration of a service that answers of the past.
  public static let standingColumns = [
    "ALTER TABLE history ADD COLUMN state $TEXT;",
    "ALTER TABLE history ADD COLUMN version $INT;",
    "ALTER TABLE history ADD COLUMN record $BYTES;",
  ]
}
