import DomainModel

/// What somebody wants to happen to a case.
enum CaseCommand: Hashable, Sendable {
  /// An officer signs an opinion.
  case sign(OpinionDraft)
  /// Intake says that a notice is answered: the case goes on.
  case resume(round: Int, supplementedAt: Timestamp)
  /// The registry has signed the permit.
  case recordIssue(ApprovalCase.Issue)
  /// The registry would not issue, with all its reasons.
  case recordIssueRefusal([CaseReason])
}

/// What happened to a case.
enum CaseEvent: Hashable, Sendable {
  /// `from` is when the case counts as accepted, and both terms run from that day; the opinion
  /// says when it was signed.
  case accepted(Opinion, from: Timestamp, promise: DueDate, statute: DueDate)
  case supplementNeeded(Opinion)
  case notAccepted(Opinion)
  case reviewed(Opinion)
  case approved(Opinion)
  case refused(Opinion)
  case supplemented(round: Int, at: Timestamp, clocks: RunningClocks)
  case issued(ApprovalCase.Issue)
  case issueRefused([CaseReason])

  /// The action's name in a case's history.
  var action: String {
    switch self {
    case .accepted: "accepted"
    case .supplementNeeded: "supplement_needed"
    case .notAccepted: "not_accepted"
    case .reviewed: "reviewed"
    case .approved: "approved"
    case .refused: "refused"
    case .supplemented: "supplemented"
    case .issued: "issued"
    case .issueRefused: "issue_refused"
    }
  }

  /// The opinion the event came from.
  var opinion: Opinion? {
    switch self {
    case .accepted(let opinion, _, _, _), .supplementNeeded(let opinion), .notAccepted(let opinion),
      .reviewed(let opinion), .approved(let opinion), .refused(let opinion):
      opinion
    case .supplemented, .issued, .issueRefused: nil
    }
  }

  /// The codes of the event's reasons.
  var reasonCodes: [String] {
    if case .issueRefused(let reasons) = self { return reasons.map(\.code) }
    return self.opinion?.reasons.map(\.code) ?? []
  }
}
