import DomainModel

/// What somebody wants to happen to a case.
enum CaseCommand: Hashable, Sendable {
  /// An officer signs an opinion, or that a stage without one is done.
  case sign(OpinionDraft)
  /// An officer stops the clocks, lets them go on, or extends the statute.
  case order(ClockOrder)
  /// Intake says that a notice is answered: the case goes on.
  case resume(round: Int, supplementedAt: Timestamp)
  /// The registry has done one of the changes that the decision makes; `isLast` where no other one
  /// is left.
  case recordEffect(ApprovalCase.Effect, isLast: Bool)
  /// The registry would not, with all its reasons.
  case recordIssueRefusal([CaseReason])
  /// The applicant takes the application back.
  case withdraw(at: Timestamp)
  /// The applicant has died or has become local in the unit, on a day.
  case close(ClosureReason, on: CivilDate, recordedAt: Timestamp)
  /// A court's order holds it, or another one lifts that.
  case hold(HoldDraft)
  /// An officer takes it into the green channel.
  case expedite(ExpeditionDraft)
}

/// What happened to a case.
enum CaseEvent: Hashable, Sendable {
  /// `from` is when the case counts as accepted, and both terms run from that day; the opinion
  /// says when it was signed.
  case accepted(Opinion, from: Timestamp, promise: DueDate, statute: DueDate)
  /// Nobody said a word within the guard, so it counts as accepted `from` receipt.
  case deemedAccepted(at: Timestamp, from: Timestamp, promise: DueDate, statute: DueDate)
  case supplementNeeded(Opinion)
  case notAccepted(Opinion)
  case reviewed(Opinion)
  case approved(Opinion)
  /// One officer has taken it up and decided; it counts as accepted `from` receipt.
  case confirmed(Opinion, from: Timestamp, promise: DueDate, statute: DueDate)
  case refused(Opinion)
  /// A stage without an opinion is done.
  case handled(Opinion)
  case supplemented(round: Int, at: Timestamp, clocks: RunningClocks)
  /// A notice's term was over without a supplement; the clocks go on.
  case supplementLapsed(round: Int, at: Timestamp, clocks: RunningClocks)
  /// A term passed.
  case alarmed(CaseAlarm)
  case paused(CasePause)
  case clockResumed(at: Timestamp, clocks: RunningClocks)
  /// By a local rule.
  case extended(CaseExtension, statute: DueDate, rule: String)
  /// A new calendar moved due dates.
  case recounted([DueDateMove], clocks: RunningClocks)
  /// The registry has made one of several changes.
  case effected(ApprovalCase.Effect)
  /// The registry has made all of them.
  case issued(ApprovalCase.Effect)
  case issueRefused([CaseReason])
  case withdrawn(at: Timestamp)
  /// An event outside of it has left nothing to decide.
  case closed(Closure)
  /// A court's order holds it from now on.
  case held(CourtHold)
  /// The order of this number holds it no longer.
  case holdReleased(String, CourtHold.Release)
  /// It is in the green channel from now on.
  case expedited(GreenChannel)
  /// Other offices have taken its offices' places.
  case moved(CaseSeat)

  /// The action's name in a case's history.
  var action: String {
    switch self {
    case .accepted: "accepted"
    case .supplementNeeded: "supplement_needed"
    case .notAccepted: "not_accepted"
    case .reviewed: "reviewed"
    case .approved: "approved"
    case .confirmed: "confirmed"
    case .refused: "refused"
    case .handled(let opinion):
      switch opinion.stage {
      case .make: "made"
      case .notify: "notified"
      case .forward, .accept, .review, .approve, .confirm: "forwarded"
      }
    case .supplemented: "supplemented"
    case .deemedAccepted: "deemed_accepted"
    case .supplementLapsed: "supplement_lapsed"
    case .alarmed(let alarm): alarm.term == .warning ? "warned" : "escalated"
    case .paused: "paused"
    case .clockResumed: "resumed"
    case .extended: "extended"
    case .recounted: "recounted"
    case .effected: "effected"
    case .issued: "issued"
    case .issueRefused: "issue_refused"
    case .withdrawn: "withdrawn"
    case .closed: "closed"
    case .held: "held"
    case .holdReleased: "hold_released"
    case .expedited: "expedited"
    case .moved: "moved"
    }
  }

  /// What an officer signed, where the event came from that.
  var opinion: Opinion? {
    switch self {
    case .accepted(let opinion, _, _, _), .confirmed(let opinion, _, _, _),
      .supplementNeeded(let opinion), .notAccepted(let opinion), .reviewed(let opinion),
      .approved(let opinion), .refused(let opinion), .handled(let opinion):
      opinion
    case .supplemented, .effected, .issued, .issueRefused, .withdrawn, .deemedAccepted,
      .supplementLapsed, .alarmed, .paused, .clockResumed, .extended, .recounted, .expedited,
      .moved, .closed, .held, .holdReleased:
      nil
    }
  }

  /// The codes of the event's reasons.
  var reasonCodes: [String] {
    if case .issueRefused(let reasons) = self { return reasons.map(\.code) }
    if case .expedited(let green) = self { return [green.reason] }
    return self.opinion?.reasons.map(\.code) ?? []
  }

  /// What stands beside the action in a case's history: the codes of its reasons, and of what the
  /// clocks do which term, until when and for whom.
  var detail: String {
    switch self {
    case .alarmed(let alarm): "\(alarm.term.rawValue) \(alarm.dueOn) \(alarm.officeCode)"
    case .paused(let pause): "\(pause.reason.rawValue) until \(pause.expectedUntil) \(pause.text)"
    case .extended(let made, let statute, _): "\(made.days) days to \(statute.date) \(made.text)"
    case .recounted(let moves, _):
      moves.map { "\($0.term.rawValue) \($0.from) to \($0.to)" }.joined(separator: ",")
    case .moved(let seat): "\(seat.office) \(seat.bureau)"
    case .closed(let closure): "\(closure.reason.rawValue) \(closure.eventOn)"
    case .held(let hold): "\(hold.documentNumber) \(hold.court)"
    case .holdReleased(let number, let release): "\(number) by \(release.documentNumber)"
    default: self.reasonCodes.joined(separator: ",")
    }
  }
}
