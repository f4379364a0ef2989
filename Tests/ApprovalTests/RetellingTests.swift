import DomainModel
import ServiceCore
import Storage
import StorageSQLite
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// What approval tells those who have lost it, and what it hears when it has lost a case itself.
struct RetellingTests {
  private static func retold(_ desk: Desk, _ what: String) async throws -> [OutboxMessage] {
    let retelling = desk.assembly.retelling
    return try await desk.store.read {
      try retelling($0, LostMessage(applicationID: "application-1", what: what))
    }
  }

  /// A case with two notices and their supplements, up to its permit.
  private static func walked(_ desk: Desk) async throws {
    let id = try await desk.open()
    try await desk.sign(id, .accept, .supplement, ["PHOTO_UNFIT"])
    desk.clock.advance(milliseconds: 86_400_000)
    try await desk.resume()
    try await desk.sign(id, .accept)
    try await desk.sign(id, .review, .supplement, ["ID_CARD_EXPIRED"])
    desk.clock.advance(milliseconds: 3 * 86_400_000)
    try await desk.resume(round: 2)
    try await desk.sign(id, .review)
    try await desk.sign(id, .approve)
    try await desk.deliver()
  }

  @Test func `intake is told again all that it was told, in the same words`() async throws {
    let desk = try await Desk()
    try await Self.walked(desk)
    let messages = try await Self.retold(desk, "application")
    let first = try #require(messages.first)
    let application = try IntakeV1.RestoreApplicationRequest(wireBytes: first.payload)
    #expect(application.form == Desk.form)
    #expect(application.applicationNumber == "ZJ-application-1")
    let again = try messages.dropFirst().map {
      try IntakeV1.RecordProgressRequest(wireBytes: $0.payload)
    }
    let (steps, told) = (again.map(\.step), desk.intake.told.map(\.step))
    #expect(steps == told)
    let sequences = again.map(\.sequence)
    #expect(sequences == [1, 2, 3, 4, 5, 6])
    let isAgain = again.allSatisfy(\.again)
    #expect(isAgain)
    let lanes = Set(messages.map(\.lane))
    #expect(lanes.count == 1)
  }

  @Test func `the registry is ordered the very permit that it has lost`() async throws {
    let desk = try await Desk()
    try await Self.walked(desk)
    let order = try #require(try await Self.retold(desk, "permit").first)
    var again = try RegistryV1.IssuePermitRequest(wireBytes: order.payload)
    #expect(again.certificateIdentifier == FakeRegistry.identifier)
    #expect(again.issuedAtMs > 0)
    var first = try #require(try desk.registry.orders.first)
    #expect(again.idempotencyKey != first.idempotencyKey)
    again.idempotencyKey = ""
    again.certificateIdentifier = ""
    again.issuedAtMs = 0
    first.idempotencyKey = ""
    #expect(again == first)
  }

  @Test func `nothing is told of what is not there`() async throws {
    let desk = try await Desk()
    #expect(try await Self.retold(desk, "application").isEmpty)
    _ = try await desk.open()
    #expect(try await Self.retold(desk, "permit").isEmpty)
    #expect(try await Self.retold(desk, "anything").isEmpty)
  }

  /// Accepted at nine o'clock, as intake was told.
  private static func standing(_ desk: Desk) -> ApprovalV1.CaseStanding {
    let due = ModelV1.DueDate(dueOn: "2026-03-20")
    return ApprovalV1.CaseStanding(
      caseID: "case-of-old", progress: 1, state: .awaitingReview,
      clocks: ApprovalV1.Clocks(
        acceptanceDue: due, acceptedAtMs: desk.clock.now().milliseconds, promiseDue: due,
        statuteDue: due))
  }

  @Test func `a lost case goes on where intake knows it to have stood`() async throws {
    let desk = try await Desk()
    var request = desk.openRequest()
    request.standing = Self.standing(desk)
    let id = try await desk.client.openCase(request, options: .intake).caseID
    #expect(id == "case-of-old")
    #expect(try await desk.read(id).state == .awaitingReview)
    try await desk.sign(id, .review)
    try await desk.sign(id, .approve)
    try await desk.deliver()
    #expect(try await desk.read(id).state == .completed)
    let told = desk.intake.told.map(\.sequence)
    #expect(told == [2])
  }

  @Test func `a lost case that was withdrawn stays so, one that was confirmed is done`()
    async throws
  {
    let desk = try await Desk()
    var request = desk.openRequest("application-1")
    request.standing = Self.standing(desk)
    request.standing?.state = .withdrawn
    let withdrawn = try await desk.client.openCase(request, options: .intake).caseID
    #expect(try await desk.read(withdrawn).state == .withdrawn)
    request = desk.openRequest("application-2")
    request.kind = .residenceRegistration
    request.standing = Self.standing(desk)
    request.standing?.caseID = "case-of-registration"
    request.standing?.state = .completed
    request.standing?.outcome = ApprovalV1.Outcome(
      issuedAtMs: desk.clock.now().milliseconds, registrationID: "registration-1")
    let done = try await desk.client.openCase(request, options: .intake).caseID
    let file = try await desk.read(done)
    #expect(file.state == .completed)
    #expect(file.outcome?.registrationID == "registration-1")
    #expect(file.outcome?.certificateIdentifier == "")
  }

  @Test func `a case that knows as much as intake stays as it is`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.sign(id, .accept)
    try await desk.sign(id, .review)
    let file = try await desk.read(id)
    var request = desk.openRequest()
    request.idempotencyKey = desk.key()
    request.standing = Self.standing(desk)
    #expect(try await desk.client.openCase(request, options: .intake).caseID == id)
    #expect(try await desk.read(id) == file)
  }

  @Test func `a standing that cannot be is refused with all its defects`() async throws {
    let desk = try await Desk()
    var request = desk.openRequest()
    request.standing = ApprovalV1.CaseStanding(
      progress: -1, state: .approved, notices: [ApprovalV1.CaseNotice()])
    let error = await refusal { try await desk.client.openCase(request, options: .intake) }
    let fields = error.violations.map(\.field)
    #expect(
      fields == ["standing.state", "standing.progress", "standing.clocks", "standing.notices"])
  }
}
