import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// What the applicant is told by text, in one lane an application. The templates stand in
/// `Services/Policy/templates.tsv`; no value holds a citizen number, an address or a full name.
struct TextContent: Sendable {
  let template: String
  /// With the application's id the message's key.
  private(set) var key: String
  var values: [(name: String, value: String)] = []

  /// What the submission itself makes known: that it was received, or accepted at the counter.
  /// Nil where what comes of it is told within moments.
  init?(_ submission: Submission, _ application: Application, on road: Road) {
    if let acceptance = application.acceptance, submission.enteredBy != nil {
      self = .accepted(acceptance, by: submission.officeName)
    } else if road == .decided || (road == .confirmed && submission.enteredBy == nil) {
      self = .received(submission)
    } else {
      return nil
    }
  }

  /// 收件: the application was received.
  private static func received(_ submission: Submission) -> TextContent {
    TextContent(
      template: "application_received", key: "received",
      values: [("guard_due_on", submission.acceptanceDue?.date.chinese ?? "")])
  }

  /// 受理: who has taken it up, and until when it is done.
  private static func accepted(_ acceptance: Acceptance, by office: String) -> TextContent {
    TextContent(
      template: "application_accepted", key: "accepted",
      values: [
        ("office", office), ("promise_due_on", acceptance.promiseDue?.date.chinese ?? ""),
        ("statute_due_on", acceptance.statuteDue?.date.chinese ?? ""),
      ])
  }

  private init(template: String, key: String, values: [(name: String, value: String)] = []) {
    self.template = template
    self.key = key
    self.values = values
  }

  /// What a step makes known; nil for what the registry tells, for new due dates after a
  /// supplement, for an acceptance that was told at the counter, and for that of one officer, who
  /// decides with the same word.
  init?(_ progress: Progress, _ application: Application, on road: Road, terms: CaseTerms) {
    let key = "progress-\(application.progressSequence)"
    switch progress {
    case .accepted(let acceptance):
      if road != .decided || application.submission?.enteredBy != nil { return nil }
      self = .accepted(acceptance, by: application.submission?.officeName ?? "")
      self.key = key
    case .supplementNeeded(let notice):
      let due = terms.supplementDue(notifiedOn: CivilDate(of: notice.notifiedAt)).date
      self.init(
        template: "supplement_needed", key: key, values: [("supplement_due_on", due.chinese)])
    case .notAccepted: self.init(template: "application_not_accepted", key: key)
    case .refused:
      let isByOfficers = road.hasCase
      self.init(
        template: isByOfficers ? "application_refused" : "application_not_carried_out", key: key)
    case .withdrawn: self.init(template: "application_withdrawn", key: key)
    case .closed(let closure):
      // The dead are told nothing.
      guard closure.reason == .localHukou else { return nil }
      self.init(
        template: "application_closed", key: key,
        values: [("moved_on", closure.eventOn.chinese)])
    case .completed(let completion):
      guard Self.isUntold(completion, of: application.kind) else { return nil }
      self.init(template: "application_completed", key: key)
    case .paused(let reason, _, let until):
      let why = reason == .hearing ? "听证" : "检验、检测、鉴定或者专家评审"
      self.init(
        template: "clock_paused", key: key,
        values: [("reason", why), ("expected_until_on", until.chinese)])
    case .extended(let days, let statuteDue, let rule):
      self.init(
        template: "statute_extended", key: key,
        values: [
          ("rule", rule), ("days", "\(days)"), ("statute_due_on", statuteDue.date.chinese),
        ])
    case .resumed: return nil
    }
  }

  /// Whether nobody else tells that it is done: the registry tells of a permit that is issued,
  /// endorsed, converted, moved, lost, found or cancelled; a slip is handed out.
  private static func isUntold(_ completion: Completion, of kind: ApplicationKind) -> Bool {
    switch kind {
    case .residenceRegistration, .contactChange, .faceDataCorrection: true
    case .addressChange: completion.certificateIdentifier.isEmpty
    case .firstPermit, .endorsement, .conversionByPermit, .conversionByRegistration, .lossReport,
      .lossWithdrawal, .cancellation, .confirmationSlip:
      false
    }
  }

  /// The same for somebody who may have lost it: its key no longer says which step of the case it
  /// was, which is not known of every one.
  func again(_ progress: Progress) -> TextContent {
    var content = self
    content.key = "again-\(progress.name)"
    if case .supplementNeeded(let notice) = progress { content.key += "-\(notice.sequence)" }
    return content
  }

  /// Every text carries the masked name, what was applied for, and the application's number.
  func message(to addressee: Addressee, about application: Application) throws -> OutboxMessage {
    let id = application.id.text
    let common = [
      ("name", addressee.maskedName), ("kind", application.kind.chinese),
      ("application", application.submission?.number ?? ""),
    ]
    let request = NotificationV1.EnqueueMessageRequest(
      idempotencyKey: "\(id)-\(self.key)", templateID: self.template,
      values: (common + self.values).map { NotificationV1.TemplateValue(name: $0.0, value: $0.1) },
      phone: addressee.phone.text, reference: id)
    return try OutboxMessage(
      request, NotificationV1.NotificationServiceMethods.enqueueMessage, to: .notification,
      lane: "application:\(id):notification", key: request.idempotencyKey)
  }
}

/// Whom a text is for.
struct Addressee: Sendable {
  let maskedName: String
  let phone: PhoneNumber

  /// The addressee in the form as it is stored; nil where it has no phone that takes texts. The
  /// name is not judged again: what it may hold changes, and what was submitted stays.
  init?(_ application: Application) {
    let input = application.form?.input ?? FormInput()
    guard let phone = PhoneNumber.check(input.phone).value else { return nil }
    self.maskedName = PersonName.masked(input.applicant.name)
    self.phone = phone
  }
}
