import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct ListAlarmsTests {
  private static func terms(
    _ desk: Desk, _ options: CallOptions
  ) async throws -> [ApprovalV1.Term] {
    try await desk.client.listAlarms(.init(), options: options).alarms.map(\.term)
  }

  @Test func `an office reads its own warnings, the one above what was escalated`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    desk.clock.set(nineOClock("2026-03-18"))
    _ = try await desk.assembly.fireTimers()
    #expect(try await Self.terms(desk, .by(Police.right(for: .accept))) == [.warning])
    #expect(try await Self.terms(desk, .by(Police.right(for: .approve))) == [.warning, .promise])
    #expect(try await Self.terms(desk, .auditor) == [.warning, .promise])
    let stranger = Officer(id: "stranger", office: Police.elsewhere, role: "approve")
    #expect(try await Self.terms(desk, .by(stranger)) == [])
    let alarm = try await desk.client.listAlarms(.init(), options: .auditor).alarms.first
    #expect(alarm?.caseID == id && alarm?.applicationNumber == "ZJ-application-1")
  }

  @Test func `pages go on where the last one ended, and what is closed is gone`() async throws {
    let desk = try await Desk()
    for number in 1...3 { _ = try await desk.open("application-\(number)") }
    desk.clock.set(nineOClock("2026-03-18"))
    _ = try await desk.assembly.fireTimers()
    var seen: [ApprovalV1.Alarm] = []
    var token = ""
    repeat {
      let page = try await desk.client.listAlarms(
        .init(page: .init(size: 2, token: token)), options: .auditor)
      seen += page.alarms
      token = page.nextPageToken
    } while !token.isEmpty
    #expect(seen.count == 6 && Set(seen.map { "\($0.caseID) \($0.term)" }).count == 6)
    #expect(seen.map(\.raisedAtMs) == seen.map(\.raisedAtMs).sorted())
    let withdrawal = ApprovalV1.WithdrawCaseRequest(
      idempotencyKey: desk.key(), applicationID: "application-1",
      withdrawnAtMs: desk.clock.now().milliseconds)
    _ = try await desk.client.withdrawCase(withdrawal, options: .intake)
    #expect(try await desk.client.listAlarms(.init(), options: .auditor).alarms.count == 4)
  }
}
