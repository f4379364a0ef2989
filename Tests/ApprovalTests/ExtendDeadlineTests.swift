import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// The statute is extended where a local rule says so, and nowhere else; the promise never.
struct ExtendDeadlineTests {
  /// Zhejiang with a rule for an area.
  static func policies(areas: String = "330106", daysMax: Int = 30) throws -> PolicyEditions {
    let text = try PolicyTexts.text("zhejiang.tsv")
      .replacing("extension_rule\t-\t", with: "extension_rule\t某市居住证管理规定第五条\t")
      .replacing("extension_areas\t-\t", with: "extension_areas\t\(areas)\t")
      .replacing(
        "extended_statute_days_max\t0\t", with: "extended_statute_days_max\t\(daysMax)\t")
    return try PolicyEditions(only: PolicySettings(text: text))
  }

  private static func accepted(_ policies: PolicyEditions? = nil) async throws -> (Desk, String) {
    let desk = try await Desk(policies: policies)
    let id = try await desk.open()
    try await desk.sign(id, .accept)
    return (desk, id)
  }

  @Test func `Zhejiang has no rule, so nothing is extended`() async throws {
    let (desk, id) = try await Self.accepted()
    let error = await refusal { try await desk.extend(id, days: 1) }
    #expect(error.reason == "EXTENSION_NOT_IN_POLICY" && error.code == .failedPrecondition)
    #expect(error.metadata["extendable_days"] == "0")
  }

  @Test(arguments: ["330106", "330100", "330000"])
  func `in the rule's area the statute moves, the promise stays, and the applicant is told`(
    _ area: String
  ) async throws {
    let (desk, id) = try await Self.accepted(Self.policies(areas: area))
    let extended = try await desk.extend(id, days: 10)
    #expect(extended.clocks?.promiseDue?.dueOn == "2026-03-12")
    // 15 + 10 days from 10 March 2026 end on Saturday, 4 April, and roll past 清明.
    #expect(extended.clocks?.statuteDue?.dueOn == "2026-04-07")
    #expect(extended.clocks?.extensions.map(\.days) == [10])
    try await desk.deliver()
    guard case .extended(let told) = desk.intake.told.last?.step else {
      Issue.record("intake was told \(desk.intake.told)")
      return
    }
    #expect(told.days == 10 && told.statuteDue?.dueOn == "2026-04-07")
    #expect(told.rule == "某市居住证管理规定第五条")
    desk.clock.set(nineOClock("2026-04-07"))
    _ = try await desk.assembly.fireTimers()
    #expect(try await desk.read(id).alarms.map(\.term) == [.promise])
  }

  @Test func `what was missed is not made good by an extension`() async throws {
    let (desk, id) = try await Self.accepted(Self.policies())
    let due = try #require(try await desk.read(id).clocks?.statuteDue?.dueOn)
    desk.clock.set(try #require(CivilDate(iso: due)).endOfDay)
    let error = await refusal { try await desk.extend(id, days: 1) }
    #expect(error.reason == "EXTENSION_NOT_IN_POLICY")
    #expect(error.metadata["extendable_days"] == "0")
    desk.clock.advance(milliseconds: -1)
    try await desk.extend(id, days: 1)
  }

  @Test func `together never beyond the thirty days of the decree`() async throws {
    let (desk, id) = try await Self.accepted(Self.policies())
    try await desk.extend(id, days: 10)
    let error = await refusal { try await desk.extend(id, days: 6) }
    #expect(error.metadata["extendable_days"] == "5")
    #expect(try await desk.extend(id, days: 5).clocks?.extensions.map(\.days) == [10, 5])
    let none = await refusal { try await desk.extend(id, days: 0) }
    #expect(none.violations.map(\.field) == ["days"])
  }

  @Test func `elsewhere, by another officer, and once it is decided it is refused`() async throws {
    let (far, there) = try await Self.accepted(Self.policies(areas: "330200"))
    #expect(
      await refusal { try await far.extend(there, days: 1) }.reason == "EXTENSION_NOT_IN_POLICY")
    let (desk, id) = try await Self.accepted(Self.policies())
    let station = await refusal {
      try await desk.extend(id, days: 1, by: Police.right(for: .review))
    }
    #expect(station.reason == "OFFICER_WRONG_OFFICE")
    for stage in [Stage.review, .approve] { try await desk.sign(id, stage) }
    #expect(await refusal { try await desk.extend(id, days: 1) }.reason == "CASE_WRONG_STATE")
  }

  @Test func `a policy with a rule and no area, or longer than the decree allows, is refused`() {
    #expect(throws: PolicyFileError.self) { try Self.policies(areas: "-") }
    #expect(throws: PolicyFileError.self) { try Self.policies(daysMax: 31) }
  }
}

extension Desk {
  /// Extends a case's statute, by the approver unless told; returns the case.
  @discardableResult
  func extend(
    _ id: String, days: Int32, by officer: Officer = Police.right(for: .approve)
  ) async throws -> ApprovalV1.Case {
    let request = ApprovalV1.ExtendDeadlineRequest(
      idempotencyKey: self.key(), caseID: id, expectedVersion: try await self.read(id).version,
      days: days, text: "地处偏远")
    return try #require(
      try await self.client.extendDeadline(request, options: .by(officer)).case)
  }
}
