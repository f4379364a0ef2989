/// Where a case stands. Each open state says who is waited for, so that no case is left to nobody.
enum CaseState: String, Hashable, Sendable, CaseIterable {
  /// 待受理. May become `awaitingReview`, `awaitingSupplement` or `notAccepted`.
  case awaitingAcceptance = "awaiting_acceptance"
  /// 待补正 before acceptance. May become `awaitingAcceptance`, or, once the notice lapsed,
  /// `notAccepted`.
  case awaitingSupplement = "awaiting_supplement"
  /// 待审核. May become `awaitingApproval` or `reviewSupplement`.
  case awaitingReview = "awaiting_review"
  /// 待补正 after acceptance. May become `awaitingReview`, or `refused` once the notice lapsed.
  case reviewSupplement = "review_supplement"
  /// 待审批. May become `approved` or `refused`.
  case awaitingApproval = "awaiting_approval"
  /// 已审批: the registry is being told. May become `completed` or `issueRefused`.
  case approved
  /// The registry would not issue. May become `approved` or `refused`.
  case issueRefused = "issue_refused"
  /// 办结; final.
  case completed
  /// 不予受理; final.
  case notAccepted = "not_accepted"
  /// 不通过; final.
  case refused

  /// Who has to do something next.
  enum Waiting: Hashable, Sendable {
    /// An officer, who signs this stage.
    case officer(Stage)
    /// The applicant, who supplements.
    case applicant
    /// The certificate registry, which issues.
    case registry
    /// Nobody: the case has ended.
    case nobody
  }

  /// Who has to do something next.
  var waitingFor: Waiting {
    switch self {
    case .awaitingAcceptance: .officer(.accept)
    case .awaitingReview: .officer(.review)
    case .awaitingApproval, .issueRefused: .officer(.approve)
    case .awaitingSupplement, .reviewSupplement: .applicant
    case .approved: .registry
    case .completed, .notAccepted, .refused: .nobody
    }
  }

  /// The stage at which a refusal ends a case whose once-only notice lapsed: before acceptance 不予受理
  /// (Hangzhou rules, Art. 17: 拒不补充的,不予受理), after it 不通过, by the approver as always, with the
  /// reviewer's notice as the second opinion.
  var stageOfLapse: Stage? {
    switch self {
    case .awaitingSupplement: .accept
    case .reviewSupplement: .approve
    default: nil
    }
  }

  /// Whether the case has ended.
  var isClosed: Bool { self.waitingFor == .nobody }

  /// The stage whose work the case is now, nil where no officer is waited for.
  var workStage: Stage? {
    guard case .officer(let stage) = self.waitingFor else { return nil }
    return stage
  }
}
