import DomainModel
import TestSupport
import Testing

/// Three ways to a due date agree on every day of 2004 to 2026 as published and of 2027 to 2040 by
/// the statutory days, for every term that a policy has: the calculation that runs, the derivation
/// that explains it, which walks by itself, and a closed form that never walks.
struct DeadlineCalculatorTests {
  private let calendar: WorkingDayCalendar
  private let form: ClosedForm
  private let rules: [DueDateDerivation.Rule]

  init() throws {
    self.calendar = try WorkingDayCalendar(text: policyText("calendar.tsv"))
    self.form = ClosedForm(self.calendar)
    self.rules = try Self.terms(of: ["zhejiang.tsv", "shanghai.tsv"])
  }

  /// Every term of every kind of the policies, each once.
  private static func terms(of files: [String]) throws -> [DueDateDerivation.Rule] {
    var rules: Set<DueDateDerivation.Rule> = []
    for file in files {
      let policy = try PolicySettings(text: policyText(file), file: file)
      rules.insert(.days(policy.supplementDays, rolls: true))
      for (kind, way) in policy.kinds.kinds {
        for clock in CaseClock.allCases where clock != .statute {
          rules.insert(.workingDays(policy.days(clock, of: kind)))
        }
        let statute = policy.days(.statute, of: kind)
        rules.insert(.days(statute, rolls: policy.statuteRollsPastHolidays))
        rules.insert(.days(ClockSettings.extendedDaysMax, rolls: true))
        for stage in way.stages { stage.workingDays.map { _ = rules.insert(.workingDays($0)) } }
      }
    }
    return rules.sorted { "\($0)" < "\($1)" }
  }

  private static let days = day("2004-01-01").dayNumber...day("2040-11-01").dayNumber

  @Test func `they agree on every day, for every term`() {
    #expect(self.rules.count == 8)
    var compared = 0
    for number in Self.days {
      let start = CivilDate(dayNumber: number)
      for rule in self.rules {
        let due = self.form.due(from: start, rule, without: [])
        compared += 1
        guard due == self.calculated(from: start, rule, []),
          due == DueDateDerivation(from: start, rule, pauses: [], by: self.calendar)?.due
        else {
          Issue.record("\(rule.count) days from \(start): not \(due)")
          return
        }
      }
    }
    #expect(Self.days.count == 13_455 && compared == 8 * 13_455)
  }

  @Test func `they agree whatever stops the clocks`() {
    let random = SeededRandom(seed: 20_261_122)
    for number in Self.days {
      let start = CivilDate(dayNumber: number)
      let rule = self.rules[Int(random.next() % UInt64(self.rules.count))]
      let pauses = Self.pauses(after: start, random)
      let due = self.form.due(from: start, rule, without: pauses)
      let derived = DueDateDerivation(from: start, rule, pauses: pauses, by: self.calendar)
      guard due == self.calculated(from: start, rule, pauses), due == derived?.due else {
        Issue.record("\(rule) from \(start) without \(pauses): not \(due)")
        return
      }
    }
  }

  /// Up to three, which may begin on the start day, touch, and end on the day they begin.
  private static func pauses(after start: CivilDate, _ random: SeededRandom) -> [Pause] {
    var from = start
    return (0..<Int(random.next() % 4)).compactMap { _ in
      from = from.adding(days: Int(random.next() % 9))
      let until = from.adding(days: Int(random.next() % 12))
      defer { from = until }
      return Pause(stoppedOn: from, resumedOn: until)
    }
  }

  private func calculated(
    from start: CivilDate, _ rule: DueDateDerivation.Rule, _ pauses: [Pause]
  ) -> DueDate {
    rule.countsWorkingDays
      ? self.calendar.dueDate(after: start, workingDays: rule.count, pauses: pauses)
      : self.calendar.dueDate(
        after: start, calendarDays: rule.count, rollsPastHolidays: rule.rollsPastDaysOff,
        pauses: pauses)
  }

  /// domain.md section 10: two working days after acceptance.
  @Test(arguments: [
    ("2026-02-12", "2026-02-14"), ("2026-02-13", "2026-02-24"), ("2026-02-14", "2026-02-25"),
    ("2026-04-30", "2026-05-07"), ("2026-05-08", "2026-05-11"), ("2026-09-18", "2026-09-21"),
    ("2026-09-24", "2026-09-29"), ("2026-09-30", "2026-10-09"), ("2026-11-20", "2026-11-24"),
    ("2026-12-29", "2026-12-31"), ("2025-01-24", "2025-01-27"), ("2025-09-26", "2025-09-29"),
    ("2025-09-30", "2025-10-10"), ("2024-02-08", "2024-02-18"), ("2024-09-13", "2024-09-18"),
    ("2026-01-01", "2026-01-05"), ("2026-02-20", "2026-02-25"), ("2026-12-30", "2027-01-04"),
  ])
  func `they agree with the vectors`(start: String, due: String) {
    let (start, due) = (day(start), day(due))
    let rule = DueDateDerivation.Rule.workingDays(2)
    let wanted = DueDate(date: due, isProvisional: due.year == 2027)
    #expect(self.form.due(from: start, rule, without: []) == wanted)
    #expect(self.calculated(from: start, rule, []) == wanted)
    let derived = DueDateDerivation(from: start, rule, pauses: [], by: self.calendar)
    #expect(derived?.due == wanted)
    #expect(derived?.days.map(\.date).first == start && derived?.days.last?.date == due)
    #expect(derived?.days.filter { $0.reckoning == .counted }.count == 2)
  }

  @Test func `what depends on a day after the published ones is provisional, and nothing else`() {
    for number in day("2026-11-01").dayNumber...day("2027-02-01").dayNumber {
      let start = CivilDate(dayNumber: number)
      for rule in self.rules {
        let due = self.calculated(from: start, rule, [])
        #expect(due.isProvisional == (due.date > day("2026-12-31")))
      }
    }
  }

  @Test func `a term that rests for years is not told day by day`() throws {
    let years = try #require(Pause(stoppedOn: day("2026-01-02"), resumedOn: day("2040-01-02")))
    #expect(
      DueDateDerivation(
        from: day("2026-01-01"), .workingDays(2), pauses: [years], by: self.calendar) == nil)
  }
}

extension DueDateDerivation.Rule {
  fileprivate static func workingDays(_ count: Int) -> Self {
    Self(count: count, countsWorkingDays: true, rollsPastDaysOff: false)
  }

  fileprivate static func days(_ count: Int, rolls: Bool) -> Self {
    Self(count: count, countsWorkingDays: false, rollsPastDaysOff: rolls)
  }
}

/// Due dates from the running number of each worked day: how many are in a span is a subtraction,
/// and the day on which a term ends is found by halving. It shares nothing with what it checks but
/// the question whether a day is worked.
private struct ClosedForm {
  private static let first = day("2003-01-01").dayNumber
  private static let last = day("2045-12-31").dayNumber

  /// The worked days, in order.
  private let worked: [Int]
  /// How many days are worked before each day.
  private let before: [Int]
  private let publishedTo: Int

  init(_ calendar: WorkingDayCalendar) {
    self.worked = (Self.first...Self.last).filter {
      calendar.isWorkingDay(CivilDate(dayNumber: $0))
    }
    var before = [0]
    for number in Self.first...Self.last {
      let isWorked = calendar.isWorkingDay(CivilDate(dayNumber: number))
      before.append(before[before.count - 1] + (isWorked ? 1 : 0))
    }
    self.before = before
    self.publishedTo = calendar.coverage.upperBound.dayNumber
  }

  /// How many days that count are in a span, its end left out.
  private func count(_ span: Range<Int>, _ rule: DueDateDerivation.Rule) -> Int {
    guard rule.countsWorkingDays else { return span.count }
    return self.before[span.upperBound - Self.first] - self.before[span.lowerBound - Self.first]
  }

  private func rolled(_ number: Int) -> Int {
    self.worked[self.before[number - Self.first]]
  }

  func due(
    from start: CivilDate, _ rule: DueDateDerivation.Rule, without pauses: [Pause]
  ) -> DueDate {
    let first = start.dayNumber + 1
    // A pause takes its length out of the days that are left, one pause after the other.
    var out: [Range<Int>] = []
    for pause in pauses {
      let from = max(pause.stoppedOn.dayNumber, out.last?.upperBound ?? first, first)
      out.append(from..<(from + pause.stoppedOn.days(until: pause.resumedOn)))
    }
    func counted(until number: Int) -> Int {
      let whole = self.count(first..<(number + 1), rule)
      return out.reduce(whole) { left, span in
        let part = span.clamped(to: first..<(number + 1))
        return left - self.count(part, rule)
      }
    }
    var (low, high) = (first, first + 400)
    while low < high {
      let middle = (low + high) / 2
      if counted(until: middle) >= rule.count { high = middle } else { low = middle + 1 }
    }
    var due = low
    if !rule.countsWorkingDays, rule.rollsPastDaysOff {
      due = self.rolled(low)
      for span in out where span.contains(due) { due = self.rolled(span.upperBound) }
    }
    let isAsked = rule.countsWorkingDays || rule.rollsPastDaysOff
    return DueDate(
      date: CivilDate(dayNumber: due), isProvisional: isAsked && due > self.publishedTo)
  }
}
