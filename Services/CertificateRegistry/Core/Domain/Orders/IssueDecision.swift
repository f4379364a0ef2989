import DomainModel

/// What an order to issue or to convert comes to, over what is on record.
enum IssueDecision: Hashable, Sendable {
  /// A permit is to be made; in the same transaction the earlier one, where there is one, is
  /// cancelled: a holder never has none and never two.
  case issue(cancelling: Permit?)
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

  /// Decides. Throws `RECORD_ERASED` where the case had its permit and the holder was erased since,
  /// `PERMIT_ALREADY_LIVE` with the identifier of the one there is (a person holds
  /// one permit: Decree 663, Arts. 2 and 4), `REQUEST_INVALID` for a case used twice, and for a
  /// conversion `PERMIT_NOT_CONVERTIBLE` where the holder has none to convert or one of the same
  /// unit, and what stands against cancelling it.
  static func decide(
    _ command: IssueCommand, over record: Record, by machine: PermitMachine, now: Timestamp
  ) throws -> IssueDecision {
    if let permit = record.ofCase {
      if permit.standing.erasedAt != nil { throw ServiceError(.recordErased) }
      guard record.isSameHolder, permit.applicationID == command.applicationID else {
        var defects = DefectList()
        defects.add(.caseOfAnotherPermit, at: "case_id")
        throw ServiceError(.requestInvalid, violations: defects.violations)
      }
      return .existing(permit)
    }
    guard let conversion = command.conversion else {
      if let live = record.live {
        throw ServiceError(
          .permitAlreadyLive, metadata: ["certificate_identifier": live.certificateIdentifier])
      }
      return .issue(cancelling: nil)
    }
    return .issue(
      cancelling: try Self.earlier(record.live, conversion, command, machine, now))
  }

  /// The permit that a conversion takes the place of.
  private static func earlier(
    _ live: Permit?, _ conversion: ConversionKind, _ command: IssueCommand,
    _ machine: PermitMachine, _ now: Timestamp
  ) throws -> Permit? {
    guard let live else {
      if conversion == .existingPermit { throw ServiceError(.permitNotConvertible) }
      return nil
    }
    let divisions = machine.policy.divisions
    let unit = divisions.residenceUnit(of: live.divisionCode)
    if unit != nil, unit == divisions.residenceUnit(of: command.residence.division) {
      throw ServiceError(
        .permitNotConvertible, metadata: ["division_code": live.divisionCode])
    }
    _ = try machine.decide(live, .cancel(.converted), now: now)
    return live
  }
}
