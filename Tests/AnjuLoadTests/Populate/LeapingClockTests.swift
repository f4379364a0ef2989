import DomainModel
import Testing

@testable import anju_load

struct LeapingClockTests {
  private static let began = Timestamp(milliseconds: 1_700_000_000_000)
  private static let dayMs: Int64 = 86_400_000

  @Test func `it goes on from where it began, and leaps only forward`() {
    let clock = LeapingClock(at: Self.began)
    #expect(clock.now() >= Self.began && clock.now() < Self.began.adding(milliseconds: 60_000))
    clock.leap(to: Self.began.adding(milliseconds: Self.dayMs))
    #expect(clock.now() >= Self.began.adding(milliseconds: Self.dayMs))
    clock.leap(to: Self.began)
    #expect(clock.now() >= Self.began.adding(milliseconds: Self.dayMs))
  }

  @Test(.timeLimit(.minutes(1)))
  func `who sleeps until tomorrow wakes when the clock has leapt there`() async throws {
    let clock = LeapingClock(at: Self.began)
    let tomorrow = Self.began.adding(milliseconds: Self.dayMs)
    async let woken: Void = clock.sleep(until: tomorrow)
    clock.leap(to: tomorrow)
    try await woken
    #expect(clock.now() >= tomorrow)
  }
}
