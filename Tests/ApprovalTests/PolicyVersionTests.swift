import DomainModel
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// A case keeps the policy it was opened under, whichever is in force.
struct PolicyVersionTests {
  /// The policy in force after a change: another version, and a longer promise.
  private static func changed() throws -> PolicyEditions {
    let text = try PolicyTexts.text("zhejiang.tsv")
    let earlier = text.replacing("in_force_to\t-\t", with: "in_force_to\t2026-03-09\t")
    let later = text.replacing("version\tzhejiang-1\t", with: "version\tzhejiang-2\t")
      .replacing("in_force_from\t2022-03-07\t", with: "in_force_from\t2026-03-10\t")
      .replacing("promise_working_days\t2\t", with: "promise_working_days\t4\t")
    return try PolicyEditions([
      ("zhejiang-1.tsv", PolicySettings(text: earlier)),
      ("zhejiang.tsv", PolicySettings(text: later)),
    ])
  }

  @Test func `a case of an earlier version goes on by that version's terms`() async throws {
    let desk = try await Desk(policies: Self.changed())
    desk.clock.set(nineOClock("2026-03-09"))
    let earlier = try await desk.open("application-1")
    desk.clock.set(nineOClock("2026-03-10"))
    var request = desk.openRequest("application-2")
    request.policyVersion = "zhejiang-2"
    let later = try await desk.client.openCase(request, options: .intake).caseID
    #expect(try await desk.sign(earlier, .accept).clocks?.promiseDue?.dueOn == "2026-03-12")
    #expect(try await desk.sign(later, .accept).clocks?.promiseDue?.dueOn == "2026-03-16")
  }

  @Test func `nothing is opened under a version whose time it is not`() async throws {
    let desk = try await Desk(policies: Self.changed())
    desk.clock.set(nineOClock("2026-03-10"))
    let error = await refusal {
      try await desk.client.openCase(desk.openRequest(), options: .intake)
    }
    #expect(error.violations.map(\.reason) == ["POLICY_OF_ANOTHER_DAY"])
  }

  @Test func `a rule of which nothing could be said need not be named by a refusal`() async throws {
    let desk = try await Desk()
    var request = desk.openRequest()
    request.findings = [
      ModelV1.Finding(rule: "PERMIT_LOST", passed: false, result: .notKnown),
      ModelV1.Finding(rule: "HALF_YEAR_NOT_REACHED", passed: false, result: .notMet),
    ]
    let id = try await desk.client.openCase(request, options: .intake).caseID
    let failed = try await desk.store.read { snapshot in
      try snapshot.rows("SELECT failed_rules FROM approval_case").map {
        try $0.text("failed_rules")
      }
    }
    #expect(!id.isEmpty)
    #expect(failed == ["HALF_YEAR_NOT_REACHED"])
  }
}
