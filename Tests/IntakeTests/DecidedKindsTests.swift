import DomainModel
import RPC
import ServiceCore
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// Every kind that officers decide on comes to them with what it is about.
struct DecidedKindsTests {
  /// A kind, and what it is about.
  static let online: [(ApplicationKind, permit: Bool, registration: Bool)] = [
    (.firstPermit, false, false), (.residenceRegistration, false, false),
    (.addressChange, false, true), (.endorsement, true, false),
    (.conversionByPermit, true, false), (.conversionByRegistration, false, false),
    (.faceDataCorrection, true, false), (.cancellation, true, false),
  ]

  @Test(arguments: online)
  func `a submission opens the case with what it is about`(
    kind: ApplicationKind, hasPermit: Bool, hasRegistration: Bool
  ) async throws {
    let world = try await World()
    let application = try await world.submitted(of: kind)
    #expect(application.state == .submitted)
    #expect(application.kind == .init(kind))
    #expect(application.receipt?.officeCode == "330106500000")
    #expect(application.receipt?.acceptanceDue?.dueOn == "2026-03-17")
    try await world.deliver()
    let opened = try #require(try world.openedCases().first)
    #expect(opened.kind == .init(kind))
    #expect(opened.certificateIdentifier == (hasPermit ? "1.2.156.3005.2.X" : ""))
    #expect(opened.registrationID == (hasRegistration ? "registration" : ""))
    #expect(opened.acceptingOfficer == "" && opened.acceptingOffice == "")
    #expect(application.about?.certificateIdentifier ?? "" == opened.certificateIdentifier)
    #expect(application.about?.registrationID ?? "" == opened.registrationID)
  }

  @Test func `what it is about is found in one look, also where a permit stays behind`()
    async throws
  {
    let world = try await World()
    world.settle(.addressChange)
    world.registry.issue(adultNumber)
    let draft = try await world.readyDraft(of: .addressChange)
    #expect(try await world.submit(draft).submitted)
    let application = try await world.get(draft.applicationID)
    #expect(application.about?.certificateIdentifier == "1.2.156.3005.2.X")
    #expect(application.about?.registrationID == "registration")
  }

  @Test func `an address change that rides along with an endorsement names the registration`()
    async throws
  {
    let world = try await World()
    var form = ModelV1.ApplicationForm.good(for: .endorsement)
    form.changedOn = "2026-03-01"
    let application = try await world.submitted(of: .endorsement, form)
    #expect(application.about?.registrationID == "registration")
    #expect(application.about?.certificateIdentifier == "1.2.156.3005.2.X")
  }

  @Test func `the registry is told of an endorsement that is applied for, and how it ended`()
    async throws
  {
    let world = try await World()
    let id = try await world.submitted(of: .endorsement).applicationID
    try await world.deliver()
    var noted = try Self.noted(world)
    #expect(noted.map(\.what) == [.submittedOn("2026-03-10")])
    #expect(noted.first?.applicationID == id)
    #expect(noted.first?.certificateIdentifier == "1.2.156.3005.2.X")
    let refusal = IntakeV1.Refusal(
      decidedAtMs: world.clock.now().milliseconds, reasons: RecordProgressTests.reasons)
    try await world.record(.notAccepted(refusal), sequence: 1, of: id)
    try await world.deliver()
    noted = try Self.noted(world)
    #expect(
      noted.last?.what == .ended(.init(outcome: .refused, endedOn: "2026-03-10")))
    #expect(noted.count == 2)
  }

  @Test func `an endorsement whose supplement never came has lapsed`() async throws {
    let world = try await World()
    let id = try await world.submitted(of: .endorsement).applicationID
    try await world.record(SupplementApplicationTests.notice(1), sequence: 1, of: id)
    let refusal = IntakeV1.Refusal(
      decidedAtMs: world.clock.now().milliseconds, reasons: RecordProgressTests.reasons)
    try await world.record(.notAccepted(refusal), sequence: 2, of: id)
    try await world.deliver()
    #expect(
      try Self.noted(world).last?.what == .ended(.init(outcome: .lapsed, endedOn: "2026-03-10")))
  }

  @Test func `an endorsement that is granted ends nothing: the registry knows it`() async throws {
    let world = try await World()
    let id = try await world.submitted(of: .endorsement).applicationID
    try await world.record(.accepted(RecordProgressTests.acceptance), sequence: 1, of: id)
    try await world.record(.completed(RecordProgressTests.completion), sequence: 2, of: id)
    try await world.deliver()
    #expect(try Self.noted(world).count == 1)
    #expect(
      try world.toldTexts().map(\.templateID) == ["application_received", "application_accepted"])
  }

  @Test func `what the registry cannot note stops nothing`() async throws {
    let world = try await World()
    world.registry.refuse(with: ServiceError(.endorsementTooEarly))
    let id = try await world.submitted(of: .endorsement).applicationID
    try await world.deliver()
    #expect(try await world.get(id).state == .submitted)
    #expect(try world.openedCases().count == 1)
    world.registry.refuse(with: nil)
    let refusal = IntakeV1.Refusal(
      decidedAtMs: world.clock.now().milliseconds, reasons: RecordProgressTests.reasons)
    try await world.record(.notAccepted(refusal), sequence: 1, of: id)
    try await world.deliver()
    #expect(try Self.noted(world).count == 1)
  }

  private static func noted(
    _ world: World
  ) throws -> [RegistryV1.NoteEndorsementPendingRequest] {
    try world.registry.orders(
      by: RegistryV1.CertificateRegistryServiceMethods.noteEndorsementPending)
  }
}
