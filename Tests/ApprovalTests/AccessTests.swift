import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// Who gets past the access table, of every kind of caller and every service.
struct AccessTests {
  private typealias Methods = ApprovalV1.ApprovalServiceMethods

  static let rows: [(method: Method, allowed: Set<String>)] = [
    (Methods.openCase, ["service:intake"]),
    (Methods.resumeClock, ["service:intake", "officer:one"]),
    (Methods.withdrawCase, ["service:intake"]),
    (Methods.closeCase, ["service:intake"]),
    (Methods.recordOpinion, ["officer:one"]),
    (Methods.getCase, ["officer:one", "auditor:one"]),
    (Methods.getCaseHistory, ["officer:one", "auditor:one"]),
    (Methods.listWork, ["officer:one", "auditor:one"]),
    (Methods.openInspection, ["officer:one"]),
    (Methods.recordStatement, ["officer:one"]),
    (Methods.concludeInspection, ["officer:one"]),
    (Methods.correctCreditEntry, ["officer:one"]),
    (Methods.withdrawCreditEntry, ["officer:one"]),
    (Methods.getInspection, ["officer:one", "auditor:one"]),
    (Methods.listInspections, ["officer:one", "auditor:one"]),
    (Methods.placeCaseHold, ["officer:one"]),
    (Methods.releaseCaseHold, ["officer:one"]),
    (Methods.claimCase, ["officer:one"]),
    (Methods.releaseCase, ["officer:one"]),
    (Methods.reassignCase, ["officer:one"]),
    (Methods.expediteCase, ["officer:one"]),
    (Methods.recordOpinions, ["officer:one"]),
    (Methods.recuseOfficer, ["officer:one"]),
    (Methods.recordDuty, ["officer:one"]),
    (Methods.recordAbsence, ["officer:one"]),
    (Methods.watchWork, ["officer:one", "auditor:one"]),
    (Methods.getStatistics, ["officer:one", "auditor:one"]),
    (Methods.pauseClock, ["officer:one"]),
    (Methods.extendDeadline, ["officer:one"]),
    (Methods.explainDeadline, ["applicant:one", "officer:one", "auditor:one"]),
    (Methods.listAlarms, ["officer:one", "auditor:one"]),
    (Methods.listDueDateMoves, ["auditor:one"]),
    (Methods.listParkedTimers, ["auditor:one"]),
  ]

  @Test func `every method has its row`() {
    #expect(Set(Self.rows.map(\.method)) == Set(Methods.all))
  }

  @Test(arguments: Self.rows)
  func `nobody else gets in`(_ method: Method, _ allowed: Set<String>) async throws {
    let desk = try await Desk()
    #expect(await AccessWalk.allowed(to: method, through: desk.channel) == allowed)
  }
}
