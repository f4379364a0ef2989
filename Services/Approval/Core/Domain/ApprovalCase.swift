import DomainModel

/// One application on its way through the stages of its kind.
///
/// A plain value: `CaseMachine` decides what may happen to it and makes it happen. The applicant's
/// form and material are no part of it, for no rule here reads them.
struct ApprovalCase: Hashable, Sendable {
  var id: ID<ApprovalCase>
  /// What intake sent; of it only the offices change, where others take their places.
  var origin: Origin
  var state: CaseState
  /// Rises by one with each change.
  var version: Int64 = 1
  /// Counts from 1; a supplement, its lapse before acceptance, or a refused issue begins the next.
  var round = 1
  /// Oldest first.
  var opinions: [Opinion] = []
  /// Oldest first.
  var notices: [CaseNotice] = []
  var clocks: RunningClocks
  /// For which officers stopped the clocks; oldest first, the last one may be open.
  var pauses: [CasePause] = []
  /// Of the statute; oldest first.
  var extensions: [CaseExtension] = []
  /// The terms that passed; oldest first.
  var alarms: [CaseAlarm] = []
  /// What new calendars moved; oldest first.
  var moves: [DueDateMove] = []
  /// When the next thing that time alone does to it is due; nil where nothing is.
  var timerAt: Timestamp?
  /// What the registry has made of the decision; all of it once the state `isInEffect`.
  var effect: Effect?
  /// How many of the changes that the decision makes the registry has made.
  var effectsCount = 0
  /// Why the registry would not; complete, of its last answer.
  var issueRefusedReasons: [CaseReason] = []
  /// When the applicant took it back.
  var withdrawnAt: Timestamp?
  /// The courts' orders that hold or held it; oldest first.
  var holds: [CourtHold] = []
  /// Why it was closed without a decision, where it was.
  var closure: Closure?
  /// The office whose work it is now: 12 digits; empty where no officer is waited for.
  var workOffice = ""
  /// Who works on it.
  var desk = CaseDesk()

  /// What intake sent when it opened the case.
  struct Origin: Hashable, Sendable {
    var applicationID: String
    var applicationNumber: String
    var kind: ApplicationKind
    var channel: Channel
    /// The policy the case keeps until its end.
    var policyVersion: String
    /// The office of the residence: 12 digits.
    var officeCode: String
    /// The county-level bureau, which issues: 12 digits.
    var bureauCode: String
    var submittedAt: Timestamp
    /// The rules of eligibility that the applicant does not meet.
    var failedRules: [String]
    /// What the application is about, as intake found it.
    var subject = Subject()
  }

  /// What an application is about.
  struct Subject: Hashable, Sendable {
    /// 电子证照标识 of the permit; empty where there is none.
    var certificateIdentifier = ""
    /// The registration; empty where there is none.
    var registrationID = ""
  }

  /// What the registry has made of a decision.
  struct Effect: Hashable, Sendable {
    /// 电子证照标识 of the permit that was issued or changed; empty where it was about none.
    var certificateIdentifier = ""
    /// That permit's last day.
    var validTo: CivilDate?
    /// The registration that was made or changed; empty where it was about none.
    var registrationID = ""
    /// When the registry had signed or recorded it.
    var at: Timestamp
  }

  /// How the application came in.
  enum Channel: String, Hashable, Sendable, CaseIterable {
    /// 掌上办
    case app
    /// 网上办
    case web
    /// 窗口办
    case window
    /// 协管采集
    case collector
  }

  /// The stage whose work the case is now, nil where no officer is waited for: that which can be
  /// signed, or that which has to end a case whose once-only notice has lapsed.
  var workStage: Stage? { self.openStage ?? self.endingStage }

  /// The stage that can be signed with any word, nil where no officer is waited for.
  var openStage: Stage? {
    switch self.state.waitingFor {
    case .officer(let stage): stage
    case .decider: self.decision?.stage
    case .applicant, .registry, .nobody: nil
    }
  }

  /// The stage that ends a case whose once-only notice has lapsed; nil for all others.
  var endingStage: Stage? {
    guard self.state.waitingFor == .applicant, let notice = self.awaitedNotice,
      notice.lapsedAt != nil
    else { return nil }
    return self.state == .awaitingSupplement ? notice.stage : .approve
  }

  /// The decision for the applicant: whose officer a refused issue goes back to, by name.
  var decision: Opinion? { self.opinions.last { $0.stage.decides && $0.decision == .pass } }

  /// The notice that the applicant has not answered yet.
  var awaitedNotice: CaseNotice? { self.notices.last { $0.supplementedAt == nil } }

  /// What the guard of acceptance runs from: submission, or the last supplement before acceptance.
  var receivedAt: Timestamp {
    self.notices.last { $0.stage != .review }?.supplementedAt ?? self.origin.submittedAt
  }

  /// When a case whose acceptance is signed at an instant counts as accepted: then, or on receipt
  /// where the guard had passed without a word, for silence is acceptance (Administrative Licence
  /// Law, Art. 32(4); 逾期不告知的,自收到申请材料之日起即为受理).
  func acceptance(signedAt: Timestamp) -> Timestamp {
    self.clocks.acceptance.instant <= signedAt ? self.receivedAt : signedAt
  }

  /// The round an opinion signed now belongs to. The notice before acceptance was this round's one
  /// opinion of its stage, so the refusal after its lapse begins the next round.
  var roundToSign: Int { self.state == .awaitingSupplement ? self.round + 1 : self.round }

  /// The pause for which an officer has stopped the clocks and which is not over.
  var openPause: CasePause? {
    guard self.state.isUndecided else { return nil }
    return self.pauses.last { $0.resumedAt == nil }
  }

  /// Since when the clocks stand still.
  var pausedAt: Timestamp? {
    if let pause = self.openPause { return pause.pausedAt }
    guard self.state == .reviewSupplement, self.endingStage == nil else { return nil }
    return self.awaitedNotice?.notifiedAt
  }

  /// The due date that runs and comes first; nil while the applicant is waited for and at the end.
  var nextDue: DueDate? { self.runningTerms.map(\.due).min { $0.date < $1.date } }

  /// The terms that run, and until when.
  var runningTerms: [(term: CaseTerm, due: DueDate)] {
    if let pause = self.openPause {
      return [(.pause, DueDate(date: pause.expectedUntil, isProvisional: false))]
    }
    let terms: [CaseTerm] =
      switch self.state.waitingFor {
      case .nobody: []
      case .applicant where self.endingStage == nil: []
      case .applicant:
        self.state == .reviewSupplement ? [.promise, .statute] : [.guarding, .promise, .statute]
      case .officer(.accept): [.guarding, .stage]
      case .officer(.confirm): [.guarding, .promise, .statute, .stage]
      // The promise was kept when the registry had signed.
      case .officer(.make), .officer(.notify): [.stage]
      case .officer, .decider, .registry: [.promise, .statute, .stage]
      }
    return terms.compactMap { term in self.clocks.due(of: term).map { (term, $0) } }
  }

  /// Whether a due date has passed.
  func isOverdue(at now: Timestamp) -> Bool {
    guard let due = self.nextDue else { return false }
    return due.instant <= now
  }
}

extension ApprovalCase.Effect {
  /// Both effects of one decision.
  func joined(with later: Self) -> Self {
    var joined = self
    if !later.certificateIdentifier.isEmpty {
      joined.certificateIdentifier = later.certificateIdentifier
      joined.validTo = later.validTo
    }
    if !later.registrationID.isEmpty { joined.registrationID = later.registrationID }
    joined.at = max(self.at, later.at)
    return joined
  }
}
