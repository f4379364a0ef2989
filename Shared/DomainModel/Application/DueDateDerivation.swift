/// How a due date comes about, day by day, so that somebody else can count it again. It is a walk
/// of its own, not the calculation whose result it explains: a test holds one against the other.
public struct DueDateDerivation: Hashable, Sendable {
  /// What a term is made of.
  public struct Rule: Hashable, Sendable {
    /// How many days.
    public let count: Int
    /// Working days are counted, else all.
    public let countsWorkingDays: Bool
    /// A term that is over on a day off ends on the next worked day (Civil Code, Art. 203).
    public let rollsPastDaysOff: Bool

    /// A term.
    public init(count: Int, countsWorkingDays: Bool, rollsPastDaysOff: Bool) {
      self.count = count
      self.countsWorkingDays = countsWorkingDays
      self.rollsPastDaysOff = rollsPastDaysOff
    }
  }

  /// Whether a day is counted, and why not.
  public enum Reckoning: Hashable, Sendable {
    /// It is one of the term's days.
    case counted
    /// The term begins on it (Civil Code, Art. 201).
    case start
    /// Working days are counted, and it is none.
    case notWorked
    /// The clocks stood still.
    case paused
    /// The term was over on a day off, and rolls past it.
    case rolled
  }

  /// One day.
  public struct Day: Hashable, Sendable {
    /// Which.
    public let date: CivilDate
    /// What the calendar says of it.
    public let kind: WorkingDayCalendar.Day
    /// Whether it is counted.
    public let reckoning: Reckoning
    /// How many are counted with it.
    public let number: Int
    /// Whether the arrangement of its year is published.
    public let isPublished: Bool
  }

  /// The day it begins on, which is not counted.
  public let start: CivilDate
  /// What is counted.
  public let rule: Rule
  /// What stood in between, the oldest first.
  public let pauses: [Pause]
  /// Every day from the start to the due day.
  public let days: [Day]
  /// The last day.
  public let due: DueDate

  /// The most days of a derivation: a case that rests longer is told without them all.
  public static let daysMax = 4_000

  /// Walks from `start` until the term is over. Nil where that takes more than `daysMax` days.
  public init?(
    from start: CivilDate, _ rule: Rule, pauses: [Pause], by calendar: WorkingDayCalendar
  ) {
    var walk = Walk(calendar: calendar, rule: rule, pauses: pauses)
    walk.add(start, .start)
    var date = start
    while !walk.isOver {
      date = date.adding(days: 1)
      walk.take(date)
      if walk.days.count > Self.daysMax { return nil }
    }
    self.start = start
    self.rule = rule
    self.pauses = pauses
    self.days = walk.days
    // Of calendar days only where the term ends depends on what is worked.
    let asked =
      rule.countsWorkingDays
      ? walk.days.dropFirst() : rule.rollsPastDaysOff ? walk.end : []
    self.due = DueDate(date: date, isProvisional: asked.contains { !$0.isPublished })
  }

  /// The walk as far as it has come.
  private struct Walk {
    let calendar: WorkingDayCalendar
    let rule: Rule
    var pauses: [Pause]
    var days: [Day] = []
    /// How many more days of an open pause are left out.
    private var pausedDaysLeft = 0

    init(calendar: WorkingDayCalendar, rule: Rule, pauses: [Pause]) {
      self.calendar = calendar
      self.rule = rule
      self.pauses = pauses
    }

    private var number: Int { self.days.last?.number ?? 0 }

    /// Whether the last day taken is the due day.
    var isOver: Bool {
      guard let last = self.days.last, last.number == self.rule.count else { return false }
      switch last.reckoning {
      case .start: return self.rule.count == 0
      case .counted: return !self.rolls || last.kind.isWorking
      case .rolled: return last.kind.isWorking
      case .notWorked, .paused: return false
      }
    }

    private var rolls: Bool { !self.rule.countsWorkingDays && self.rule.rollsPastDaysOff }

    /// The days of the walk's end on which it depended whether they are worked.
    var end: ArraySlice<Day> {
      let first = self.days.lastIndex { $0.reckoning == .counted } ?? 0
      return self.days[first...]
    }

    /// A pause takes effect on the day it begins, or on the first that counts after: its days are
    /// left out one by one.
    mutating func take(_ date: CivilDate) {
      while let next = self.pauses.first, next.stoppedOn <= date {
        self.pausedDaysLeft += next.stoppedOn.days(until: next.resumedOn)
        self.pauses.removeFirst()
      }
      if self.pausedDaysLeft > 0 {
        self.pausedDaysLeft -= 1
        self.add(date, .paused)
      } else if self.number == self.rule.count {
        self.add(date, .rolled)
      } else if self.rule.countsWorkingDays && !self.calendar.isWorkingDay(date) {
        self.add(date, .notWorked)
      } else {
        self.add(date, .counted)
      }
    }

    mutating func add(_ date: CivilDate, _ reckoning: Reckoning) {
      self.days.append(
        Day(
          date: date, kind: self.calendar.day(date), reckoning: reckoning,
          number: self.number + (reckoning == .counted ? 1 : 0),
          isPublished: self.calendar.isPublished(date)))
    }
  }
}
