import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// What no officer decides goes to the registry, and ends by its word.
struct AtOnceKindsTests {
  private typealias Methods = RegistryV1.CertificateRegistryServiceMethods

  static let ofPermit: [(ApplicationKind, Method)] = [
    (.lossReport, RegistryV1.CertificateRegistryServiceMethods.reportLoss),
    (.lossWithdrawal, RegistryV1.CertificateRegistryServiceMethods.withdrawLoss),
  ]

  @Test(arguments: ofPermit)
  func `a loss is reported and withdrawn by the registry's answer, and no case is opened`(
    kind: ApplicationKind, method: Method
  ) async throws {
    let world = try await World()
    let submitted = try await world.submitted(of: kind)
    #expect(submitted.state == .submitted)
    #expect(submitted.receipt?.acceptanceDue == nil)
    #expect(submitted.receipt?.applicationNumber.isEmpty == false)
    try await world.deliver()
    let orders: [RegistryV1.ReportLossRequest] = try world.registry.orders(by: method)
    let order = try #require(orders.first?.order)
    #expect(orders.first?.certificateIdentifier == "1.2.156.3005.2.X")
    #expect(order.applicationID == submitted.applicationID)
    #expect(order.actor == "integrator:zhelibanapp" && order.actorOffice == "")
    #expect(order.decidedOn == "2026-03-10")
    let done = try await world.get(submitted.applicationID)
    #expect(done.state == .completed)
    #expect(done.completion?.certificateIdentifier == "1.2.156.3005.2.X")
    #expect(try world.openedCases().isEmpty)
    // The registry tells the number that it has: the form has none.
    #expect(try world.toldTexts().isEmpty)
    #expect(world.logs.lines.allSatisfy { $0.message != "nobody can be told of a step" })
  }

  @Test func `a refusal of the registry is told with its reason, and never as done`() async throws {
    let world = try await World()
    world.settle(.contactChange)
    world.registry.refuse(with: ServiceError(.registrationEnded))
    let draft = try await world.readyDraft(of: .contactChange)
    #expect(try await world.submit(draft).submitted)
    try await world.deliver()
    let refused = try await world.get(draft.applicationID)
    #expect(refused.state == .refused)
    #expect(refused.completion == nil)
    #expect(refused.refusal?.reasons.map(\.code) == ["REGISTRATION_ENDED"])
    #expect(refused.refusal?.reasons.first?.text == ErrorReason.registrationEnded.chinese)
    #expect(try world.toldTexts().map(\.templateID) == ["application_not_carried_out"])
    // Nothing was sent after it, and the person may try again.
    world.registry.refuse(with: nil)
    try await world.deliver()
    #expect(try await world.get(draft.applicationID).state == .refused)
    let again = try await world.readyDraft(of: .contactChange)
    #expect(try await world.submit(again).submitted)
  }

  @Test func `what only the records show to be wrong in a change is a reason too`() async throws {
    let world = try await World()
    world.settle(.contactChange)
    let violation = DefectReason.dateTooEarly.violation(at: "reported_on")
    world.registry.refuse(with: ServiceError(.requestInvalid, violations: [violation]))
    let draft = try await world.readyDraft(of: .contactChange)
    #expect(try await world.submit(draft).submitted)
    try await world.deliver()
    #expect(
      try await world.get(draft.applicationID).refusal?.reasons.map(\.code) == ["DATE_TOO_EARLY"])
  }

  @Test func `a registry that is away is asked again`() async throws {
    let world = try await World()
    let submitted = try await world.submitted(of: .lossReport)
    world.registry.goAway(true)
    try await world.deliver()
    #expect(try await world.get(submitted.applicationID).state == .submitted)
    world.registry.goAway(false)
    world.clock.advance(milliseconds: 60_000)
    try await world.deliver()
    #expect(try await world.get(submitted.applicationID).state == .completed)
  }

  @Test func `another workplace changes the registration first, then the permit's phone`()
    async throws
  {
    let world = try await World()
    let submitted = try await world.submitted(of: .contactChange)
    try await world.deliver()
    let changes: [RegistryV1.ChangeRegistrationRequest] = try world.registry.orders(
      by: Methods.changeRegistration)
    let change = try #require(changes.first)
    #expect(change.registrationID == "registration")
    #expect(change.workplace == "杭州某某科技有限公司")
    #expect(change.address?.divisionCode == "330106" && change.address?.detail == "保俶路1号")
    #expect(change.changedOn == "2026-03-05" && change.reportedOn == "2026-03-10")
    #expect(change.officeCode == "330106500000")
    let contacts: [RegistryV1.ChangePermitContactRequest] = try world.registry.orders(
      by: Methods.changePermitContact)
    #expect(contacts.map(\.phone) == ["13812345678"])
    let done = try await world.get(submitted.applicationID)
    #expect(done.state == .completed)
    #expect(done.completion?.registrationID == "registration-2")
    #expect(done.completion?.certificateIdentifier == "1.2.156.3005.2.X")
    #expect(done.completion?.validToOn == "2027-03-01")
    #expect(try world.toldTexts().map(\.templateID) == ["application_completed"])
  }

  @Test func `where the workplace is the same only the phone is changed`() async throws {
    let world = try await World()
    world.registry.register(
      adultNumber, since: "2025-03-01", workplace: "杭州某某科技有限公司")
    world.registry.issue(adultNumber)
    let draft = try await world.readyDraft(of: .contactChange)
    #expect(try await world.submit(draft).submitted)
    try await world.deliver()
    let changes: [RegistryV1.ChangeRegistrationRequest] = try world.registry.orders(
      by: Methods.changeRegistration)
    #expect(changes.isEmpty)
    #expect(try await world.get(draft.applicationID).state == .completed)
  }

  @Test func `where nothing is on record nobody can be asked, and the draft stays`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft(of: .lossReport)
    let answer = try await world.submit(draft)
    #expect(!answer.submitted)
    #expect(answer.findings.filter { !$0.passed }.map(\.rule) == ["PERMIT_MISSING"])
    let error = try await refusal { _ = try await world.submit(draft, acknowledging: true) }
    #expect(error.code == .failedPrecondition)
    #expect(error.reason == "NOTHING_TO_CHANGE")
    #expect(try await world.get(draft.applicationID).state == .draft)
  }

  @Test func `a refusal that nobody can be told waits for a person`() async throws {
    let world = try await World()
    let submitted = try await world.submitted(of: .lossReport)
    world.registry.refuse(with: ServiceError(.idempotencyKeyReused))
    try await world.deliver()
    #expect(try await world.get(submitted.applicationID).state == .submitted)
  }
}
