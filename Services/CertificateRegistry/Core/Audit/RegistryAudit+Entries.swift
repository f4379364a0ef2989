import DomainModel
import PermitProof
import ServiceCore
import Storage

/// An entry of the log with what stands around it.
struct AuditedEntry {
  let number: Int64
  let kind: String
  let line: LogLine
  /// Nil while it waits for its leaf.
  let index: Int?
  let hash: TreeHash?
  /// The leaf of the entity's line before; nil where that has none, or there is none.
  let indexBefore: Int?
  /// Whether neither an entry nor a line of its entity is newer.
  let isNewest: Bool
  /// Whether a later entry of its entity says that it was erased.
  let isErased: Bool
  let row: Row

  /// Where it stands, for people.
  var place: String { self.index.map { "leaf \($0)" } ?? "entry \(self.number)" }
  /// Which line it stands for, for people.
  var linePlace: String { "history \(self.line.entity)/\(self.line.version)" }
}

/// What a leaf says, opened.
struct OpenedLeaf {
  let record: LogRecord
  let salt: LeafSalt
}

/// An entry, and what it stands for.
extension RegistryAudit {
  /// The entries of a page of leaves.
  func entries(
    _ snapshot: Snapshot, from index: Int, limit: Int = Self.pageMax
  ) throws -> [AuditedEntry] {
    try snapshot.rows(
      """
      \(sql: Self.columns) WHERE entry.leaf_index >= \(index)
      ORDER BY entry.leaf_index LIMIT \(limit)
      """
    ).map(self.entry)
  }

  /// The entries that wait for their leaves, after a number.
  func waiting(
    _ snapshot: Snapshot, after number: Int64, limit: Int = Self.pageMax
  ) throws -> [AuditedEntry] {
    try snapshot.rows(
      """
      \(sql: Self.columns) WHERE entry.leaf_index IS NULL AND entry.id > \(number)
      ORDER BY entry.id LIMIT \(limit)
      """
    ).map(self.entry)
  }

  private static let columns: SQL = """
    SELECT id, entity_kind, entity, sequence, action, at, division_code, certificate_identifier,
      record, leaf_hash, leaf_index,
      (SELECT earlier.leaf_index FROM log_entry earlier
        WHERE earlier.entity = entry.entity AND earlier.sequence = entry.sequence - 1
      ) AS index_before,
      NOT EXISTS (SELECT 1 FROM log_entry later
          WHERE later.entity = entry.entity AND later.sequence > entry.sequence)
        AND NOT EXISTS (SELECT 1 FROM history later
          WHERE later.entity = entry.entity AND later.sequence > entry.sequence) AS is_newest,
      EXISTS (SELECT 1 FROM log_entry later
        WHERE later.entity = entry.entity AND later.sequence > entry.sequence
          AND later.action IN \(values: LogTable.erasures) AND later.record IS NOT NULL
      ) AS is_erased
    FROM log_entry entry
    """

  private func entry(_ row: Row) throws -> AuditedEntry {
    AuditedEntry(
      number: try row.int64("id"), kind: try row.text("entity_kind"),
      line: LogLine(entity: try row.text("entity"), version: try row.int("sequence")),
      index: try row.optionalInt("leaf_index"), hash: TreeHash(try row.bytes("leaf_hash")),
      indexBefore: try row.optionalInt("index_before"), isNewest: try row.bool("is_newest"),
      isErased: try row.bool("is_erased"), row: row)
  }

  /// Checks an entry: its own columns, its line, how the entity stood after it, the certificate
  /// that it made, and the row that it left.
  func check(
    _ snapshot: Snapshot, _ entry: AuditedEntry, _ report: inout AuditReport
  ) throws {
    if let index = entry.index, entry.line.version > 1,
      (entry.indexBefore ?? .max) >= index
    {
      report.add(
        .orderAltered, entry.place,
        "\(entry.linePlace) does not come after the line before it")
    }
    // The later entry is checked as all are: nobody calls a gap an erasure without a leaf that says
    // so, by whom and on what ground.
    if entry.isErased, try entry.row.optionalBytes("record") == nil {
      report.destroyed += 1
      return
    }
    let line = try self.line(snapshot, of: entry, &report)
    guard let opened = self.opened(entry, &report) else { return }
    self.check(entry, opened, &report)
    guard let line else { return }
    self.check(line, entry, opened, &report)
    switch LoggedChange.Kind(rawValue: entry.kind) {
    case .permit: try self.checkPermit(snapshot, entry, line, opened, &report)
    case .registration: try self.checkRegistration(snapshot, entry, line, opened, &report)
    case nil:
      report.add(.entryAltered, entry.place, "its column entity_kind names nothing that is logged")
    }
  }

  /// A leaf's salt and record; nil where they cannot be opened, or were destroyed though nobody was
  /// erased: that hides something.
  private func opened(
    _ entry: AuditedEntry, _ report: inout AuditReport
  ) -> OpenedLeaf? {
    do {
      guard let opened = try self.log.opened(entry.row) else {
        report.add(
          .recordDestroyed, entry.place,
          "its record was destroyed, and no later leaf of it says that it was erased")
        return nil
      }
      return OpenedLeaf(record: opened.record, salt: opened.salt)
    } catch {
      report.add(
        .recordUnreadable, entry.place,
        "its record of \(entry.linePlace) does not open: it was altered, or is of another row")
      return nil
    }
  }

  private func check(
    _ entry: AuditedEntry, _ opened: OpenedLeaf, _ report: inout AuditReport
  ) {
    let record = opened.record
    if record.leaf(salt: opened.salt) != entry.hash {
      report.add(.leafAltered, entry.place, "its hash is not that of its record")
    }
    let row = entry.row
    let said: [(column: String, isSame: Bool)] = [
      ("entity_kind", entry.kind == record.subject.kind),
      ("entity", entry.line.entity == record.subject.id),
      ("action", (try? row.text("action")) == record.action),
      ("at", (try? row.timestamp("at")) == record.at),
      ("certificate_identifier", Self.certificate(of: row) == record.certificateIdentifier?.text),
    ]
    for (column, isSame) in said where !isSame {
      report.add(.entryAltered, entry.place, "its column \(column) is not what its record says")
    }
  }

  private static func certificate(of row: Row) -> String? {
    (try? row.optionalText("certificate_identifier")) ?? nil
  }

  /// The line that an entry stands for; nil where it is not there or does not open.
  private func line(
    _ snapshot: Snapshot, of entry: AuditedEntry, _ report: inout AuditReport
  ) throws -> HistoryStep? {
    let steps: [HistoryStep]
    do {
      steps = try self.log.history.steps(
        snapshot, of: entry.line.entity, after: entry.line.version - 1, limit: 1)
    } catch let error as StorageError where error.isOutage {
      throw error
    } catch {
      report.add(
        .lineAltered, entry.linePlace,
        "a value of it does not open: it was altered, or is of another row")
      return nil
    }
    guard let step = steps.first, step.entry.sequence == entry.line.version else {
      report.add(.lineMissing, entry.linePlace, "\(entry.place) stands for it, and it is not there")
      return nil
    }
    return step
  }

  private func check(
    _ line: HistoryStep, _ entry: AuditedEntry, _ opened: OpenedLeaf,
    _ report: inout AuditReport
  ) {
    let digests = opened.record.digests
    let ofLine = RecordDigest.historyRow(line.entry.digestedBytes, salt: opened.salt)
    if ofLine != digests.historyRow {
      let isDated = line.entry.at == opened.record.at
      report.add(
        .lineAltered, entry.linePlace,
        isDated
          ? "it is not what was entered as \(entry.place)"
          : "it is dated \(line.entry.at.milliseconds), and was entered as of "
            + "\(opened.record.at.milliseconds) (\(entry.place))")
    }
    let ofStanding = RecordDigest.standing(line.standing?.digestedBytes ?? [], salt: opened.salt)
    if ofStanding != digests.standing {
      report.add(
        .standingAltered, entry.linePlace,
        "how \(entry.line.entity) stood after it is not what was entered as \(entry.place)")
    }
  }
}
