/// Where a case stands. Each open state says who is waited for, so that no case is left to nobody.
/// What may follow, the workflow of the case's kind says.
enum CaseState: String, Hashable, Sendable, CaseIterable {
  /// 待受理
  case awaitingAcceptance = "awaiting_acceptance"
  /// 待补正 before acceptance. Once the notice lapsed it may be ended as `notAccepted`.
  case awaitingSupplement = "awaiting_supplement"
  /// 待审核
  case awaitingReview = "awaiting_review"
  /// 待补正 after acceptance. Once the notice lapsed it may be `refused`.
  case reviewSupplement = "review_supplement"
  /// 待审批
  case awaitingApproval = "awaiting_approval"
  /// 已审批: the registry is being told.
  case approved
  /// The registry would not have it: back with who decided.
  case issueRefused = "issue_refused"
  /// 办结; final.
  case completed
  /// 不予受理; final.
  case notAccepted = "not_accepted"
  /// 不通过; final.
  case refused
  /// 待确认, where one officer decides.
  case awaitingConfirmation = "awaiting_confirmation"
  /// 已撤回; final.
  case withdrawn
  /// 待转递: accepted, and on its way to the office that reviews.
  case awaitingForwarding = "awaiting_forwarding"
  /// 待制证: the permit is in force, and its card is being made.
  case awaitingMaking = "awaiting_making"
  /// 待通知: the card is there.
  case awaitingNotification = "awaiting_notification"
  /// 终止: an event outside of it has left nothing to decide; final.
  case closed

  /// The state in which a case waits for a stage.
  init(waitingAt stage: Stage) {
    switch stage {
    case .accept: self = .awaitingAcceptance
    case .review: self = .awaitingReview
    case .approve: self = .awaitingApproval
    case .confirm: self = .awaitingConfirmation
    case .forward: self = .awaitingForwarding
    case .make: self = .awaitingMaking
    case .notify: self = .awaitingNotification
    }
  }

  /// Who has to do something next.
  enum Waiting: Hashable, Sendable {
    /// An officer, who signs this stage.
    case officer(Stage)
    /// The officer who decided, by name.
    case decider
    /// The applicant, who supplements.
    case applicant
    /// The certificate registry, which gives the decision its effect.
    case registry
    /// Nobody: the case has ended.
    case nobody
  }

  /// Who has to do something next.
  var waitingFor: Waiting {
    switch self {
    case .awaitingAcceptance: .officer(.accept)
    case .awaitingReview: .officer(.review)
    case .awaitingApproval: .officer(.approve)
    case .awaitingConfirmation: .officer(.confirm)
    case .awaitingForwarding: .officer(.forward)
    case .awaitingMaking: .officer(.make)
    case .awaitingNotification: .officer(.notify)
    case .issueRefused: .decider
    case .awaitingSupplement, .reviewSupplement: .applicant
    case .approved: .registry
    case .completed, .notAccepted, .refused, .withdrawn, .closed: .nobody
    }
  }

  /// Whether the case has ended.
  var isClosed: Bool { self.waitingFor == .nobody }

  /// Whether a decision for the applicant has all of its effect.
  var isInEffect: Bool {
    switch self {
    case .completed, .awaitingMaking, .awaitingNotification: true
    default: false
    }
  }

  /// Whether the applicant can still take it back, and an event outside still ends it: nothing is
  /// decided yet.
  var isUndecided: Bool {
    switch self {
    case .awaitingAcceptance, .awaitingSupplement, .awaitingForwarding, .awaitingReview,
      .reviewSupplement, .awaitingApproval, .awaitingConfirmation:
      true
    case .approved, .issueRefused, .completed, .notAccepted, .refused, .withdrawn, .closed,
      .awaitingMaking, .awaitingNotification:
      false
    }
  }
}
