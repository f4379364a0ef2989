import DomainModel
import Storage

/// Columns of `application` and `material` as values of the domain.
extension Row {
  func channel() throws -> ApplicationChannel {
    try self.number("channel", ApplicationChannel.init)
  }

  func materialKind() throws -> MaterialKind { try self.number("kind", MaterialKind.init) }

  /// Nil for a material that is no evidence.
  func evidence() throws -> EvidenceKind? {
    try self.int("evidence") == 0 ? nil : self.number("evidence", EvidenceKind.init)
  }

  func commitment() throws -> Commitment? {
    guard let version = try self.optionalText("notice_version"),
      let assentedAt = try self.optionalTimestamp("assented_at")
    else { return nil }
    return Commitment(noticeVersion: version, assentedAt: assentedAt)
  }

  func acceptance() throws -> Acceptance? {
    guard let acceptedAt = try self.optionalTimestamp("accepted_at") else { return nil }
    return Acceptance(
      acceptedAt: acceptedAt, promiseDue: try self.due("promise_due"),
      statuteDue: try self.due("statute_due"))
  }

  func refusal(_ reasons: [Reason]) throws -> Refusal? {
    guard let decidedAt = try self.optionalTimestamp("refused_at") else { return nil }
    return Refusal(
      decidedAt: decidedAt, reasons: reasons,
      reconsiderationAuthority: try self.optionalText("reconsideration_authority") ?? "",
      court: try self.optionalText("court") ?? "")
  }

  func completion() throws -> Completion? {
    guard let completedAt = try self.optionalTimestamp("completed_at") else { return nil }
    return Completion(
      completedAt: completedAt,
      certificateIdentifier: try self.optionalText("certificate_identifier") ?? "",
      validTo: try self.optionalDate("valid_to_on"),
      registrationID: try self.optionalText("completed_registration") ?? "")
  }

  func counterOfficer() throws -> CounterOfficer? {
    guard let id = try self.optionalText("entered_by_officer"),
      let office = try self.optionalText("entered_by_office")
    else { return nil }
    return CounterOfficer(id: id, office: office)
  }

  func withdrawal() throws -> Withdrawal? {
    guard let requestedAt = try self.optionalTimestamp("withdrawal_requested_at") else {
      return nil
    }
    return Withdrawal(
      requestedAt: requestedAt, withdrawnAt: try self.optionalTimestamp("withdrawn_at"))
  }

  func closing() throws -> Closing? {
    guard let recordedAt = try self.optionalTimestamp("closing_recorded_at") else { return nil }
    return Closing(
      reason: try self.choice("closing_reason"), eventOn: try self.date("closing_event_on"),
      recordedAt: recordedAt, closedAt: try self.optionalTimestamp("closed_at"))
  }

  /// The due date in `<name>_on` and `<name>_provisional`, nil for NULL.
  func due(_ name: String) throws -> DueDate? {
    guard let date = try self.optionalDate("\(name)_on") else { return nil }
    return DueDate(date: date, isProvisional: try self.bool("\(name)_provisional"))
  }

  private func number<Value>(_ column: String, _ make: (Int32) -> Value?) throws -> Value {
    guard let number = Int32(exactly: try self.int64(column)), let value = make(number) else {
      throw StorageError.undecodable(
        column: column, expected: "\(Value.self)", found: "another value", sql: self.columns.sql)
    }
    return value
  }
}

extension IntakeStore {
  /// What a material is read from.
  static let materialColumns: SQL = """
    material_id, kind, evidence, media_type, size_bytes, sha256, uploaded_at, bytes_of, bytes_since
    """
}

extension Material {
  init(_ row: Row) throws {
    self.init(
      id: try row.id("material_id"),
      slot: MaterialSlot(try row.materialKind(), evidence: try row.evidence()),
      mediaType: try row.choice("media_type"), sizeBytes: try row.int64("size_bytes"),
      sha256: try row.bytes("sha256"), uploadedAt: try row.timestamp("uploaded_at"),
      bytesOf: try row.optionalText("bytes_of").map { ID($0) },
      bytesSince: try row.optionalTimestamp("bytes_since"))
  }
}
