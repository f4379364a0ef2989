import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct ReassignCaseTests {
  private static let one = Desk.officer(.accept, "one")
  private static let two = Desk.officer(.accept, "two")

  @Test func `a case given by name is that officer's alone, whoever held it`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.claim(id, by: Self.one)
    let given = try await desk.assign(id, to: "two")
    #expect(given.assignedTo == "two" && given.heldBy == "" && given.waitsFor == "two")
    for attempt in ["claim", "sign"] {
      let error = await refusal {
        if attempt == "claim" {
          try await desk.claim(id, by: Self.one)
        } else {
          try await desk.sign(id, .accept, by: Self.one)
        }
      }
      #expect(error.reason == "CASE_ASSIGNED_TO_ANOTHER")
    }
    try await desk.sign(id, .accept, by: Self.two)
    // It was for that stage.
    #expect(try await desk.read(id).desk?.assignedTo == "")
    #expect(try await desk.deskEvents(id).map(\.action).contains("assigned"))
  }

  @Test func `the head gives it back to all`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.assign(id, to: "two")
    #expect(try await desk.assign(id, to: "").assignedTo == "")
    try await desk.sign(id, .accept, by: Self.one)
    #expect(
      try await desk.deskEvents(id).map { "\($0.action) \($0.detail)" } == [
        "assigned two", "unassigned ",
      ])
  }

  @Test func `only the head of the office or of the bureau above assigns`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    for nobody in [
      Self.one, Officer(id: "h", office: Police.elsewhere, role: "head"),
      Officer(id: "h", office: Police.bureau, role: "approve"),
    ] {
      let error = await refusal { try await desk.assign(id, to: "two", by: nobody) }
      #expect(error.reason == "OFFICER_WRONG_OFFICE")
    }
    #expect(try await desk.assign(id, to: "two", by: Desk.bureauHead).assignedTo == "two")
    try await desk.sign(id, .accept, by: Self.two)
    try await desk.sign(id, .review)
    // At the bureau it is the bureau's work, not the station's.
    let error = await refusal { try await desk.assign(id, to: "three") }
    #expect(error.reason == "OFFICER_WRONG_OFFICE")
  }

  @Test func `nobody is given what he may not sign, or while he is away`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.sign(id, .accept, by: Self.one)
    let signed = await refusal { try await desk.assign(id, to: "one") }
    #expect(signed.reason == "OFFICER_ALREADY_IN_CASE")
    try await desk.recuse(id, by: Desk.officer(.review, "two"))
    #expect(
      await refusal { try await desk.assign(id, to: "two") }.reason == "OFFICER_MUST_RECUSE")
    try await desk.recordAbsence("three", minutes: 60, by: Desk.stationHead)
    let away = await refusal { try await desk.assign(id, to: "three") }
    #expect(away.violations.map(\.reason) == ["OFFICER_ABSENT"])
    try await desk.sign(id, .review, .supplement, ["PHOTO_UNFIT"])
    let waiting = await refusal { try await desk.assign(id, to: "four", by: Desk.bureauHead) }
    #expect(waiting.reason == "OFFICER_WRONG_OFFICE" || waiting.reason == "CASE_WRONG_STATE")
  }

  @Test func `a minor's papers open by assignment only`() async throws {
    let desk = try await Desk()
    var request = desk.openRequest("application-child")
    request.form?.applicant?.citizenID = "110105201503070013"
    let id = try await desk.client.openCase(request, options: .intake).caseID
    let read = ApprovalV1.GetCaseRequest(key: .caseID(id))
    let hidden = try #require(
      try await desk.client.getCase(read, options: .by(Self.two)).case)
    #expect(hidden.papersWithheld && hidden.form == nil && hidden.materials.isEmpty)
    #expect(hidden.version == 1 && hidden.state == .awaitingAcceptance)
    try await desk.assign(id, to: "two")
    let shown = try #require(try await desk.client.getCase(read, options: .by(Self.two)).case)
    #expect(!shown.papersWithheld && shown.form == request.form)
    let other = try #require(try await desk.client.getCase(read, options: .by(Self.one)).case)
    #expect(other.papersWithheld)
    // How it stood shows no more than how it stands.
    var past = read
    past.asOfMs = desk.clock.now().milliseconds
    let stood = try await desk.client.getCase(past, options: .by(Self.one)).case
    #expect(stood?.papersWithheld == true && stood?.form == nil)
    // And whoever is of full age is shown as ever.
    let grown = try await desk.open("application-grown")
    let open = try await desk.client.getCase(
      .init(key: .caseID(grown)), options: .by(Self.one)
    ).case
    #expect(open?.papersWithheld == false && open?.form != nil)
  }
}
