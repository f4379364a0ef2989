public import DomainModel

/// What an `ID<Person>` identifies: one human being, known to one service by a random id.
public enum Person {}

/// Who is who in one service. Every other table and unique index refers to the person's random id,
/// so that keys can be rotated and a person erased without touching them.
///
/// `person` keeps the sealed identity number, `person_key` finds it: a keyed one-way index under
/// one or, while keys are rotated (`PersonKeys`), two key ids.
public struct PersonDirectory: Sendable {
  private let identity: SealedColumn
  private let index: any BlindIndex

  /// A directory over the sealer and the index of one service.
  public init(sealer: any Sealer, index: any BlindIndex) {
    self.identity = SealedColumn(sealer, table: "person", column: "citizen_id")
    self.index = index
  }

  /// The names of the ring's keys, the first one first.
  var keyIDs: [String] { self.indexes.map(\.keyID) }

  /// The indexes of now, the one that is asked first first. One deed takes them once.
  private var indexes: [any BlindIndex] {
    let now = self.index.now
    return [now] + now.others
  }

  /// The same directory under another index.
  func under(_ index: any BlindIndex) -> PersonDirectory {
    PersonDirectory(identity: self.identity, index: index)
  }

  private init(identity: SealedColumn, index: any BlindIndex) {
    self.identity = identity
    self.index = index
  }

  /// The person with this citizen identity number (公民身份号码, normalised), nil if unknown.
  public func find(_ snapshot: Snapshot, citizenID: String) throws -> ID<Person>? {
    try Self.find(snapshot, self.keys(of: citizenID))
  }

  /// What finds a person, under one key.
  private typealias Key = (id: String, blind: [UInt8])

  private func keys(of citizenID: String) -> [Key] {
    self.indexes.map { ($0.keyID, $0.blind(citizenID)) }
  }

  private static func find(_ snapshot: Snapshot, _ keys: [Key]) throws -> ID<Person>? {
    for key in keys {
      let row = try snapshot.row(
        "SELECT person_id FROM person_key WHERE key_id = \(key.id) AND blind = \(key.blind)")
      if let row { return try row.id("person_id") }
    }
    return nil
  }

  /// The person with this citizen identity number (normalised); `newID` becomes the id of one who
  /// is not known yet.
  public func findOrCreate(
    _ transaction: Transaction, citizenID: String, newID: ID<Person>, now: Timestamp
  ) throws -> ID<Person> {
    let keys = self.keys(of: citizenID)
    if let known = try Self.find(transaction, keys) { return known }
    try transaction.execute(
      """
      INSERT INTO person (person_id, citizen_id, created_at)
      VALUES (\(newID), \(try self.identity.seal(citizenID, row: newID.text)), \(now))
      """)
    for key in keys {
      // Another transaction has made the same person meanwhile; run again and find it.
      guard try self.add(transaction, key, newID) else {
        throw StorageError.serializationFailure
      }
    }
    return newID
  }

  private func add(
    _ transaction: Transaction, _ key: Key, _ person: ID<Person>
  ) throws -> Bool {
    try transaction.changedRows(
      """
      INSERT INTO person_key (key_id, blind, person_id)
      VALUES (\(key.id), \(key.blind), \(person))
      ON CONFLICT DO NOTHING
      """) > 0
  }

  // MARK: Rotation of the index's key

  /// How many persons would not be found: they have no row under any key of the ring.
  func unfound(_ snapshot: Snapshot) throws -> Int {
    try snapshot.row(
      """
      SELECT COUNT(*) AS persons FROM person WHERE NOT EXISTS (
        SELECT 1 FROM person_key
        WHERE person_key.person_id = person.person_id AND key_id IN \(values: self.keyIDs))
      """
    )?.int("persons") ?? 0
  }

  /// Some persons in the order of their ids: which of them are not under every key.
  func lookForMissingRows(_ snapshot: Snapshot, after id: String) throws -> KeyWalk.Page {
    let ring = self.keyIDs
    let rows = try snapshot.rows(
      """
      SELECT person_id, (
        SELECT COUNT(*) FROM person_key
        WHERE person_key.person_id = person.person_id AND key_id IN \(values: ring)
      ) AS keys
      FROM person WHERE person_id > \(id) ORDER BY person_id LIMIT \(KeyWalk.lookMax)
      """)
    return KeyWalk.Page(
      missing: try rows.filter { try $0.int("keys") < ring.count }.map { try $0.text("person_id") },
      last: try rows.last?.text("person_id"), count: rows.count)
  }

  /// Writes the rows that these persons lack under some key; returns how many.
  func addMissingRows(_ transaction: Transaction, of persons: [String]) throws -> Int {
    var added = 0
    for person in persons.map(ID<Person>.init) {
      for index in self.indexes {
        let isThere = try transaction.exists(
          """
          SELECT 1 FROM person_key WHERE person_id = \(person) AND key_id = \(index.keyID)
          """)
        if isThere { continue }
        guard let citizenID = try self.citizenID(transaction, of: person) else { continue }
        // Two persons of one number: that is for a human to mend.
        let key: Key = (index.keyID, index.blind(citizenID))
        guard try self.add(transaction, key, person) else {
          throw StorageError.uniqueViolation(constraint: "person_key_pkey")
        }
        added += 1
      }
    }
    return added
  }

  /// The keys that the ring has not and under which there are rows. Each is found by one step down
  /// the table's key: there are few keys and many rows.
  func foreignKeys(_ snapshot: Snapshot) throws -> Set<String> {
    let ring = self.keyIDs
    var (found, last): (Set<String>, String) = ([], "")
    while let key = try snapshot.row(
      "SELECT MIN(key_id) AS key_id FROM person_key WHERE key_id > \(last)"
    )?.optionalText("key_id") {
      if !ring.contains(key) { found.insert(key) }
      last = key
    }
    return found
  }

  /// Removes rows under these keys, unless the ring has them, of persons that have one under its
  /// first; at most `limit`; returns how many.
  func removeRows(_ transaction: Transaction, under keys: [String], limit: Int) throws -> Int {
    let ring = self.keyIDs
    return try transaction.changedRows(
      """
      DELETE FROM person_key WHERE (key_id, blind) IN (
        SELECT key_id, blind FROM person_key AS old
        WHERE key_id IN \(values: keys) AND key_id NOT IN \(values: ring)
          AND EXISTS (SELECT 1 FROM person_key AS kept
            WHERE kept.person_id = old.person_id AND kept.key_id = \(ring[0]))
        ORDER BY key_id, blind LIMIT \(limit))
      """)
  }

  /// The citizen identity number of a person, nil if unknown.
  public func citizenID(_ snapshot: Snapshot, of person: ID<Person>) throws -> String? {
    let sealed = try snapshot.row(
      "SELECT citizen_id FROM person WHERE person_id = \(person)")?.bytes("citizen_id")
    return try self.identity.openText(sealed, row: person.text)
  }

  /// Where its sealed values stand.
  public static let sealed = [SealedTable("person", "citizen_id", id: "person_id")]

  /// The tables, for a service's first migration.
  public static let schema = [
    """
    CREATE TABLE person (
      person_id $TEXT PRIMARY KEY,
      citizen_id $BYTES NOT NULL,
      created_at $INT NOT NULL
    ) $TABLE;
    CREATE TABLE person_key (
      key_id $TEXT NOT NULL,
      blind $BYTES NOT NULL,
      person_id $TEXT NOT NULL REFERENCES person (person_id),
      PRIMARY KEY (key_id, blind)
    ) $TABLE;
    CREATE INDEX person_key_person ON person_key (person_id);
    """
  ]
}
