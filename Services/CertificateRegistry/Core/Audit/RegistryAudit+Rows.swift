import Crypto
import DomainModel
import PermitProof
import ServiceCore
import Storage

/// The rows of permits, registrations and certificates, each against the line that left it so.
extension RegistryAudit {
  func checkPermit(
    _ snapshot: Snapshot, _ entry: AuditedEntry, _ line: HistoryStep, _ opened: OpenedLeaf,
    _ report: inout AuditReport
  ) throws {
    let place = "permit \(entry.line.entity)"
    let kept: Permit?
    do {
      kept = try self.permits.find(snapshot, ID(entry.line.entity))
    } catch StorageError.undecodable(let column, _, _, _) {
      if entry.isNewest {
        report.add(.rowAltered, place, "its column \(column) holds what no permit has")
      }
      return
    }
    guard let kept else {
      if entry.isNewest {
        report.add(.rowMissing, place, "\(entry.place) left it, and it is not there")
      }
      return
    }
    let facts = try? line.standing.map { try self.permits.format.decode($0.record) }
    if let digest = opened.record.digests.document {
      try self.checkDocument(snapshot, entry, opened, digest, of: kept, &report)
      if let previous = facts?.previousIdentifier {
        try self.checkSuperseded(snapshot, previous, at: line.entry.at, of: kept, &report)
      }
    }
    if let facts { try self.checkDivision(of: entry, facts.divisionCode, &report) }
    guard entry.isNewest else { return }
    if let facts, facts != kept {
      report.add(.rowAltered, place, "it does not stand as \(entry.place) left it")
    }
    if let digest = opened.record.digests.holder {
      let holder = try? self.permits.holder(snapshot, of: kept.id)
      if holder.map({ RecordDigest.holder($0.digestedBytes, salt: opened.salt) }) != digest {
        report.add(
          .holderAltered, place, "person, phone or policy is not what \(entry.place) left")
      }
    }
  }

  func checkRegistration(
    _ snapshot: Snapshot, _ entry: AuditedEntry, _ line: HistoryStep, _ opened: OpenedLeaf,
    _ report: inout AuditReport
  ) throws {
    guard entry.isNewest else { return }
    let place = "registration \(entry.line.entity)"
    let kept: Registration?
    do {
      kept = try self.registrations.find(snapshot, ID(entry.line.entity))
    } catch let error as StorageError where error.isOutage {
      throw error
    } catch {
      report.add(.rowAltered, place, "a value of it does not open: it was altered")
      return
    }
    guard let kept else {
      report.add(.rowMissing, place, "\(entry.place) left it, and it is not there")
      return
    }
    try self.checkDivision(of: entry, kept.address.division, &report)
    if let standing = line.standing,
      try self.registrations.standing(of: kept)?.digestedBytes != standing.digestedBytes
    {
      report.add(.rowAltered, place, "it does not stand as \(entry.place) left it")
    }
    if let digest = opened.record.digests.holder {
      let holder = try? self.registrations.holder(snapshot, of: kept.id)
      if holder.map({ RecordDigest.holder($0.digestedBytes, salt: opened.salt) }) != digest {
        report.add(.holderAltered, place, "person or identity is not what \(entry.place) left")
      }
    }
  }

  /// By the division of its entry a change is found by those who watch the log.
  private func checkDivision(
    of entry: AuditedEntry, _ division: String, _ report: inout AuditReport
  ) throws {
    if try (entry.row.text("division_code") != division) {
      report.add(
        .entryAltered, entry.place, "its column division_code is not where the holder lives")
    }
  }

  /// A certificate that an entry made: the present one of its permit, or one of the past.
  private func checkDocument(
    _ snapshot: Snapshot, _ entry: AuditedEntry, _ opened: OpenedLeaf, _ digest: [UInt8],
    of permit: Permit, _ report: inout AuditReport
  ) throws {
    guard let identifier = opened.record.certificateIdentifier?.text else { return }
    let place = "certificate \(identifier)"
    let isPresent = permit.certificateIdentifier == identifier
    let row = try snapshot.row(
      isPresent
        ? """
        SELECT document, signature, permit.key_id AS key_id, public_key_pem
        FROM permit LEFT JOIN signing_key ON signing_key.key_id = permit.key_id
        WHERE permit_id = \(permit.id)
        """
        : """
        SELECT document, signature, past_certificate.key_id AS key_id, public_key_pem
        FROM past_certificate
        LEFT JOIN signing_key ON signing_key.key_id = past_certificate.key_id
        WHERE certificate_identifier = \(identifier)
        """)
    guard let row else {
      report.add(.documentMissing, place, "\(entry.place) made it, and it is not there")
      return
    }
    let document = try? self.permits.document(
      row.bytes("document"), isPresent: isPresent, of: permit.id, identifier)
    guard let document, RecordDigest.document(document, salt: opened.salt) == digest else {
      report.add(.documentAltered, place, "its document is not the one that \(entry.place) made")
      return
    }
    let pem = try row.optionalText("public_key_pem") ?? ""
    let key = self.keys?[try row.text("key_id")]?.key ?? (try? SM2PublicKey(pem: pem))
    let isSigned = try? key?.verify(try row.bytes("signature"), of: document)
    if isSigned != true {
      report.add(.documentAltered, place, "its signature is not that of its key over the document")
    }
  }

  /// When a certificate of the past ceased to be good is the instant of what made the next.
  private func checkSuperseded(
    _ snapshot: Snapshot, _ identifier: String, at instant: Timestamp, of permit: Permit,
    _ report: inout AuditReport
  ) throws {
    let row = try snapshot.row(
      """
      SELECT permit_id, superseded_at FROM past_certificate
      WHERE certificate_identifier = \(identifier)
      """)
    // One that is missing is told of the entry that made it.
    guard let row else { return }
    let (of, at) = (try row.text("permit_id"), try row.timestamp("superseded_at"))
    if of != permit.id.text || at != instant {
      report.add(
        .rowAltered, "certificate \(identifier)",
        "it was of permit \(permit.id) and superseded at \(instant.milliseconds), which its row "
          + "does not say")
    }
  }

  /// What stands in the store and was never entered: issued unseen.
  func addStrays(to report: inout AuditReport) async throws {
    try await self.addStrays(
      "permit", "permit_id", without: "entity = permit.permit_id", to: &report)
    try await self.addStrays(
      "registration", "registration_id", without: "entity = registration.registration_id",
      to: &report)
    try await self.addStrays(
      "past_certificate", "certificate_identifier",
      without: "certificate_identifier = past_certificate.certificate_identifier", to: &report)
    try await self.addStrayLines(to: &report)
  }

  private func addStrays(
    _ table: String, _ key: String, without condition: String, to report: inout AuditReport
  ) async throws {
    let (table, key) = (SQL(stringLiteral: table), SQL(stringLiteral: key))
    let condition = SQL(stringLiteral: "log_entry.\(condition)")
    var last: String? = ""
    while let after = last {
      let found = try await self.store.read { snapshot in
        try snapshot.rows(
          """
          SELECT \(sql: key) AS stray FROM \(sql: table)
          WHERE \(sql: key) > \(after)
            AND NOT EXISTS (SELECT 1 FROM log_entry WHERE \(sql: condition))
          ORDER BY \(sql: key) LIMIT \(Self.pageMax)
          """
        ).map { try $0.text("stray") }
      }
      for stray in found {
        report.add(
          .rowUnlogged, "\(table.text) \(stray)", "it stands in the store, and in no entry")
      }
      last = found.count == Self.pageMax ? found.last : nil
    }
  }

  private func addStrayLines(to report: inout AuditReport) async throws {
    var last: LogLine? = LogLine(entity: "", version: 0)
    while let after = last {
      let found = try await self.store.read { snapshot in
        try snapshot.rows(
          """
          SELECT entity, sequence FROM history
          WHERE (entity, sequence) > (\(after.entity), \(after.version))
            AND NOT EXISTS (SELECT 1 FROM log_entry
              WHERE log_entry.entity = history.entity AND log_entry.sequence = history.sequence)
            AND (EXISTS (SELECT 1 FROM permit WHERE permit_id = history.entity)
              OR EXISTS (SELECT 1 FROM registration WHERE registration_id = history.entity))
          ORDER BY entity, sequence LIMIT \(Self.pageMax)
          """
        ).map { LogLine(entity: try $0.text("entity"), version: try $0.int("sequence")) }
      }
      for line in found {
        report.add(
          .lineUnlogged, "history \(line.entity)/\(line.version)",
          "it stands in the history, and in no entry")
      }
      last = found.count == Self.pageMax ? found.last : nil
    }
  }
}
