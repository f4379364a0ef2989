import DomainModel
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// A case keeps the policy it was opened under, whichever is in force.
struct PolicyVersionTests {
  /// The policy in force after a change: another version, and a longer promise.
  private static func changed() throws -> PolicySettings {
    let text = try PolicyTexts.text("zhejiang.tsv")
      .replacing("version\tzhejiang-1\t", with: "version\tzhejiang-2\t")
      .replacing("promise_working_days\t2\t", with: "promise_working_days\t4\t")
    return try PolicySettings(text: text)
  }

  @Test func `a case of an earlier version goes on by that version's terms`() async throws {
    let desk = try await Desk(policies: [Self.changed(), PolicyData.policy()])
    desk.clock.set(nineOClock("2026-03-10"))
    let earlier = try await desk.open("application-1")
    var request = desk.openRequest("application-2")
    request.policyVersion = "zhejiang-2"
    let later = try await desk.client.openCase(request, options: .intake).caseID
    #expect(try await desk.sign(earlier, .accept).clocks?.promiseDue?.dueOn == "2026-03-12")
    #expect(try await desk.sign(later, .accept).clocks?.promiseDue?.dueOn == "2026-03-16")
  }
}
