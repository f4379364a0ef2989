public import DomainModel

/// Looks whether the data keys at hand are those under which a store's values are sealed, before
/// anything is served: with another key nothing would open, and what it sealed would be lost to
/// whoever comes back with the right one.
///
/// The table `seal_check` holds a word under each key that may have sealed something. A service
/// notes the key by which it seals before it seals by it; `Resealing` takes a key's word away once
/// nothing is sealed by it any more.
public struct SealCheck: Sendable {
  private static let word = Array("anju".utf8)

  private let store: any Store
  private let tables: [SealedTable]
  /// The data keys' file, for the sentence that a person reads.
  private let keyFile: String

  /// The check of one service's store, whose sealed columns are `tables`.
  public init(_ store: any Store, _ tables: [SealedTable], keyFile: String) {
    self.store = store
    self.tables = tables
    self.keyFile = keyFile
  }

  /// Notes the key by which the sealer seals, unless the store has values that its keys do not
  /// open: then it throws `StorageError.keysRefused`, which names file and store and says what to
  /// do.
  ///
  /// Of two that come at once to a new store with different keys, one is refused.
  public func run(_ sealer: any KeyedSealer) async throws {
    try await self.store.write { transaction in
      let rows = try transaction.rows("SELECT key_id, sealed FROM seal_check ORDER BY key_id")
      for row in rows {
        let keyID = try row.text("key_id")
        let isOpened = try Self.opens(row.bytes("sealed"), Self.place(keyID), sealer)
        if !isOpened { throw self.refusal(of: keyID, sealer) }
      }
      // A store of a release before this check: one value of each column speaks for the others.
      if rows.isEmpty { try self.trySamples(transaction, sealer) }
      try Self.note(transaction, sealer)
    }
  }

  /// Notes the key by which the sealer seals, where it is not noted.
  static func note(_ transaction: Transaction, _ sealer: any KeyedSealer) throws {
    guard let keyID = sealer.keyIDs.first else { return }
    let sealed = try sealer.seal(Self.word, as: Self.place(keyID))
    try transaction.execute(
      """
      INSERT INTO seal_check (key_id, sealed) VALUES (\(keyID), \(sealed)) ON CONFLICT DO NOTHING
      """)
  }

  private func trySamples(_ snapshot: Snapshot, _ sealer: any KeyedSealer) throws {
    for table in self.tables {
      guard let entry = try table.sample(snapshot, headBytes: type(of: sealer).headBytesMax),
        let value = try table.value(snapshot, at: entry.key)
      else { continue }
      let place = SealedPlace(table: table.table, column: table.column, row: entry.name)
      if Self.opens(value, place, sealer) { continue }
      throw self.refusal(of: sealer.keyID(of: value) ?? "of another form", sealer)
    }
  }

  private static func opens(
    _ sealed: [UInt8], _ place: SealedPlace, _ sealer: any KeyedSealer
  ) -> Bool {
    (try? sealer.open(sealed, as: place)) != nil
  }

  private static func place(_ keyID: String) -> SealedPlace {
    SealedPlace(table: "seal_check", column: "sealed", row: keyID)
  }

  private func refusal(of keyID: String, _ sealer: any KeyedSealer) -> StorageError {
    let what =
      sealer.keyIDs.contains(keyID)
      ? "\(self.keyFile) has another key under the name of the data key \(keyID)"
      : "\(self.keyFile) does not have the data key \(keyID)"
    return .keysRefused(
      "\(self.store.name) has values that cannot be opened: \(what). Put that key's line back into "
        + "the file (a key that is to seal from now on stands above it), or use the key file or "
        + "the database that belong together")
  }
}

extension SealedTable {
  /// A row that has a value; nil where none has.
  func sample(_ snapshot: Snapshot, headBytes: Int) throws -> Entry? {
    var last: [SQLValue]?
    repeat {
      let page = try self.page(snapshot, after: last, limit: 100, headBytes: headBytes)
      if let entry = page.entries.first { return entry }
      last = page.last
    } while last != nil
    return nil
  }
}
