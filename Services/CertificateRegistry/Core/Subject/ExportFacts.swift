import DomainModel
import PermitProof

/// How a permit or a registration stood, as an export tells it.
enum ExportFacts {
  /// A permit's facts. Of the courts' orders that hold it the number is told of how many there are.
  static func json(_ permit: Permit) -> CanonicalJSON {
    let standing = permit.standing
    let texts: [String: String?] = [
      "kind": permit.kind.rawValue,
      "certificate_identifier": permit.certificateIdentifier,
      "previous_identifier": permit.previousIdentifier,
      "issued_on": permit.term.issuedOn.iso,
      "anchor_on": permit.term.anchorOn.iso,
      "valid_to_on": permit.term.validToOn.iso,
      "bureau_code": permit.bureauCode,
      "division_code": permit.divisionCode,
      "application_id": permit.applicationID,
      "case_id": permit.caseID,
      "key_id": permit.keyID,
      "pending_application": standing.pending?.applicationID,
      "pending_submitted_on": standing.pending?.submittedOn.iso,
      "pending_ended_on": standing.pendingEndedOn?.iso,
      "suspension_noted_from": standing.suspensionNotedFrom?.iso,
      "cancel_reason": standing.cancellation?.reason.rawValue,
    ]
    let instants: [String: Timestamp?] = [
      "issued_at": permit.issuedAt, "lost_since": standing.lostSince,
      "cancelled_at": standing.cancellation?.at, "loaded_at": standing.loadedAt,
      "erased_at": standing.erasedAt,
    ]
    var members = Self.members(texts, instants)
    members["suspended_days"] = .integer(Int64(standing.suspendedDays))
    members["holds"] = .integer(Int64(standing.holds.count))
    members["version"] = .integer(Int64(permit.version))
    return .object(members)
  }

  /// A registration's facts.
  static func json(_ registration: Registration) -> CanonicalJSON {
    let address = registration.address
    let texts: [String: String?] = [
      "division_code": address.division, "street": address.street,
      "community": address.community, "detail": address.detail,
      "workplace": registration.workplace,
      "declared_on": registration.declaredOn.iso,
      "ended_on": registration.endedOn?.iso,
      "end_reason": registration.endReason?.rawValue,
      "previous_registration_id": registration.previousID?.text,
      "office_code": registration.officeCode,
    ]
    let instants: [String: Timestamp?] = [
      "recorded_at": registration.recordedAt, "erased_at": registration.erasedAt,
    ]
    var members = Self.members(texts, instants)
    members["reported_late"] = .integer(registration.isLate ? 1 : 0)
    members["version"] = .integer(Int64(registration.version))
    return .object(members)
  }

  private static func members(
    _ texts: [String: String?], _ instants: [String: Timestamp?]
  ) -> [String: CanonicalJSON] {
    let told = texts.compactMapValues { $0.map { CanonicalJSON.string($0) } }
    return told.merging(
      instants.compactMapValues { $0.map { .integer($0.milliseconds) } }
    ) { first, _ in first }
  }
}
