import LoadReport
import Reconciliation
import Testing
import Wire

@testable import anju_load

/// Each thing that must be so, broken once.
struct InvariantsTests {
  /// One application that came to its permit; `change` breaks something.
  private static func broken(
    parked: Int = 0, backlogMs: Int64? = 3,
    _ change: (
      inout [ApprovalV1.WorkItem], inout [RegistryV1.Permit], inout [NotificationV1.Message]
    ) -> Void = { _, _, _ in }
  ) -> [String] {
    var cases = [
      ApprovalV1.WorkItem(
        caseID: "c", applicationID: "a", state: .completed, certificateIdentifier: "p",
        kind: .firstPermit)
    ]
    var permits = [
      RegistryV1.Permit(
        permitID: "1", certificateIdentifier: "p", state: .valid, applicationID: "a", caseID: "c")
    ]
    var messages = ["application_received", "application_accepted", "permit_issued"].map {
      NotificationV1.Message(messageID: $0, reference: "a", templateID: $0, state: .delivered)
    }
    messages.append(
      NotificationV1.Message(
        messageID: "r", reference: "a", templateID: "endorsement_open", state: .queued,
        notBeforeMs: 1))
    change(&cases, &permits, &messages)
    let application = IntakeV1.ApplicationSummary(
      applicationID: "a", state: .completed, certificateIdentifier: "p", kind: .firstPermit,
      channel: .app)
    let invariants = Invariants(
      stores: Reconciliation(
        applications: [application], cases: cases, permits: permits, messages: messages),
      parked: [("intake", parked), ("approval", 0)], backlogMs: backlogMs)
    return invariants.checks.filter { !$0.isHeld }.map(\.promise)
  }

  private static let permits = "As many permits as cases approved"
  private static let texts = "One text for each permit, and delivered"
  private static let agreement = "The four stores agree on every application"

  @Test func `everything is held`() {
    #expect(Self.broken() == [])
  }

  @Test func `a permit too few`() {
    let broken = Self.broken { _, permits, _ in permits = [] }
    #expect(broken.contains(Self.permits))
    #expect(broken.contains(Self.agreement))
  }

  @Test func `a permit that nobody approved`() {
    let broken = Self.broken { cases, _, _ in cases[0].state = .refused }
    #expect(broken.contains(Self.permits))
  }

  @Test func `a permit that was imported has no case, and nothing to differ from`() {
    let broken = Self.broken { _, permits, _ in
      permits.append(
        RegistryV1.Permit(permitID: "2", certificateIdentifier: "old", state: .valid))
    }
    #expect(broken == [])
  }

  @Test func `a permit that was reinstated is the same under another identifier`() {
    let broken = Self.broken { _, permits, _ in
      permits[0].certificateIdentifier = "again"
      permits[0].version = 3
    }
    #expect(broken == [])
  }

  @Test func `a text twice`() {
    let broken = Self.broken { _, _, messages in
      messages.append(
        NotificationV1.Message(
          messageID: "again", reference: "a", templateID: "permit_issued", state: .delivered))
    }
    #expect(broken.contains(Self.texts))
  }

  @Test func `a text that did not arrive`() {
    let broken = Self.broken { _, _, messages in messages[2].state = .dead }
    #expect(broken.contains(Self.texts))
  }

  @Test func `a message that is parked`() {
    #expect(Self.broken(parked: 1) == ["No message between services is an orphan"])
  }

  @Test(arguments: [1_000, nil])
  func `a second of work is left`(backlogMs: Int64?) {
    #expect(
      Self.broken(backlogMs: backlogMs) == [
        "Less than 1000 ms of work is left when the last call has ended"
      ])
  }
}
