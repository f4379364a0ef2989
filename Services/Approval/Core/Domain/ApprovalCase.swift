import DomainModel

/// One application on its way from 受理 over 审核 to 审批.
///
/// A plain value: `CaseMachine` decides what may happen to it, `applying(_:)` makes it happen. The
/// applicant's form and material are no part of it, for no rule here reads them.
struct ApprovalCase: Hashable, Sendable {
  var id: ID<ApprovalCase>
  /// What intake sent; it never changes.
  var origin: Origin
  var state: CaseState = .awaitingAcceptance
  /// Rises by one with each change.
  var version: Int64 = 1
  /// Counts from 1; a supplement, its lapse before acceptance, or a refused issue begins the next.
  var round = 1
  /// Oldest first.
  var opinions: [Opinion] = []
  /// Oldest first.
  var notices: [CaseNotice] = []
  var clocks: RunningClocks
  /// The permit; set where the case is completed.
  var issue: Issue?
  /// Why the registry would not issue; complete, of its last answer.
  var issueRefusedReasons: [CaseReason] = []

  /// What intake sent when it opened the case.
  struct Origin: Hashable, Sendable {
    var applicationID: String
    var applicationNumber: String
    var kind: ApplicationKind
    var channel: Channel
    /// The policy the case keeps until its end.
    var policyVersion: String
    /// Where acceptance and review are done: 12 digits.
    var officeCode: String
    /// Where the approval is given: 12 digits.
    var bureauCode: String
    var submittedAt: Timestamp
    /// The rules of eligibility that the applicant does not meet.
    var failedRules: [String]
  }

  /// The permit a case ended in.
  struct Issue: Hashable, Sendable {
    /// 电子证照标识.
    var certificateIdentifier: String
    var validTo: CivilDate
    /// When the registry had signed.
    var issuedAt: Timestamp
  }

  /// How the application came in.
  enum Channel: String, Hashable, Sendable, CaseIterable {
    /// 掌上办
    case app
    /// 网上办
    case web
  }

  /// The office whose officers sign a stage.
  func office(of stage: Stage) -> String {
    stage == .approve ? self.origin.bureauCode : self.origin.officeCode
  }

  /// Whether an office has to do with the case, and so may read it.
  func concerns(office: String) -> Bool {
    office == self.origin.officeCode || office == self.origin.bureauCode
  }

  /// The officer a refused issue goes back to, by name: who approved last.
  var approver: String? {
    self.opinions.last { $0.stage == .approve && $0.decision == .pass }?.officerID
  }

  /// The notice that the applicant has not answered yet.
  var awaitedNotice: CaseNotice? { self.notices.last { $0.supplementedAt == nil } }

  /// What the guard of acceptance runs from: submission, or the last supplement before acceptance.
  var receivedAt: Timestamp {
    self.notices.last { $0.stage == .accept }?.supplementedAt ?? self.origin.submittedAt
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

  /// Since when both clocks stand still.
  var pausedAt: Timestamp? {
    self.state == .reviewSupplement ? self.awaitedNotice?.notifiedAt : nil
  }

  /// The due date that runs and comes first; nil while the applicant is waited for and at the end.
  var nextDue: DueDate? {
    switch self.state.waitingFor {
    case .applicant, .nobody: nil
    case .officer(.accept): self.clocks.acceptance
    case .officer, .registry:
      [self.clocks.promise, self.clocks.statute].compactMap(\.self).min { $0.date < $1.date }
    }
  }

  /// Whether a due date has passed.
  func isOverdue(at now: Timestamp) -> Bool {
    guard let due = self.nextDue else { return false }
    return due.instant <= now
  }
}
