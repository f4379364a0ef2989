/// Where civil dates and instants meet: Asia/Shanghai, a fixed eight hours ahead of UTC. Nothing in
/// Anju happens before 1992, so the summer time of 1986 to 1991 does not matter.
extension CivilDate {
  private static let offsetMs: Int64 = 8 * 3_600_000
  private static let dayMs: Int64 = 86_400_000

  /// The civil date on which an instant falls in Asia/Shanghai.
  public init(of instant: Timestamp) {
    let (local, overflow) = instant.milliseconds.addingReportingOverflow(Self.offsetMs)
    if overflow {
      self = .latest
      return
    }
    let days = local / Self.dayMs - (local % Self.dayMs < 0 ? 1 : 0)
    self.init(dayNumber: Int(days))
  }

  /// 00:00 of this day in Asia/Shanghai.
  public var startOfDay: Timestamp {
    Timestamp(milliseconds: Int64(self.dayNumber) * Self.dayMs - Self.offsetMs)
  }

  /// 24:00 of this day in Asia/Shanghai: the first instant of the next, at which a term that ends
  /// on this day is over (Civil Code, Art. 203).
  public var endOfDay: Timestamp {
    self.startOfDay.adding(milliseconds: Self.dayMs)
  }
}

extension Timestamp {
  /// The instant as people in Asia/Shanghai read it: `2026-03-01 09:30:00`.
  public var shanghaiText: String {
    let date = CivilDate(of: self)
    let seconds = max(0, self.milliseconds - date.startOfDay.milliseconds) / 1_000 % 86_400
    let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60]
    return date.iso + " " + clock.map { padded(Int($0), to: 2) }.joined(separator: ":")
  }
}
