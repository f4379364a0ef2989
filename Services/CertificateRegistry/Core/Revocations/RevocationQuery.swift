import DomainModel
import PermitProof
import ServiceCore
import Storage

/// Finds the certificates that are not to be accepted, page by page, each kind by an index of its
/// own, so that the permits that are good cost nothing.
///
/// A certificate says of itself to which day it is good. What became of it is told until that day
/// has surely passed, so a list does not grow with the years.
struct RevocationQuery: Sendable {
  /// How long a certificate can be good at most, in days: a year, and the month before it in which
  /// it is endorsed, and some.
  static let termDaysMax = 400
  /// How many rows one read takes.
  static let pageMax = 1_000

  let store: RegistryStore
  /// The instant whose state is shown.
  let at: Timestamp

  /// All of them. Throws `RevocationsTooMany`, and what the store does.
  ///
  /// It reads one page after another, not one state: a permit that changes meanwhile is listed as
  /// it stood at the instant or as it stands after, and either is right by the next snapshot.
  func list() async throws -> RevocationList {
    var list = RevocationList()
    for part in [Part.cancelled, .lost, .suspended, .overdue] {
      try await self.addPermits(of: part, to: &list)
    }
    try await self.addPastCertificates(to: &list)
    return list
  }

  /// Which permits; each has an index that begins with its column and ends with the permit's id.
  private enum Part {
    case cancelled, lost, suspended, overdue
  }

  /// The first instant and day of what is told.
  private var since: Timestamp { CivilDate(of: self.at).adding(days: -Self.termDaysMax).startOfDay }

  private func addPermits(of part: Part, to list: inout RevocationList) async throws {
    var last: Permit?
    repeat {
      let cursor = last
      let page = try await self.store.read { snapshot in
        try self.permits(snapshot, part, after: cursor)
      }
      for permit in page { try self.add(permit, of: part, to: &list) }
      last = page.count == Self.pageMax ? page.last : nil
    } while last != nil
  }

  private func permits(
    _ snapshot: Snapshot, _ part: Part, after last: Permit?
  ) throws -> [Permit] {
    let standing = last?.standing
    let id = last?.id.text ?? ""
    let day = CivilDate(of: self.at)
    let since = self.since
    let condition: SQL =
      switch part {
      case .cancelled:
        """
        cancelled_at IS NOT NULL
          AND (cancelled_at, permit_id) > (\(standing?.cancellation?.at ?? since), \(id))
        ORDER BY cancelled_at, permit_id
        """
      case .lost:
        """
        lost_since IS NOT NULL
          AND (lost_since, permit_id) > (\(standing?.lostSince ?? Timestamp(milliseconds: 0)), \(id))
        ORDER BY lost_since, permit_id
        """
      case .suspended:
        """
        suspension_noted_from IS NOT NULL AND (suspension_noted_from, permit_id)
          > (\((standing?.suspensionNotedFrom ?? CivilDate(of: since)).iso), \(id))
        ORDER BY suspension_noted_from, permit_id
        """
      case .overdue:
        """
        cancelled_at IS NULL AND suspension_noted_from IS NULL AND valid_to_on < \(day.iso)
          AND (valid_to_on, permit_id) > (\((last?.term.validToOn ?? CivilDate(of: since)).iso), \(id))
        ORDER BY valid_to_on, permit_id
        """
      }
    return try snapshot.rows(
      """
      SELECT \(sql: PermitRow.columns) FROM permit
      WHERE \(sql: condition) LIMIT \(Self.pageMax)
      """
    ).map(PermitRow.permit)
  }

  /// A permit is cancelled, else lost, else suspended: it stands in one of the lists.
  private func add(_ permit: Permit, of part: Part, to list: inout RevocationList) throws {
    let state = self.store.machine.policy.state(of: permit, at: self.at)
    let reason: RevocationReason? =
      switch (part, state) {
      case (.cancelled, .cancelled): .cancelled
      case (.lost, .lost): .lost
      case (.suspended, .suspended), (.overdue, .suspended): .suspended
      default: nil
      }
    guard let reason, permit.term.validToOn >= CivilDate(of: self.since) else { return }
    try self.add(permit.certificateIdentifier, reason, to: &list)
  }

  private func addPastCertificates(to list: inout RevocationList) async throws {
    var last: (at: Timestamp, identifier: String)? = (self.since, "")
    while let cursor = last {
      let page = try await self.store.read { snapshot in
        try snapshot.rows(
          """
          SELECT superseded_at, certificate_identifier FROM past_certificate
          WHERE (superseded_at, certificate_identifier) > (\(cursor.at), \(cursor.identifier))
          ORDER BY superseded_at, certificate_identifier LIMIT \(Self.pageMax)
          """
        ).map { row in
          (
            at: try row.timestamp("superseded_at"),
            identifier: try row.text("certificate_identifier")
          )
        }
      }
      for past in page { try self.add(past.identifier, .superseded, to: &list) }
      last = page.count == Self.pageMax ? page.last : nil
    }
  }

  private func add(
    _ text: String, _ reason: RevocationReason, to list: inout RevocationList
  ) throws {
    // What was imported may have an identifier of another form, which no verifier looks for.
    guard let identifier = CertificateIdentifier(text) else { return }
    guard list.add(Revocation(identifier, reason)) else { throw RevocationsTooMany() }
  }
}

/// More certificates are revoked than a snapshot can list.
struct RevocationsTooMany: Error, CustomStringConvertible {
  var description: String {
    "more than \(RevocationSnapshot.countMax) certificates are revoked: a snapshot lists no more"
  }
}
