import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct GetStatisticsTests {
  private static let march = ApprovalV1.GetStatisticsRequest(
    fromOn: "2026-03-01", toOn: "2026-03-31")

  private static func ask(
    _ desk: Desk, _ change: (inout ApprovalV1.GetStatisticsRequest) -> Void = { _ in },
    by options: CallOptions = .auditor
  ) async throws -> [ApprovalV1.StatisticsLine] {
    var request = Self.march
    change(&request)
    return try await desk.client.getStatistics(request, options: options).lines
  }

  private static func complete(_ desk: Desk, _ id: String) async throws {
    for stage in [Stage.accept, .review, .approve] { try await desk.sign(id, stage) }
    try await desk.deliver()
  }

  /// One completed on its first day, one refused late, one not accepted, one withdrawn, one open.
  private static func busy() async throws -> Desk {
    let desk = try await Desk()
    let rules = ["NOT_REGISTERED_HERE", "HALF_YEAR_NOT_REACHED"]
    let passed = try await desk.open("application-1")
    let refused = try await desk.open("application-2", failedRules: rules)
    let notAccepted = try await desk.open("application-3")
    try await desk.open("application-4")
    try await desk.open("application-5")
    try await Self.complete(desk, passed)
    try await desk.sign(notAccepted, .accept, .refuse, ["OFFICE_NOT_COMPETENT"])
    let withdrawal = ApprovalV1.WithdrawCaseRequest(
      idempotencyKey: desk.key(), applicationID: "application-4",
      withdrawnAtMs: desk.clock.now().milliseconds)
    _ = try await desk.client.withdrawCase(withdrawal, options: .intake)
    try await desk.sign(refused, .accept)
    desk.clock.set(nineOClock("2026-03-13"))
    try await desk.sign(refused, .review, .refuse, rules)
    try await desk.sign(refused, .approve, .refuse, rules)
    return desk
  }

  @Test func `what was received and decided is counted once each`() async throws {
    let desk = try await Self.busy()
    let line = try #require(try await Self.ask(desk).first)
    #expect(line.received == 5)
    #expect(line.decided == 3 && line.completed == 1 && line.refused == 1 && line.notAccepted == 1)
    #expect(line.withdrawn == 1)
    #expect(line.onTime == 1 && line.late == 1 && line.nearDeadline == 0)
    #expect(
      line.reasons.map { "\($0.code) \($0.count)" } == [
        "HALF_YEAR_NOT_REACHED 1", "NOT_REGISTERED_HERE 1", "OFFICE_NOT_COMPETENT 1",
      ])
    // One at once, the other after three days.
    #expect(line.usedMedianMinutes == 1)
    #expect((4_320...4_320 * 5 / 4).contains(line.usedP95Minutes))
  }

  @Test func `no time is used while the applicant has to answer, or others are heard`()
    async throws
  {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.sign(id, .accept)
    try await desk.pause(id, .hearing, days: 5)
    desk.clock.set(nineOClock("2026-03-13"))
    try await desk.resumeClock(id)
    try await desk.sign(id, .review, .supplement, ["PHOTO_UNFIT"])
    // The notice's term ends with Monday, 13 April; from then on the office is waited for.
    desk.clock.set(nineOClock("2026-04-14"))
    try await desk.sign(id, .approve, .refuse, ["SUPPLEMENT_INSUFFICIENT"])
    let line = try #require(try await Self.ask(desk) { $0.toOn = "2026-04-30" }.first)
    let minutes: Int64 = 9 * 60
    #expect((minutes...minutes * 5 / 4).contains(line.usedMedianMinutes))
  }

  @Test func `lines are told apart by what is asked for`() async throws {
    let desk = try await Self.busy()
    let days = try await Self.ask(desk) { $0.by = [.day] }
    #expect(days.map(\.day) == ["2026-03-10", "2026-03-13"])
    #expect(days.map(\.received) == [5, 0] && days.map(\.decided) == [2, 1])
    let all = try await Self.ask(desk) { $0.by = [.month, .channel, .kind, .division] }
    #expect(all.count == 1)
    #expect(all[0].divisionCode == "330106" && all[0].kind == .firstPermit)
    #expect(all[0].channel == .app && all[0].month == "2026-03" && all[0].day == "")
    #expect(try await Self.ask(desk) { $0.kind = .endorsement }.isEmpty)
    #expect(try await Self.ask(desk) { $0.channel = .window }.isEmpty)
    #expect(try await Self.ask(desk) { $0.divisionCode = "3302" }.isEmpty)
    #expect(try await Self.ask(desk) { $0.divisionCode = "3301" }.map(\.received) == [5])
    let one = try await Self.ask(desk) { ($0.fromOn, $0.toOn) = ("2026-03-13", "2026-03-13") }
    #expect(one.map(\.decided) == [1] && one.map(\.received) == [0])
  }

  @Test func `a promise kept at the last is near its deadline, and green ones have their own time`()
    async throws
  {
    let desk = try await Desk()
    let near = try await desk.open("application-1")
    try await desk.sign(near, .accept)
    let green = try await desk.open("application-2")
    let slow = try await desk.open("application-3")
    try await desk.expedite(green)
    try await desk.expedite(slow, "elderly")
    try await Self.complete(desk, green)
    // The promise is due at the end of the 12th.
    desk.clock.set(nineOClock("2026-03-12"))
    for stage in [Stage.review, .approve] { try await desk.sign(near, stage) }
    try await Self.complete(desk, slow)
    let line = try #require(try await Self.ask(desk).first)
    #expect(line.onTime == 3 && line.late == 0 && line.nearDeadline == 1)
    #expect(line.green == 2 && line.greenOnTime == 1 && line.greenLate == 1)
  }

  @Test func `a supplement's time is nobody's, and a decision that is given again counts once`()
    async throws
  {
    let (desk, id) = try await IssueRefusedTests.issueRefused()
    let before = try #require(try await Self.ask(desk).first)
    #expect(before.decided == 0 && before.received == 1)
    try await desk.sign(id, .approve, .refuse, ["PERMIT_ALREADY_LIVE"])
    let after = try #require(try await Self.ask(desk).first)
    #expect(after.decided == 1 && after.refused == 1 && after.completed == 0)

    let other = try await desk.open("application-2")
    try await desk.sign(other, .accept)
    try await desk.sign(other, .review, .supplement, ["PHOTO_UNFIT"])
    desk.clock.advance(milliseconds: 10 * 86_400_000)
    try await desk.resume("application-2")
    try await desk.sign(other, .review)
    try await desk.sign(other, .approve, .refuse, ["EVIDENCE_FALSE"])
    let last = try #require(try await Self.ask(desk) { $0.by = [.day] }.last)
    #expect(last.usedP95Minutes == 1)
  }

  @Test func `an officer sees his own county`() async throws {
    let desk = try await Self.busy()
    let officer = CallOptions.by(Police.right(for: .approve))
    #expect(try await Self.ask(desk, by: officer).map(\.received) == [5])
    #expect(
      try await Self.ask(desk, { $0.divisionCode = "33" }, by: officer).map(\.received) == [5])
    let elsewhere = CallOptions.by(Officer(id: "p", office: Police.elsewhere, role: "head"))
    #expect(try await Self.ask(desk, by: elsewhere).isEmpty)
    let error = await refusal {
      try await Self.ask(desk, { $0.divisionCode = "330106" }, by: elsewhere)
    }
    #expect(error.reason == "OFFICER_WRONG_OFFICE")
  }

  @Test func `what cannot be asked is refused with everything that is wrong`() async throws {
    let desk = try await Desk()
    let error = await refusal {
      try await Self.ask(desk) {
        ($0.fromOn, $0.toOn) = ("2026-03-01", "2027-03-02")
        $0.divisionCode = "3a"
        $0.kind = .unrecognized(99)
        $0.channel = .unrecognized(99)
        $0.by = [.day, .unspecified]
      }
    }
    #expect(
      error.violations.map(\.field) == ["to_on", "division_code", "kind", "channel", "by"])
    _ = try await Self.ask(desk) { ($0.fromOn, $0.toOn) = ("2026-03-01", "2027-03-01") }
    let none = await refusal { try await Self.ask(desk) { ($0.fromOn, $0.toOn) = ("", "x") } }
    #expect(none.violations.map(\.field) == ["from_on", "to_on"])
  }

  /// Both engines count alike, also where many count at once.
  @Test(arguments: TestEngine.all)
  func `many at once lose no count`(_ engine: TestEngine) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<24 {
          group.addTask {
            let id = try await desk.open("application-\(number)")
            try await desk.sign(id, .accept, .refuse, ["OFFICE_NOT_COMPETENT"])
          }
        }
        try await group.waitForAll()
      }
      let line = try #require(try await Self.ask(desk).first)
      #expect(line.received == 24 && line.notAccepted == 24 && line.decided == 24)
      #expect(line.reasons.map(\.count) == [24])
      let lines = try await Self.ask(desk) { $0.by = [.division, .kind, .channel, .month, .day] }
      #expect(lines.count == 1 && lines[0].received == 24)
    }
  }
}
