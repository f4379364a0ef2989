import DomainModel
import RPC
import Storage
import Wire

/// What the applicant is told by text, in one lane an application. The templates stand in
/// `Services/Policy/templates.tsv`; no value holds a citizen number, an address or a full name.
enum Texts {
  /// The destination's name in the outbox.
  static let destination = "notification"

  /// 收件: the application was received.
  static func received(
    _ application: Application, _ submission: Submission, _ form: ApplicationForm
  ) throws -> OutboxMessage {
    try Self.message(
      "application_received", key: "received", of: application,
      to: Addressee(name: form.name, phone: form.phone),
      values: [("guard_due_on", submission.acceptanceDue.date.chinese)])
  }

  /// What a step of the case makes known; nil for a completion, which the registry tells when it
  /// has signed.
  static func told(
    of progress: Progress, _ application: Application, policy: PolicySettings
  ) throws -> OutboxMessage? {
    let addressee = try Addressee(application)
    let key = "progress-\(application.progressSequence)"
    switch progress {
    case .accepted(let acceptance):
      return try Self.message(
        "application_accepted", key: key, of: application, to: addressee,
        values: [
          ("office", application.submission?.officeName ?? ""),
          ("promise_due_on", acceptance.promiseDue?.date.chinese ?? ""),
          ("statute_due_on", acceptance.statuteDue?.date.chinese ?? ""),
        ])
    case .supplementNeeded(let notice):
      let due = CivilDate(of: notice.notifiedAt).adding(days: policy.supplementDays)
      return try Self.message(
        "supplement_needed", key: key, of: application, to: addressee,
        values: [("supplement_due_on", due.chinese)])
    case .notAccepted:
      return try Self.message(
        "application_not_accepted", key: key, of: application, to: addressee, values: [])
    case .refused:
      return try Self.message(
        "application_refused", key: key, of: application, to: addressee, values: [])
    case .completed:
      return nil
    }
  }

  /// Every text carries the masked name and the application's number.
  private static func message(
    _ template: String, key: String, of application: Application, to addressee: Addressee,
    values: [(name: String, value: String)]
  ) throws -> OutboxMessage {
    let id = application.id.text
    let common = [
      ("name", addressee.name.masked), ("application", application.submission?.number ?? ""),
    ]
    let request = NotificationV1.EnqueueMessageRequest(
      idempotencyKey: "\(id)-\(key)", templateID: template,
      values: (common + values).map { NotificationV1.TemplateValue(name: $0.0, value: $0.1) },
      phone: addressee.phone.text, reference: id)
    return OutboxMessage(
      lane: "application:\(id):notification", destination: Self.destination,
      method: NotificationV1.NotificationServiceMethods.enqueueMessage.path,
      payload: try request.wireBytes(), idempotencyKey: request.idempotencyKey)
  }
}

/// Whom a text is for.
private struct Addressee {
  let name: PersonName
  let phone: PhoneNumber

  init(name: PersonName, phone: PhoneNumber) {
    self.name = name
    self.phone = phone
  }

  /// The addressee in the form as submitted, which is without defect.
  init(_ application: Application) throws {
    let input = application.form?.input ?? FormInput()
    guard let name = PersonName.check(input.applicant.name).value,
      let phone = PhoneNumber.check(input.phone).value
    else { throw UnusableData(what: "\(application.id) was submitted without name or phone") }
    self.init(name: name, phone: phone)
  }
}
