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

  /// 收件: the application was received.
  static func received(_ submission: Submission) -> TextContent {
    TextContent(
      template: "application_received", key: "received",
      values: [("guard_due_on", submission.acceptanceDue.date.chinese)])
  }

  private init(template: String, key: String, values: [(name: String, value: String)] = []) {
    self.template = template
    self.key = key
    self.values = values
  }

  /// What a step of the case makes known; nil for a completion, of which the registry tells,
  /// and for new due dates after a supplement.
  init?(_ progress: Progress, _ application: Application, terms: CaseTerms) {
    let key = "progress-\(application.progressSequence)"
    switch progress {
    case .accepted(let acceptance):
      self.init(
        template: "application_accepted", key: key,
        values: [
          ("office", application.submission?.officeName ?? ""),
          ("promise_due_on", acceptance.promiseDue?.date.chinese ?? ""),
          ("statute_due_on", acceptance.statuteDue?.date.chinese ?? ""),
        ])
    case .supplementNeeded(let notice):
      let due = terms.supplementDue(notifiedOn: CivilDate(of: notice.notifiedAt)).date
      self.init(
        template: "supplement_needed", key: key, values: [("supplement_due_on", due.chinese)])
    case .notAccepted: self.init(template: "application_not_accepted", key: key)
    case .refused: self.init(template: "application_refused", key: key)
    case .completed, .resumed: return nil
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

  /// Every text carries the masked name and the application's number.
  func message(to addressee: Addressee, about application: Application) throws -> OutboxMessage {
    let id = application.id.text
    let common = [
      ("name", addressee.maskedName), ("application", application.submission?.number ?? ""),
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
