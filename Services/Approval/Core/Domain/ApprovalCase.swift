import DomainModel

/// One application on its way through the stages of its kind.
///
/// A plain value: `CaseMachine` decides what may happen to it and makes it happen. The applicant's
/// form and material are no part of it, for no rule here reads them.
struct ApprovalCase: Hashable, Sendable {
  var id: ID<ApprovalCase>
  /// What intake sent; it never changes.
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
  /// What the registry has made of the decision; all of it once the state `isInEffect`.
  var effect: Effect?
  /// How many of the changes that the decision makes the registry has made.
  var effectsCount = 0
  /// Why the registry would not; complete, of its last answer.
  var issueRefusedReasons: [CaseReason] = []
  /// When the applicant took it back.
  var withdrawnAt: Timestamp?
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

  /// The stage whose work the case is now, nil where no officer is waited for.
  var workStage: Stage? {
    switch self.state.waitingFor {
    case .officer(let stage): stage
    case .decider: self.decision?.stage
    case .applicant, .registry, .nobody: nil
    }
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

  /// Since when the clocks stand still.
  var pausedAt: Timestamp? {
    self.state == .reviewSupplement ? self.awaitedNotice?.notifiedAt : nil
  }

  /// The due date that runs and comes first; nil while the applicant is waited for and at the end.
  var nextDue: DueDate? {
    let clocks = self.clocks
    let running: [DueDate?] =
      switch self.state.waitingFor {
      case .applicant, .nobody: []
      case .officer(.accept): [clocks.acceptance, clocks.stage]
      case .officer(.confirm):
        [clocks.acceptance, clocks.promise, clocks.statute, clocks.stage]
      // The promise was kept when the registry had signed.
      case .officer(.make), .officer(.notify): [clocks.stage]
      case .officer, .decider, .registry: [clocks.promise, clocks.statute, clocks.stage]
      }
    return running.compactMap(\.self).min { $0.date < $1.date }
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
