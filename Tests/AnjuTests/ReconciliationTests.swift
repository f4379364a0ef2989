import DomainModel
import Reconciliation
import Testing
import Wire

/// One chain from submission to text, and every way a link of it can be missing.
struct ReconciliationTests {
  private static func reconciliation(
    _ change: (inout Stores) -> Void = { _ in }
  ) -> [String] {
    var stores = Stores()
    change(&stores)
    return Reconciliation(
      applications: stores.applications, cases: stores.cases, permits: stores.permits,
      messages: stores.messages
    ).differences().map(\.kind)
  }

  struct Stores {
    var applications = [
      IntakeV1.ApplicationSummary(
        applicationID: "a1", applicationNumber: "n1", state: .completed,
        certificateIdentifier: "p1")
    ]
    var cases = [
      ApprovalV1.WorkItem(
        caseID: "c1", applicationID: "a1", state: .completed, certificateIdentifier: "p1",
        kind: .firstPermit)
    ]
    var permits = [
      RegistryV1.Permit(certificateIdentifier: "p1", applicationID: "a1", caseID: "c1")
    ]
    var messages = [
      NotificationV1.Message(
        messageID: "m1", reference: "a1", templateID: "permit_issued", state: .delivered),
      NotificationV1.Message(
        messageID: "m2", reference: "a1", templateID: "application_received", state: .delivered),
      NotificationV1.Message(
        messageID: "m3", reference: "a1", templateID: "application_accepted", state: .delivered),
    ]
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let expected: [String]
    let change: @Sendable (inout Stores) -> Void

    init(
      _ description: String, _ expected: [String],
      _ change: @escaping @Sendable (inout Stores) -> Void
    ) {
      self.testDescription = description
      self.expected = expected
      self.change = change
    }
  }

  static let all = [
    Case("all agree", []) { _ in },
    Case("a draft needs no case", []) {
      $0.applications.append(IntakeV1.ApplicationSummary(applicationID: "a2", state: .draft))
    },
    Case(
      "a submission never reached approval",
      ["application_received_not_told", "submitted_without_case"]
    ) {
      $0.applications.append(IntakeV1.ApplicationSummary(applicationID: "a2", state: .submitted))
    },
    Case("a case of an application nobody knows", ["case_without_application"]) {
      $0.cases.append(
        ApprovalV1.WorkItem(caseID: "c2", applicationID: "a2", state: .awaitingReview))
    },
    Case("two cases of one application", ["two_cases"]) {
      $0.cases.append($0.cases[0])
    },
    Case("approved and never answered", ["approved_without_answer", "states_differ"]) {
      $0.cases[0].state = .approved
      $0.cases[0].certificateIdentifier = ""
    },
    Case("completed with another permit", ["completed_without_its_permit", "states_differ"]) {
      $0.cases[0].certificateIdentifier = "p9"
    },
    Case(
      "a permit nobody approved", ["application_refused_not_told", "permit_without_approval"]
    ) {
      $0.permits[0].caseID = "c9"
      $0.cases[0].state = .refused
      $0.cases[0].certificateIdentifier = ""
      $0.applications[0].state = .refused
      $0.applications[0].certificateIdentifier = ""
    },
    Case("intake was never told", ["states_differ"]) {
      $0.applications[0].state = .accepted
      $0.applications[0].certificateIdentifier = ""
    },
    Case(
      "the applicant was never told",
      ["application_accepted_not_told", "application_received_not_told", "permit_not_told"]
    ) { $0.messages = [] },
    Case("the applicant was told twice", ["permit_told_twice"]) {
      $0.messages.append($0.messages[0])
    },
    Case("told of a permit that is not", ["told_without_permit"]) {
      $0.messages.append(
        NotificationV1.Message(
          messageID: "m2", reference: "a2", templateID: "permit_issued", state: .delivered))
    },
    Case(
      "asked in review and told of nothing but that",
      ["application_accepted_not_told", "application_received_not_told"]
    ) {
      $0.permits = []
      $0.applications[0] = IntakeV1.ApplicationSummary(
        applicationID: "a1", applicationNumber: "n1", state: .supplementNeeded)
      $0.cases[0] = ApprovalV1.WorkItem(
        caseID: "c1", applicationID: "a1", state: .reviewSupplement)
      $0.messages = [
        NotificationV1.Message(
          messageID: "m4", reference: "a1", templateID: "supplement_needed", state: .delivered)
      ]
    },
    Case("a registration ends in no permit", []) {
      $0.permits = []
      $0.messages.removeFirst()
      $0.applications[0].certificateIdentifier = ""
      $0.cases[0] = ApprovalV1.WorkItem(
        caseID: "c1", applicationID: "a1", state: .completed, kind: .residenceRegistration)
    },
    Case("a registration that the registry would not have is not told yet", []) {
      $0.permits = []
      $0.messages = $0.messages.filter { $0.templateID == "application_received" }
      $0.applications[0] = IntakeV1.ApplicationSummary(
        applicationID: "a1", applicationNumber: "n1", state: .submitted)
      $0.cases[0] = ApprovalV1.WorkItem(
        caseID: "c1", applicationID: "a1", state: .issueRefused, kind: .residenceRegistration)
    },
    Case("what no officer decides needs neither case nor text", []) {
      $0.applications.append(
        IntakeV1.ApplicationSummary(applicationID: "a2", state: .completed, kind: .lossReport))
    },
    Case("at the counter nobody is told of the receipt alone", ["submitted_without_case"]) {
      $0.applications.append(
        IntakeV1.ApplicationSummary(
          applicationID: "a2", state: .submitted, kind: .residenceRegistration, channel: .window))
    },
    Case("taken back and not told", ["application_withdrawn_not_told"]) {
      $0.permits = []
      $0.messages.removeFirst()
      $0.applications[0].state = .withdrawn
      $0.applications[0].certificateIdentifier = ""
      $0.cases[0].state = .withdrawn
      $0.cases[0].certificateIdentifier = ""
    },
    Case("closed, as its case is", []) {
      $0.permits = []
      $0.messages.removeAll { $0.templateID == "permit_issued" }
      $0.applications[0].state = .closed
      $0.applications[0].certificateIdentifier = ""
      $0.cases[0].state = .closed
      $0.cases[0].certificateIdentifier = ""
    },
    Case("a permit was changed since its issue", []) {
      $0.permits[0].certificateIdentifier = "p2"
      $0.permits[0].version = 2
    },
    Case("the card of a permit is being made", []) { $0.cases[0].state = .awaitingMaking },
    Case("a conversion is told as one", []) {
      $0.messages[0].templateID = "permit_converted"
    },
    Case("a reminder of a permit waits", []) {
      $0.permits[0] = Self.valid
      $0.messages.append(Self.reminder(.queued, on: "2027-02-10"))
    },
    Case("the registry called it off", []) {
      $0.permits[0] = Self.valid
      $0.messages.append(Self.reminder(.cancelled, on: "2027-02-10"))
    },
    Case("nobody will be reminded of a permit", ["reminders_not_scheduled"]) {
      $0.permits[0] = Self.valid
    },
    Case("there is only the reminder of the year before", ["reminders_not_scheduled"]) {
      $0.permits[0] = Self.valid
      $0.messages.append(Self.reminder(.delivered, on: "2026-02-10"))
    },
    Case("the reminder is somebody else's", ["reminders_not_scheduled"]) {
      $0.permits[0] = Self.valid
      var reminder = Self.reminder(.queued, on: "2027-02-10")
      reminder.reference = "a2"
      $0.messages.append(reminder)
    },
    Case("one that can be endorsed already needs none", []) {
      $0.permits[0] = Self.valid
      $0.permits[0].state = .endorsementWindow
    },
    Case("a text that was given up", ["message_not_delivered"]) {
      $0.messages.append(
        NotificationV1.Message(
          messageID: "m2", reference: "a1", templateID: "application_received", state: .dead))
    },
    Case("a reminder that was tried in its time and is not sent yet", ["message_not_delivered"]) {
      $0.messages.append(Self.reminder(.queued, attempts: 1))
    },
    Case("reminders that wait, were cancelled or are stale", []) {
      $0.messages += [Self.reminder(.queued), Self.reminder(.cancelled), Self.reminder(.expired)]
    },
  ]

  /// A permit whose window is still to open.
  private static let valid = RegistryV1.Permit(
    certificateIdentifier: "p1", state: .valid, validToOn: "2027-03-10", applicationID: "a1",
    caseID: "c1")

  private static func reminder(
    _ state: NotificationV1.MessageState, on day: String
  ) -> NotificationV1.Message {
    var message = Self.reminder(state)
    message.notBeforeMs = CivilDate(iso: day)?.startOfDay.milliseconds ?? 0
    return message
  }

  private static func reminder(
    _ state: NotificationV1.MessageState, attempts: Int32 = 0
  ) -> NotificationV1.Message {
    NotificationV1.Message(
      messageID: "m3", reference: "a1", templateID: "endorsement_open", state: state,
      attempts: attempts, notBeforeMs: 1)
  }

  struct Mending: CustomTestStringConvertible, Sendable {
    let kind: String
    let subject: String
    let asked: [String]

    var testDescription: String { self.kind }
  }

  static let mendings = [
    Mending(kind: "submitted_without_case", subject: "a1", asked: ["intake a1 case c1"]),
    Mending(
      kind: "states_differ", subject: "a1",
      asked: ["approval a1 application ", "intake a1 case c1"]),
    Mending(kind: "case_without_application", subject: "c1", asked: ["approval a1 application "]),
    Mending(kind: "completed_without_its_permit", subject: "c1", asked: ["approval a1 permit "]),
    Mending(kind: "permit_without_approval", subject: "p1", asked: ["intake a1 case c1"]),
    Mending(kind: "permit_not_told", subject: "p1", asked: ["registry a1 permit_issued "]),
    Mending(kind: "reminders_not_scheduled", subject: "p1", asked: ["registry a1 permit_issued "]),
    Mending(
      kind: "supplement_needed_not_told", subject: "a1", asked: ["intake a1 supplement_needed "]),
    Mending(kind: "message_not_delivered", subject: "m1", asked: []),
    Mending(kind: "permit_told_twice", subject: "p1", asked: []),
  ]

  @Test(arguments: mendings)
  func `asks those who still know it`(_ row: Mending) {
    let stores = Stores()
    let repairs = Reconciliation(
      applications: stores.applications, cases: stores.cases, permits: stores.permits,
      messages: stores.messages
    ).repairs(of: [Difference(kind: row.kind, subject: row.subject)])
    let asked = repairs.map { "\($0.service) \($0.applicationID) \($0.what) \($0.caseID)" }
    #expect(asked == row.asked)
  }

  @Test(arguments: all)
  func `finds exactly what differs`(_ row: Case) {
    #expect(Self.reconciliation(row.change) == row.expected)
  }
}
