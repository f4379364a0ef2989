import DomainModel
import Testing

/// Half years, windows, chains and clocks, under Zhejiang's policy as published.
@Suite struct PeriodTests {
  private let policy: PolicySettings
  private let calendar: WorkingDayCalendar

  init() throws {
    self.policy = try PolicySettings(text: policyText("zhejiang.tsv"))
    self.calendar = try WorkingDayCalendar(text: policyText("calendar.tsv"))
  }

  private func policy(_ key: String, _ value: String) throws -> PolicySettings {
    let lines = try policyText("zhejiang.tsv").split(separator: "\n").map { line in
      line.hasPrefix(key + "\t") ? "\(key)\t\(value)\ttest" : String(line)
    }
    return try PolicySettings(text: lines.joined(separator: "\n"))
  }

  @Test(arguments: [
    ("2025-08-31", "2026-02-28"), ("2023-08-31", "2024-02-29"), ("2026-01-15", "2026-07-15"),
    ("2025-12-31", "2026-06-30"),
  ])
  func `half a year ends on the corresponding day`(declared: String, complete: String) {
    let half = HalfYear(declaredOn: day(declared), policy: self.policy)
    #expect(half.completeOn == day(complete))
    #expect(half.isComplete(on: day(complete)))
    #expect(!half.isComplete(on: day(complete).adding(days: -1)))
  }

  @Test func `a policy may start eligibility on the day after`() throws {
    let strict = try self.policy("eligible_on_day_itself", "false")
    let half = HalfYear(declaredOn: day("2025-08-31"), policy: strict)
    #expect(half.eligibleFrom == day("2026-03-01"))
    #expect(!half.isComplete(on: day("2026-02-28")))
  }

  @Test func `a policy may count the half year by days`() throws {
    let byDays = try self.policy("half_year_counted_by", "days")
    let half = HalfYear(declaredOn: day("2025-08-31"), policy: byDays)
    #expect(half.eligibleFrom == day("2025-08-31").adding(days: 183))
    #expect(half.eligibleFrom == day("2026-03-02"))
  }

  @Test func `a policy may end the window before the full year's day`() throws {
    let before = try self.policy("endorsement_on_anniversary", "false")
    let window = EndorsementWindow(
      anniversary: day("2026-03-10"), policy: before, calendar: self.calendar)
    #expect(window.opensOn == day("2026-02-10"))
    #expect(window.closesOn == day("2026-03-09"))
    #expect(window.suspendedFrom == day("2026-03-10"))
  }

  @Test(arguments: [
    ("2025-03-10", 1, "2026-02-10", "2026-03-10"), ("2024-02-29", 1, "2025-01-28", "2025-02-28"),
    ("2025-03-31", 1, "2026-02-28", "2026-03-31"), ("2023-03-31", 1, "2024-02-29", "2024-03-31"),
    ("2024-02-29", 4, "2028-01-29", "2028-02-29"), ("2025-05-01", 1, "2026-04-01", "2026-05-01"),
  ])
  func `a permit is endorsed in the month before each full year`(
    issued: String, year: Int, opens: String, closes: String
  ) {
    let anniversary = Anniversary.number(year, of: day(issued))
    let window = EndorsementWindow(
      anniversary: anniversary, policy: self.policy, calendar: self.calendar)
    #expect(window.opensOn == day(opens))
    #expect(window.closesOn == day(closes))
    #expect(window.contains(day(opens)) && window.contains(day(closes)))
    #expect(!window.contains(day(opens).adding(days: -1)))
    #expect(!window.contains(day(closes).adding(days: 1)))
    #expect(window.suspendedFrom == day(closes).adding(days: 1))
    #expect(year > 1 || self.policy.validTo(issuedOn: day(issued)) == day(closes))
  }

  @Test func `a policy may roll the window past a holiday`() throws {
    let rolling = try self.policy("endorsement_rolls_past_holidays", "true")
    let window = EndorsementWindow(
      anniversary: day("2026-05-01"), policy: rolling, calendar: self.calendar)
    #expect(window.opensOn == day("2026-04-01"))
    #expect(window.closesOn == day("2026-05-06"))
    #expect(window.anniversary == day("2026-05-01"))
  }

  @Test(arguments: [
    ("2024-02-29", "2024-02-29", "2025-02-28"), ("2024-02-29", "2025-02-28", "2026-02-28"),
    ("2024-02-29", "2027-06-01", "2028-02-29"), ("2025-03-10", "2026-03-09", "2026-03-10"),
    ("2025-03-10", "2026-03-10", "2027-03-10"), ("2025-03-10", "2020-01-01", "2026-03-10"),
  ])
  func `anniversaries are counted from their anchor`(anchor: String, after: String, next: String) {
    #expect(Anniversary.next(after: day(after), of: day(anchor)) == day(next))
  }

  /// A history, the day it is read, and the chain found: counts from, declared, gap.
  struct Chain: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var history: [(String, String?)]
    var on = "2026-11-20"
    var found: (from: String, declared: String, gap: Int)?
    var isRegistered = true

    init(
      _ name: String, _ history: [(String, String?)],
      _ found: (from: String, declared: String, gap: Int)?, isRegistered: Bool = true
    ) {
      self.testDescription = name
      self.history = history
      self.found = found
      self.isRegistered = isRegistered
    }
  }

  @Test(arguments: [
    Chain("nothing", [], nil),
    Chain("one", [("2026-03-01", nil)], ("2026-03-01", "2026-03-01", 0)),
    Chain("declared today", [("2026-11-20", nil)], ("2026-11-20", "2026-11-20", 0)),
    Chain("declared tomorrow", [("2026-11-21", nil)], nil),
    Chain(
      "day after day", [("2026-03-01", "2026-06-30"), ("2026-07-01", nil)],
      ("2026-03-01", "2026-03-01", 0)),
    Chain(
      "overlapping", [("2026-03-01", "2026-07-31"), ("2026-06-01", nil)],
      ("2026-03-01", "2026-03-01", 0)),
    Chain(
      "one within another", [("2026-03-01", nil), ("2026-04-01", "2026-04-30")],
      ("2026-03-01", "2026-03-01", 0)),
    Chain(
      "unsorted", [("2026-07-01", nil), ("2026-03-01", "2026-06-30")],
      ("2026-03-01", "2026-03-01", 0)),
    Chain(
      "a gap of ten days", [("2026-03-01", "2026-06-30"), ("2026-07-11", nil)],
      ("2026-03-11", "2026-03-01", 10)),
    Chain(
      "a gap of eleven days", [("2026-03-01", "2026-06-30"), ("2026-07-12", nil)],
      ("2026-07-12", "2026-07-12", 0)),
    Chain(
      "two gaps",
      [("2026-03-01", "2026-05-31"), ("2026-06-04", "2026-07-31"), ("2026-08-06", nil)],
      ("2026-03-09", "2026-03-01", 8)),
    Chain(
      "a gap before a break is forgotten",
      [("2026-01-01", "2026-01-31"), ("2026-02-05", "2026-03-31"), ("2026-06-01", nil)],
      ("2026-06-01", "2026-06-01", 0)),
    Chain(
      "ended ten days ago", [("2026-03-01", "2026-11-10")], ("2026-03-11", "2026-03-01", 10),
      isRegistered: false),
    Chain("ended eleven days ago", [("2026-03-01", "2026-11-09")], nil),
    Chain(
      "ends later than read", [("2026-03-01", "2027-01-31")], ("2026-03-01", "2026-03-01", 0)),
  ])
  func `finds the chain of registrations that reaches a day`(row: Chain) throws {
    let history = try row.history.map { start, end in
      try #require(
        RegistrationPeriod(unit: "331123", declaredOn: day(start), endedOn: end.map(day)))
    }
    let found = ResidenceChain.reaching(day(row.on), in: history, policy: self.policy)
    #expect(found?.countsFrom == row.found.map { day($0.from) })
    #expect(found?.declaredOn == row.found.map { day($0.declared) })
    #expect(found?.gapDays == row.found?.gap)
    #expect(found == nil || found?.isRegistered == row.isRegistered)
  }

  @Test func `a chain may be restricted to one unit`() throws {
    let history = [
      try #require(
        RegistrationPeriod(
          unit: "330100", declaredOn: day("2026-01-01"), endedOn: day("2026-08-31"))),
      try #require(
        RegistrationPeriod(unit: "331123", declaredOn: day("2026-09-01"), endedOn: nil)),
    ]
    let all = ResidenceChain.reaching(day("2026-11-20"), in: history, policy: self.policy)
    let one = ResidenceChain.reaching(
      day("2026-11-20"), in: history, unit: "331123", policy: self.policy)
    #expect(all?.countsFrom == day("2026-01-01"))
    #expect(all?.halfYear(policy: self.policy).isComplete(on: day("2026-11-20")) == true)
    #expect(one?.countsFrom == day("2026-09-01"))
    #expect(one?.halfYear(policy: self.policy).eligibleFrom == day("2027-03-01"))
    #expect(one?.residenceDays(until: day("2026-09-10")) == 10)
    let backwards = RegistrationPeriod(
      unit: "331123", declaredOn: day("2026-09-02"), endedOn: day("2026-09-01"))
    #expect(backwards == nil)
  }

  private var terms: CaseTerms { CaseTerms(policy: self.policy, calendar: self.calendar) }

  @Test func `promise and statute run from acceptance, the guard from receipt`() {
    #expect(
      self.terms.guardDue(from: day("2026-11-13"), of: .firstPermit).date == day("2026-11-20"))
    #expect(
      self.terms.warningDue(from: day("2026-11-13"), of: .firstPermit).date == day("2026-11-16"))
    let promise = self.terms.promiseDue(acceptedOn: day("2026-11-16"), of: .firstPermit)
    #expect(promise.date == day("2026-11-18"))
    #expect(promise.instant == day("2026-11-19").startOfDay)
    let statute = self.terms.statuteDue(acceptedOn: day("2026-11-16"), of: .firstPermit)
    #expect(statute == DueDate(date: day("2026-12-01"), isProvisional: false))
  }

  @Test func `a case deemed accepted on the day of receipt is overdue at once`() {
    let received = day("2026-11-13")
    let promise = self.terms.promiseDue(acceptedOn: received, of: .firstPermit)
    #expect(promise.date == day("2026-11-17"))
    #expect(promise.instant < self.terms.guardDue(from: received, of: .firstPermit).instant)
  }

  @Test func `at the turn of an unpublished year only what it can move is provisional`() {
    let accepted = day("2026-12-29")
    #expect(
      self.terms.promiseDue(acceptedOn: accepted, of: .firstPermit)
        == DueDate(date: day("2026-12-31"), isProvisional: false))
    #expect(
      self.terms.statuteDue(acceptedOn: accepted, of: .firstPermit)
        == DueDate(date: day("2027-01-13"), isProvisional: true))
    #expect(
      self.terms.guardDue(from: accepted, of: .firstPermit)
        == DueDate(date: day("2027-01-06"), isProvisional: true))
  }

  /// Every pause that begins in time ends with time left, wherever it falls in the year.
  @Test func `a term that ran when it was stopped runs when it goes on`() throws {
    let first = day("2025-12-20")
    for offset in 0..<90 {
      let accepted = first.adding(days: offset)
      let statute = self.terms.statuteDue(acceptedOn: accepted, of: .firstPermit).date
      let promise = self.terms.promiseDue(acceptedOn: accepted, of: .firstPermit).date
      for used in 0...24 {
        for length in [0, 1, 3, 10] {
          let from = accepted.adding(days: used)
          let pause = try #require(
            Pause(stoppedOn: from, resumedOn: from.adding(days: length)))
          let movedPromise = self.terms.promiseDue(
            acceptedOn: accepted, of: .firstPermit, pauses: [pause]
          ).date
          let movedStatute = self.terms.statuteDue(
            acceptedOn: accepted, of: .firstPermit, pauses: [pause]
          ).date
          let (back, isMoved) = (pause.resumedOn, length > 0)
          #expect(from <= promise ? movedPromise >= back : movedPromise == promise)
          #expect(from <= statute ? movedStatute >= back : movedStatute == statute)
          if !isMoved { #expect(movedPromise == promise && movedStatute == statute) }
        }
      }
    }
  }

  @Test func `a kind may have terms of its own`() throws {
    let text = try policyText("zhejiang.tsv").replacing(
      "\ninstead\tendorsement", with: "\nclock\tendorsement\tpromise\t5\ttest\ninstead\tendorsement"
    )
    let terms = CaseTerms(policy: try PolicySettings(text: text), calendar: self.calendar)
    let accepted = day("2026-11-16")
    #expect(terms.promiseDue(acceptedOn: accepted, of: .endorsement).date == day("2026-11-23"))
    #expect(terms.promiseDue(acceptedOn: accepted, of: .firstPermit).date == day("2026-11-18"))
    #expect(terms.statuteDue(acceptedOn: accepted, of: .endorsement).date == day("2026-12-01"))
  }
}
