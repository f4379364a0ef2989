import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// How due dates come about, for officers and for the applicant of the case.
struct ExplainDeadlineTests {
  private static func explained(
    _ desk: Desk, _ id: String, _ options: CallOptions = .auditor
  ) async throws -> ApprovalV1.ExplainDeadlineResponse {
    try await desk.client.explainDeadline(.init(key: .caseID(id)), options: options)
  }

  @Test func `each day is counted or not, with why`() async throws {
    let desk = try await Desk()
    desk.clock.set(nineOClock("2026-02-13"))
    let id = try await desk.open()
    try await desk.sign(id, .accept)
    let explained = try await Self.explained(desk, id)
    #expect(explained.calendarVersion == "2025-11-04" && explained.coveredToOn == "2026-12-31")
    let promise = try #require(explained.derivations.first { $0.term == .promise })
    // The vector of the working days: 13 February 2026 and two working days end on the 24th.
    #expect(promise.due?.dueOn == "2026-02-24" && promise.running && promise.count == 2)
    #expect(promise.days.first?.reckoning == .start && promise.days.first?.on == "2026-02-13")
    #expect(promise.days[1].kind == .makeUp && promise.days[1].number == 1)
    let holidays = promise.days.filter { $0.reckoning == .notWorked }
    #expect(holidays.count == 9 && holidays.allSatisfy { $0.holiday == "春节" })
    #expect(promise.days.last?.number == 2)
    #expect(promise.ground.contains("2个工作日"))
    let statute = try #require(explained.derivations.first { $0.term == .statute })
    #expect(statute.count == 15 && !statute.countsWorkingDays && statute.rollsPastDaysOff)
    #expect(statute.due?.dueOn == "2026-02-28")
  }

  @Test func `what it derives is what the case has, whatever happened to its clocks`()
    async throws
  {
    let desk = try await Desk(policies: ExtendDeadlineTests.policies())
    let id = try await desk.open()
    try await desk.sign(id, .accept)
    try await desk.pause(id, .hearing, days: 20)
    let stopped = try await Self.explained(desk, id)
    #expect(stopped.derivations.filter(\.running).isEmpty)
    #expect(stopped.derivations.first { $0.term == .promise }?.pauses.first?.resumedOn == "")
    desk.clock.advance(milliseconds: 9 * 86_400_000)
    try await desk.resumeClock(id)
    try await desk.extend(id, days: 5)
    try await desk.sign(id, .review, .supplement, ["PHOTO_UNFIT"])
    desk.clock.advance(milliseconds: 4 * 86_400_000)
    try await desk.resume()
    let clocks = try #require(try await desk.read(id).clocks)
    let explained = try await Self.explained(desk, id)
    for derivation in explained.derivations {
      switch derivation.term {
      case .promise: #expect(derivation.due == clocks.promiseDue)
      case .statute:
        #expect(derivation.due == clocks.statuteDue && derivation.extensionDays == 5)
        #expect(derivation.pauses.map(\.kind) == [.hearing, .supplement])
      default: #expect(derivation.term == .guard)
      }
      #expect(derivation.asGiven == nil)
    }
    #expect(explained.derivations.count == 3)
  }

  @Test func `an applicant reads his own case and his ward's, and no other`() async throws {
    let desk = try await Desk()
    var request = desk.openRequest()
    request.form?.guardian = ModelV1.Guardian(citizenID: "110105198001010016", name: "王五")
    let id = try await desk.client.openCase(request, options: .intake).caseID
    for own in ["11010519491231002X", "11010519491231002x", "110105198001010016"] {
      let options = CallOptions.by(Caller(kind: .applicant, id: "one", citizenID: own))
      #expect(try await Self.explained(desk, id, options).caseID == id)
      let byApplication = try await desk.client.explainDeadline(
        .init(key: .applicationID("application-1")), options: options)
      #expect(byApplication.caseID == id)
    }
    for other in ["440524188001010014", nil] {
      let options = CallOptions.by(Caller(kind: .applicant, id: "two", citizenID: other))
      let error = await refusal { try await Self.explained(desk, id, options) }
      #expect(error.reason == "CASE_NOT_FOUND")
    }
    let stranger = Officer(id: "stranger", office: Police.elsewhere, role: "review")
    let denied = await refusal { try await Self.explained(desk, id, .by(stranger)) }
    #expect(denied.reason == "OFFICER_WRONG_OFFICE")
  }

  @Test func `a notice that waits, a stage with a term, and one officer's terms are explained`()
    async throws
  {
    let waiting = try CaseAt.state(.awaitingSupplement)
    let machine = try PolicyData.machine()
    #expect(machine.derivations(of: waiting).map(\.term) == [.guarding, .supplement])
    let forwarding = try CaseAt.state(.awaitingForwarding)
    let shanghai = try PolicyData.machine(of: forwarding.origin)
    #expect(
      shanghai.derivations(of: forwarding).map(\.term) == [
        .guarding, .promise, .statute, .stage,
      ])
    let confirming = try CaseAt.state(.awaitingConfirmation)
    let one = try PolicyData.machine(of: confirming.origin)
    #expect(one.derivations(of: confirming).map(\.term) == [.promise, .statute])
    for file in [waiting, forwarding, confirming] {
      let machine = try PolicyData.machine(of: file.origin)
      for derivation in machine.derivations(of: file) {
        #expect(!derivation.ground.isEmpty)
        guard let due = file.clocks.due(of: derivation.term) else { continue }
        #expect(derivation.derivation.due == due)
      }
    }
  }
}
