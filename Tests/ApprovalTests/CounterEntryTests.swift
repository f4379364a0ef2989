import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// Applications that an officer entered at the counter: the entry is the acceptance.
struct CounterEntryTests {
  private static func request(
    _ desk: Desk, _ kind: ModelV1.ApplicationKind, at office: String = Police.station
  ) -> ApprovalV1.OpenCaseRequest {
    var request = OutcomeTests.request(desk, kind)
    request.channel = .window
    request.acceptingOfficer = "police-counter"
    request.acceptingOffice = office
    return request
  }

  @Test(arguments: TestEngine.all)
  func `the case opens accepted, and who entered it has no other say in it`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      let request = Self.request(desk, .firstPermit)
      // Intake may deliver it later; it counts from the entry.
      desk.clock.advance(milliseconds: 86_400_000)
      let id = try await desk.client.openCase(request, options: .intake).caseID
      let file = try await desk.read(id)
      #expect(file.state == .awaitingReview)
      #expect(file.opinions.map(\.stage) == [.accept])
      #expect(file.opinions.map(\.officerID) == ["police-counter"])
      #expect(file.opinions.map(\.signedAtMs) == [request.submittedAtMs])
      #expect(file.clocks?.promiseDue?.dueOn == "2026-03-12")
      let error = await refusal {
        try await desk.sign(id, .review, by: Police.right(for: .review, id: "police-counter"))
      }
      #expect(error.reason == "OFFICER_ALREADY_IN_CASE")
      var again = request
      again.idempotencyKey = desk.key()
      #expect(try await desk.client.openCase(again, options: .intake).caseID == id)
      #expect(try await desk.read(id) == file)
      try await desk.deliver()
      #expect(desk.intake.told.map(\.sequence) == [1])
      let history = try await desk.client.getCaseHistory(
        .init(caseID: id), options: .auditor)
      #expect(history.events.map(\.action) == ["opened", "accepted"])
      #expect(history.events.map(\.actor) == ["service:intake", "officer:police-counter"])
    }
  }

  @Test func `what one officer decides is confirmed by the entry`() async throws {
    let desk = try await Desk()
    let request = Self.request(desk, .residenceRegistration)
    let id = try await desk.client.openCase(request, options: .intake).caseID
    #expect(try await desk.read(id).state == .approved)
    try await desk.deliver()
    #expect(try await desk.read(id).state == .completed)
    #expect(desk.registry.calls == ["RecordRegistration"])
    #expect(desk.intake.told.map(\.sequence) == [1])
  }

  @Test func `a slip is done with its entry`() async throws {
    let desk = try await Desk()
    let request = Self.request(desk, .confirmationSlip)
    let id = try await desk.client.openCase(request, options: .intake).caseID
    let file = try await desk.read(id)
    #expect(file.state == .completed)
    #expect(file.opinions.map(\.stage) == [.confirm])
    try await desk.deliver()
    #expect(desk.registry.calls == [])
    #expect(desk.intake.told.map(\.sequence) == [1])
  }

  @Test func `a window of the county accepts for any of its stations`() async throws {
    let desk = try await Desk()
    var request = Self.request(desk, .firstPermit, at: CaseOfficesTests.window)
    (request.officeCode, request.bureauCode) = (CaseOfficesTests.station, CaseOfficesTests.bureau)
    let id = try await desk.client.openCase(request, options: .intake).caseID
    #expect(try await desk.read(id).opinions.map(\.officeCode) == [CaseOfficesTests.window])
  }

  @Test func `a window that closed for good overnight has accepted what was entered before`()
    async throws
  {
    let lines = try PolicyTexts.text("offices.tsv").split(separator: "\n").map { line in
      guard line.hasPrefix("\(CaseOfficesTests.window)\t") else { return String(line) }
      var fields = line.split(separator: "\t").map(String.init)
      (fields[8], fields[9]) = ("2026-03-10", CaseOfficesTests.station)
      return fields.joined(separator: "\t")
    }
    let rules = try RegionRules { name in
      name == "offices.tsv"
        ? lines.joined(separator: "\n") + "\n" : try PolicyTexts.text(name)
    }
    let desk = try await Desk(rules: rules)
    var request = Self.request(desk, .firstPermit, at: CaseOfficesTests.window)
    (request.officeCode, request.bureauCode) = (CaseOfficesTests.station, CaseOfficesTests.bureau)
    desk.clock.advance(milliseconds: 86_400_000)
    let id = try await desk.client.openCase(request, options: .intake).caseID
    #expect(try await desk.read(id).opinions.map(\.officeCode) == [CaseOfficesTests.window])
  }

  @Test func `what cannot be passed waits to be refused`() async throws {
    let desk = try await Desk()
    var request = Self.request(desk, .addressChange)
    request.registrationID = ""
    let id = try await desk.client.openCase(request, options: .intake).caseID
    #expect(try await desk.read(id).state == .awaitingConfirmation)
  }

  @Test func `a case that was lost is not accepted twice`() async throws {
    let desk = try await Desk()
    var request = Self.request(desk, .residenceRegistration)
    let due = ModelV1.DueDate(dueOn: "2026-03-20")
    request.standing = ApprovalV1.CaseStanding(
      caseID: "case-of-old", progress: 1, state: .awaitingReview,
      clocks: ApprovalV1.Clocks(
        acceptanceDue: due, acceptedAtMs: desk.clock.now().milliseconds, promiseDue: due,
        statuteDue: due))
    let id = try await desk.client.openCase(request, options: .intake).caseID
    let file = try await desk.read(id)
    #expect(file.state == .awaitingConfirmation)
    #expect(file.opinions.isEmpty)
    // Who confirms it anew leads it to its effect, and intake hears of that alone.
    try await desk.sign(id, .confirm)
    try await desk.deliver()
    #expect(try await desk.read(id).state == .completed)
    #expect(desk.intake.told.map(\.sequence) == [2])
  }
}
