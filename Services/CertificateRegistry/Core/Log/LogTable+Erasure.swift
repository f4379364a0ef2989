import Storage

/// What an erasure leaves of the log: each entry with its leaf's hash, of which nothing can be
/// learned without the salt, and the last one, which says that the others were erased.
extension LogTable {
  /// The actions by which an entity's earlier entries lose their records, and its earlier lines go.
  static let erasures = ["erase_permit", "erase_registration"]

  /// Destroys salts and records of everything that was entered of an entity before a line, and the
  /// lines themselves.
  func erase(_ transaction: Transaction, before line: LogLine) throws {
    try transaction.execute(
      """
      UPDATE log_entry SET record = NULL
      WHERE entity = \(line.entity) AND sequence < \(line.version)
      """)
    try transaction.execute(
      """
      DELETE FROM history WHERE entity = \(line.entity) AND sequence < \(line.version)
      """)
  }

  /// The number of the newest line of an entity; 0 where there is none.
  func lastLine(_ snapshot: Snapshot, of entity: String) throws -> Int {
    try snapshot.row("SELECT MAX(sequence) AS last FROM history WHERE entity = \(entity)")?
      .optionalInt("last") ?? 0
  }
}
