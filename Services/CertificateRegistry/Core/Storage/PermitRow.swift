import DomainModel
import ServiceCore
import Storage

/// A permit as its row of the table `permit`: each column named in one place.
enum PermitRow {
  /// The columns that `permit(_:)` reads.
  static let columns: SQL = """
    permit_id, certificate_identifier, previous_identifier, kind, application_id, case_id,
    bureau_code, division_code, issued_on, anchor_on, valid_to_on, issued_at, key_id, lost_since,
    pending_application, pending_submitted_on, pending_ended_on, suspension_noted_from,
    suspended_days, holds, cancelled_at, cancel_reason, loaded_at, erased_at, version
    """

  /// The permit of a row.
  static func permit(_ row: Row) throws -> Permit {
    Permit(
      id: try row.id("permit_id"), kind: try row.choice("kind"),
      certificateIdentifier: try row.text("certificate_identifier"),
      previousIdentifier: try row.optionalText("previous_identifier"),
      term: PermitTerm(
        issuedOn: try row.date("issued_on"), validToOn: try row.date("valid_to_on"),
        anchorOn: try row.optionalDate("anchor_on")),
      bureauCode: try row.text("bureau_code"), divisionCode: try row.text("division_code"),
      applicationID: try row.text("application_id"), caseID: try row.text("case_id"),
      keyID: try row.text("key_id"), issuedAt: try row.timestamp("issued_at"),
      standing: try Self.standing(row), version: try row.int("version"))
  }

  /// Saves what changes of a permit, of which this version was loaded. Throws
  /// `StorageError.serializationFailure` where another one is stored.
  static func update(
    _ transaction: Transaction, _ permit: Permit, from before: Int
  ) throws {
    let standing = permit.standing
    try transaction.update(
      """
      UPDATE permit SET certificate_identifier = \(permit.certificateIdentifier),
        previous_identifier = \(permit.previousIdentifier), kind = \(permit.kind.rawValue),
        division_code = \(permit.divisionCode), anchor_on = \(permit.term.anchorOn.iso),
        valid_to_on = \(permit.term.validToOn.iso), key_id = \(permit.keyID),
        lost_since = \(standing.lostSince),
        pending_application = \(standing.pending?.applicationID),
        pending_submitted_on = \(standing.pending?.submittedOn.iso),
        pending_ended_on = \(standing.pendingEndedOn?.iso),
        suspension_noted_from = \(standing.suspensionNotedFrom?.iso),
        suspended_days = \(standing.suspendedDays), holds = \(Self.joined(standing.holds)),
        cancelled_at = \(standing.cancellation?.at),
        cancel_reason = \(standing.cancellation?.reason.rawValue),
        loaded_at = \(standing.loadedAt), erased_at = \(standing.erasedAt),
        version = \(permit.version)
      WHERE permit_id = \(permit.id) AND version = \(before)
      """)
  }

  private static func standing(_ row: Row) throws -> PermitStanding {
    var standing = PermitStanding()
    standing.lostSince = try row.optional("lost_since")
    if let application = try row.optionalText("pending_application") {
      standing.pending = PendingEndorsement(
        applicationID: application, submittedOn: try row.date("pending_submitted_on"))
    }
    standing.pendingEndedOn = try row.optionalDate("pending_ended_on")
    standing.suspensionNotedFrom = try row.optionalDate("suspension_noted_from")
    standing.suspendedDays = try row.int("suspended_days")
    standing.holds = Self.split(try row.text("holds"))
    if let at: Timestamp = try row.optional("cancelled_at") {
      standing.cancellation = Cancellation(reason: try row.choice("cancel_reason"), at: at)
    }
    standing.loadedAt = try row.optional("loaded_at")
    standing.erasedAt = try row.optional("erased_at")
    return standing
  }

  /// Document numbers hold no line break: their claim is checked for that.
  private static func joined(_ holds: [String]) -> String { holds.joined(separator: "\n") }

  private static func split(_ text: String) -> [String] {
    text.split(separator: "\n").map(String.init)
  }
}
