import DomainModel
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// A calendar with another year comes: what was provisional is counted anew, and what moves is
/// listed with the days that moved it.
struct ListDueDateMovesTests {
  /// The calendar with an arrangement of 2027 such as it may come: 1 January to Sunday the 3rd off,
  /// and the 4th too.
  static func rules(published: Bool) throws -> RegionRules {
    let zhejiang = try RegionRules(reading: PolicyTexts.text)
    guard published else { return zhejiang }
    let lines = try PolicyTexts.text("calendar.tsv").split(separator: "\n")
      .filter { !($0.hasPrefix("2027-") && $0.contains("\tstatutory\t")) }
      .map { line in
        line.hasPrefix("version\t")
          ? "version\t2026-11-20"
          : line.hasPrefix("coverage\t") ? "coverage\t2004-01-01\t2027-12-31" : String(line)
      }
    let days = [
      "2027-01-01\toff\t元旦", "2027-01-02\toff\t元旦", "2027-01-03\toff\t元旦",
      "2027-01-04\toff\t元旦", "2027-01-09\twork\t元旦",
    ]
    let calendar = (lines + days).joined(separator: "\n") + "\n"
    return try RegionRules { name in
      name == "calendar.tsv" ? calendar : try PolicyTexts.text(name)
    }
  }

  private static func moves(_ desk: Desk) async throws -> [ApprovalV1.DueDateMove] {
    try await desk.client.listDueDateMoves(.init(), options: .auditor).moves
  }

  @Test(arguments: TestEngine.all)
  func `the promise moves, with the days that moved it, and the applicant's dates follow`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock(nineOClock("2026-12-28"))
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock, rules: Self.rules(published: false))
      // Its promise ends on the 30th, and no day of 2027 touches its statute's last one.
      let staying = try await desk.open("application-2")
      try await desk.sign(staying, .accept)
      clock.set(nineOClock("2026-12-30"))
      let moving = try await desk.open("application-1")
      try await desk.sign(moving, .accept)
      let given = try #require(try await desk.read(moving).clocks)
      #expect(given.promiseDue?.dueOn == "2027-01-04" && given.promiseDue?.provisional == true)
      #expect(try await desk.assembly.recountDueDates().moved == 0)
      try await desk.deliver()
      let next = try await Desk(again: desk, over: store, rules: Self.rules(published: true))
      let result = try await next.assembly.recountDueDates()
      #expect(result == CalendarRecount.Result(lookedAt: 2, moved: 1, failed: 0))
      #expect(try await next.assembly.recountDueDates().lookedAt == 0)
      let clocks = try #require(try await next.read(moving).clocks)
      #expect(clocks.promiseDue?.dueOn == "2027-01-05")
      #expect(clocks.promiseDue?.provisional == false && clocks.statuteDue?.provisional == false)
      #expect(try await next.read(staying).clocks?.statuteDue?.provisional == false)
      #expect(try await next.read(staying).version == 2)
      let move = try #require(try await Self.moves(next).first { $0.caseID == moving })
      #expect(move.fromOn == "2027-01-04" && move.toOn == "2027-01-05" && move.term == .promise)
      #expect(move.calendarVersion == "2026-11-20")
      #expect(
        move.rule == "2027-01-01 off 元旦;2027-01-02 off 元旦;2027-01-03 off 元旦;2027-01-04 off 元旦")
      try await next.deliver()
      let told = next.intake.told.filter { $0.applicationID == "application-1" }
      guard case .resumed(let dates) = told.last?.step else {
        Issue.record("intake was told \(told)")
        return
      }
      #expect(dates.promiseDue?.dueOn == "2027-01-05")
      #expect(try await next.history(moving).last?.action == "recounted")
    }
  }

  @Test func `more cases than one transaction takes are all counted, and a broken one is left`()
    async throws
  {
    let clock = FakeClock(nineOClock("2026-12-30"))
    let desk = try await Desk(clock: clock, rules: Self.rules(published: false))
    let count = CalendarRecount.batchMax + 5
    var ids: [String] = []
    for number in 0..<count { ids.append(try await desk.open("application-\(number)")) }
    try await desk.setPolicy(of: ids[3], to: "zhejiang-lost")
    let next = try await Desk(
      again: desk, over: desk.store, rules: Self.rules(published: true))
    let result = try await next.assembly.recountDueDates()
    #expect(result == CalendarRecount.Result(lookedAt: count, moved: count - 1, failed: 1))
    var seen: Set<String> = []
    var request = ApprovalV1.ListDueDateMovesRequest(
      calendarVersion: "2026-11-20", page: .init(size: 50))
    repeat {
      let page = try await next.client.listDueDateMoves(request, options: .auditor)
      seen.formUnion(page.moves.map(\.caseID))
      request.page?.token = page.nextPageToken
    } while request.page?.token != ""
    #expect(seen == Set(ids).subtracting([ids[3]]))
    let none = try await next.client.listDueDateMoves(
      .init(calendarVersion: "another"), options: .auditor)
    #expect(none.moves == [])
  }

  @Test func `while the applicant is waited for nothing moves, and what follows is counted right`()
    async throws
  {
    let clock = FakeClock(nineOClock("2026-12-30"))
    let desk = try await Desk(clock: clock, rules: Self.rules(published: false))
    let id = try await desk.open()
    try await desk.sign(id, .accept)
    try await desk.sign(id, .review, .supplement, ["PHOTO_UNFIT"])
    let next = try await Desk(
      again: desk, over: desk.store, rules: Self.rules(published: true))
    #expect(try await next.assembly.recountDueDates().moved == 0)
    clock.set(nineOClock("2026-12-31"))
    try await next.resume()
    // Accepted on the 30th, stopped on it, going on on the 31st: the 31st is left out.
    #expect(try await next.read(id).clocks?.promiseDue?.dueOn == "2027-01-06")
  }

  @Test func `while a lapsed notice is unanswered dates move in silence, and come with the answer`()
    async throws
  {
    let clock = FakeClock(nineOClock("2026-12-01"))
    let desk = try await Desk(clock: clock, rules: Self.rules(published: false))
    let id = try await desk.open()
    try await desk.sign(id, .accept)
    try await desk.sign(id, .review, .supplement, ["PHOTO_UNFIT"])
    // It lapses with the year, and the clocks go on.
    clock.set(nineOClock("2027-01-01"))
    _ = try await desk.assembly.fireTimers()
    try await desk.deliver()
    #expect(desk.intake.told.count == 2)
    let next = try await Desk(
      again: desk, over: desk.store, rules: Self.rules(published: true))
    #expect(try await next.assembly.recountDueDates().moved == 1)
    try await next.deliver()
    // Intake would take it for the applicant's answer.
    #expect(next.intake.told.isEmpty)
    try await next.resume()
    try await next.deliver()
    let promise = try #require(try await next.read(id).clocks?.promiseDue)
    guard case .resumed(let dates) = next.intake.told.last?.step else {
      Issue.record("intake was told \(next.intake.told)")
      return
    }
    #expect(next.intake.told.count == 1 && dates.promiseDue == promise)
  }

  @Test func `of what one officer decides intake hears at its end alone, whatever moves`()
    async throws
  {
    let clock = FakeClock(nineOClock("2026-12-30"))
    let desk = try await Desk(clock: clock, rules: Self.rules(published: false))
    desk.registry.refuse(
      RegistryV1.CertificateRegistryServiceMethods.changeRegistration,
      with: ServiceError(.registrationEnded))
    let id = try await OutcomeTests.decided(desk, OutcomeTests.request(desk, .addressChange))
    try await desk.deliver()
    #expect(try await desk.read(id).state == .issueRefused)
    let next = try await Desk(
      again: desk, over: desk.store, rules: Self.rules(published: true))
    #expect(try await next.assembly.recountDueDates().moved == 1)
    try await next.deliver()
    #expect(next.intake.told.isEmpty)
  }

  @Test func `a lost application is told of every step again, also of those of its clocks`()
    async throws
  {
    let desk = try await Desk(policies: ExtendDeadlineTests.policies())
    let id = try await desk.open()
    desk.clock.set(nineOClock("2026-03-18"))
    _ = try await desk.assembly.fireTimers()
    try await desk.pause(id, .hearing, days: 20)
    desk.clock.advance(milliseconds: 86_400_000)
    try await desk.resumeClock(id)
    try await desk.extend(id, days: 3)
    try await desk.sign(id, .review)
    try await desk.sign(id, .approve)
    try await desk.deliver()
    let told = desk.intake.told.map { "\($0.sequence) \($0.occurredAtMs)" }
    #expect(told.count == 5)
    let messages = try await desk.store.read { snapshot in
      try desk.assembly.retelling(
        snapshot, LostMessage(applicationID: "application-1", what: "application"))
    }
    let again = try messages.dropFirst().map {
      try IntakeV1.RecordProgressRequest(wireBytes: $0.payload)
    }
    #expect(again.map { "\($0.sequence) \($0.occurredAtMs)" } == told)
  }
}
