import DomainModel

/// What is to happen to a permit, checked in itself.
enum PermitCommand: Hashable, Sendable {
  /// 签注
  case endorse(Endorsement)
  /// The holder moved inside the unit that issued it.
  case changeAddress(AddressChange)
  /// Another phone or workplace.
  case changeContact
  /// 更正: face data that was wrong, with proof.
  case correct
  /// 挂失
  case reportLoss
  /// 解挂
  case withdrawLoss
  /// Intake has an application for endorsement.
  case notePending(PendingEndorsement)
  /// That application ended without an endorsement.
  case endPending(applicationID: String, PendingOutcome, on: CivilDate)
  /// The timer: writes the suspension down that the term has brought about.
  case noteSuspension
  /// 注销
  case cancel(CancelReason)
  /// After review or judgment: the cancellation falls.
  case reinstate
  /// A court's order holds the permit.
  case placeHold(String)
  /// The order is lifted.
  case releaseHold(String)
  /// Taken into 我的证照.
  case load
  /// The holder has another citizen number.
  case renumber
  /// The phone is somebody else's now.
  case removePhone

  /// An endorsement to enter.
  struct Endorsement: Hashable, Sendable {
    /// Decides whether it is in time.
    let submittedOn: CivilDate
    /// The day of the approval opinion.
    let decidedOn: CivilDate
    /// An address change that rides along.
    let move: AddressChange?
  }

  /// A change of the residence.
  struct AddressChange: Hashable, Sendable {
    /// Six digits.
    let divisionCode: String
    let changedOn: CivilDate
    /// The day on which the holder reported it.
    let reportedOn: CivilDate
  }
}

/// What has happened to a permit.
enum PermitEvent: Hashable, Sendable {
  case endorsed(PermitTerm, suspendedDays: Int, isLate: Bool)
  case moved(toDivision: String, isLate: Bool)
  case contactChanged
  case corrected
  case lost
  case found
  /// Whether it was applied for in time decides whether there is a suspension meanwhile.
  case endorsementPending(PendingEndorsement, isInTime: Bool)
  /// Only one that was applied for in time moves the first day of suspension.
  case endorsementEnded(PendingOutcome, on: CivilDate, wasInTime: Bool)
  case suspended(from: CivilDate)
  case cancelled(CancelReason)
  case reinstated
  case held(String)
  case released(String)
  case loaded
  case renumbered
  case phoneRemoved
  /// What it says of a person is gone.
  case erased(Erasure)

  /// The event's name in histories and in the log.
  var action: String {
    switch self {
    case .endorsed: "endorse_permit"
    case .moved: "change_permit_address"
    case .contactChanged: "change_permit_contact"
    case .corrected: "correct_permit"
    case .lost: "report_loss"
    case .found: "withdraw_loss"
    case .endorsementPending: "note_endorsement_pending"
    case .endorsementEnded: "end_endorsement_pending"
    case .suspended: "suspend_permit"
    case .cancelled: "cancel_permit"
    case .reinstated: "reinstate_permit"
    case .held: "place_hold"
    case .released: "release_hold"
    case .loaded: "load_permit"
    case .renumbered: "renumber_permit"
    case .phoneRemoved: "remove_permit_phone"
    case .erased: "erase_permit"
    }
  }

  /// Codes beside the name, for histories.
  var detail: String {
    switch self {
    case .endorsed(_, _, let isLate), .moved(_, let isLate): isLate ? "late" : ""
    case .endorsementPending(_, let isInTime): isInTime ? "" : "late"
    case .endorsementEnded(let outcome, _, _): outcome.rawValue
    case .cancelled(let reason): reason.rawValue
    case .held(let number), .released(let number): number
    case .erased(let erasure): erasure.detail
    case .contactChanged, .corrected, .lost, .found, .suspended, .reinstated, .loaded,
      .renumbered, .phoneRemoved:
      ""
    }
  }

  /// Whether what the certificate says has changed, so that it is made anew with the next version
  /// of its identifier. A reinstated permit gets another identifier (rules, Registry).
  var makesCertificate: Bool {
    switch self {
    case .endorsed, .moved, .corrected, .reinstated, .renumbered: true
    default: false
    }
  }
}
