import DomainModel

/// One reason why a command is refused.
enum Objection: Hashable, Sendable {
  /// The officer's role or office may not sign this stage.
  case wrongOffice
  /// The case was changed since the officer read it.
  case versionStale
  /// The state does not allow the command.
  case wrongState
  /// The officer has another role in the case.
  case alreadyInCase(as: Stage)
  /// The case went back to another officer, by name.
  case ofAnotherOfficer
  /// The case is about the officer or a relative of his, or he has said that he keeps out (回避).
  case mustRecuse
  /// Somebody has claimed the case since the officer did.
  case claimLost
  /// Another officer holds it.
  case heldByAnother(CaseDesk.Hold)
  /// The office's head has given it to another officer.
  case assignedToAnother
  /// The officer holds as many cases as one may.
  case claimsTooMany
  /// The clocks stand still, and nothing is done meanwhile.
  case clockPaused
  /// The clocks are not stopped.
  case clockNotPaused
  /// The policy's list of pauses has this one not.
  case pauseNotInPolicy
  /// A court's order holds the case.
  case onHold
  /// No order of that number holds it.
  case holdUnknown
  /// As many orders hold it as may.
  case holdsTooMany
  /// No local rule lets the statute be extended so far.
  case extensionNotInPolicy(extendableDays: Int)
  /// The inspection's state does not allow it.
  case inspectionWrongState
  /// The officer has taken another part in the inspection.
  case alreadyInInspection(as: InspectionPart)
  /// The holder has not spoken, and his term runs to the end of this day.
  case statementPending(until: CivilDate)
  /// Who is to be punished was under 14 when he did it.
  case penaltyUnderAge
  /// Of this inspection nothing is recorded, or not any more.
  case creditWrongState(CreditEntryState?)
  /// What was sent breaks rules.
  case invalid([ServiceError.Violation])

  /// The catalogue's entry.
  var reason: ErrorReason {
    switch self {
    case .wrongOffice: .officerWrongOffice
    case .versionStale: .versionStale
    case .wrongState: .caseWrongState
    case .alreadyInCase: .officerAlreadyInCase
    case .ofAnotherOfficer: .caseOfAnotherOfficer
    case .mustRecuse: .officerMustRecuse
    case .claimLost: .claimLost
    case .heldByAnother: .caseHeldByAnother
    case .assignedToAnother: .caseAssignedToAnother
    case .claimsTooMany: .claimsTooMany
    case .clockPaused: .clockPaused
    case .onHold: .caseOnHold
    case .holdUnknown: .holdUnknown
    case .holdsTooMany: .holdsTooMany
    case .clockNotPaused: .clockNotPaused
    case .pauseNotInPolicy: .pauseNotInPolicy
    case .extensionNotInPolicy: .extensionNotInPolicy
    case .inspectionWrongState: .inspectionWrongState
    case .alreadyInInspection: .officerAlreadyInCase
    case .statementPending: .statementPending
    case .penaltyUnderAge: .penaltyUnderAge
    case .creditWrongState: .creditEntryWrongState
    case .invalid: .requestInvalid
    }
  }
}

/// All the reasons why a command is refused, the gravest first, and how the case stands.
struct CaseRefusal: Error, Hashable, Sendable {
  /// One or more, the gravest first.
  var objections: [Objection]
  var currentState: CaseState
  var currentVersion: Int64

  /// The error for the caller: the gravest objection's status, with every broken rule, the current
  /// state, and in `objections` the codes of all of them. A stranger to the case learns only that.
  var serviceError: ServiceError {
    Self.error(
      self.objections, state: self.currentState.rawValue, version: self.currentVersion)
  }

  /// The error for objections, the gravest first, to a command on what stands there.
  static func error(
    _ objections: [Objection], state: String, version: Int64
  ) -> ServiceError {
    guard let gravest = objections.first, gravest != .wrongOffice else {
      return ServiceError(.officerWrongOffice)
    }
    var metadata = [
      "current_state": state, "current_version": "\(version)",
      "objections": objections.map(\.reason.rawValue).joined(separator: ","),
    ]
    var violations: [ServiceError.Violation] = []
    for objection in objections {
      switch objection {
      case .alreadyInCase(let stage): metadata["officer_role"] = stage.role
      case .heldByAnother(let hold):
        metadata["held_by"] = hold.officerID
        metadata["held_until_ms"] = "\(hold.until.milliseconds)"
      case .alreadyInInspection(let part): metadata["officer_role"] = part.rawValue
      case .statementPending(let day): metadata["statement_due_on"] = day.iso
      case .extensionNotInPolicy(let days): metadata["extendable_days"] = "\(days)"
      case .creditWrongState(let state): metadata["credit_state"] = state?.rawValue ?? "none"
      case .invalid(let broken): violations += broken
      default: break
      }
    }
    return ServiceError(gravest.reason, violations: violations, metadata: metadata)
  }
}
