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
        caseID: "c1", applicationID: "a1", state: .completed, certificateIdentifier: "p1")
    ]
    var permits = [
      RegistryV1.Permit(certificateIdentifier: "p1", applicationID: "a1", caseID: "c1")
    ]
    var messages = [
      NotificationV1.Message(
        messageID: "m1", reference: "a1", templateID: "permit_issued", state: .delivered)
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
    Case("a submission never reached approval", ["submitted_without_case"]) {
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
    Case("a permit nobody approved", ["permit_without_approval"]) {
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
    Case("the applicant was never told", ["permit_not_told_once"]) { $0.messages = [] },
    Case("the applicant was told twice", ["permit_not_told_once"]) {
      $0.messages.append($0.messages[0])
    },
    Case("told of a permit that is not", ["told_without_permit"]) {
      $0.messages.append(
        NotificationV1.Message(
          messageID: "m2", reference: "a2", templateID: "permit_issued", state: .delivered))
    },
    Case("a text that was given up", ["message_not_delivered"]) {
      $0.messages.append(
        NotificationV1.Message(
          messageID: "m2", reference: "a1", templateID: "application_received", state: .dead))
    },
  ]

  @Test(arguments: all)
  func `finds exactly what differs`(_ row: Case) {
    #expect(Self.reconciliation(row.change) == row.expected)
  }
}
