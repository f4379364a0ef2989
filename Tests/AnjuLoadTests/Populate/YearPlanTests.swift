import DomainModel
import Testing

@testable import anju_load

struct YearPlanTests {
  private static let today = CivilDate(iso: "2026-11-23")

  @Test(arguments: [(1, 1), (300, 72), (1_000, 1_000), (50_000, 0), (1_000_000, 240_000)])
  func `every person comes on one day, and so many of them hold a permit`(
    persons: Int, holders: Int
  ) {
    let plan = YearPlan(persons: persons, holders: holders)
    let days = (0..<plan.days).map { plan.persons(on: $0) }
    #expect(days.first?.lowerBound == 0 && days.last?.upperBound == persons)
    #expect(zip(days, days.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    #expect((0..<persons).count(where: plan.isHolder) == holders)
    #expect(plan.holders(among: persons) == holders)
  }

  @Test(arguments: [1, 300, 1_000_000], [1, 7, 390])
  func `days lie in the past, rise, and are not too far apart for a reminder`(
    persons: Int, pastDays: Int
  ) throws {
    let today = try #require(Self.today)
    let plan = YearPlan(persons: persons, holders: 0, pastDays: pastDays)
    var dates = (0..<plan.days).map { plan.date(of: $0, today: today) }
    #expect(dates.first == today.adding(days: -pastDays))
    dates.append(today)
    for (one, next) in zip(dates, dates.dropFirst()) {
      #expect(one < next && next <= one.adding(days: YearPlan.leapDaysMax))
    }
  }

  @Test func `as many hold a permit as in the province`() {
    #expect(YearPlan.usualHolders(of: 1_000_000) == 240_000)
    #expect(YearPlan.usualHolders(of: 1) == 1)
  }
}
