import DomainModel

/// What an order to issue comes to, over what is on record.
enum IssueDecision: Hashable, Sendable {
  /// A permit is to be made.
  case issue
  /// This case has its permit already: that one stands.
  case existing(Permit)

  /// What is on record that bears on an order.
  struct Record: Hashable, Sendable {
    /// The permit of the order's case, and whether its holder is the order's.
    var ofCase: Permit?
    var isSameHolder = false
    /// The holder's live permit, of whatever case.
    var live: Permit?
  }

  /// Decides; throws `PERMIT_ALREADY_LIVE` with the identifier of the one there is (a person holds
  /// one permit: Decree 663, Arts. 2 and 4), or `REQUEST_INVALID` for a case used twice.
  static func decide(_ command: IssueCommand, over record: Record) throws -> IssueDecision {
    if let permit = record.ofCase {
      guard record.isSameHolder, permit.applicationID == command.applicationID else {
        var defects = DefectList()
        defects.add(.caseOfAnotherPermit, at: "case_id")
        throw ServiceError(.requestInvalid, violations: defects.violations)
      }
      return .existing(permit)
    }
    if let live = record.live {
      throw ServiceError(
        .permitAlreadyLive, metadata: ["certificate_identifier": live.certificateIdentifier])
    }
    return .issue
  }
}
