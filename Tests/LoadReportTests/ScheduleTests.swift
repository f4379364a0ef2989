import TestSupport
import Testing

@testable import LoadReport

/// When calls are to start.
struct ScheduleTests {
  @Test func `a constant rate is evenly spaced`() throws {
    let schedule = try Schedule.constant(ratePerS: 200, seconds: 3)
    #expect(schedule.arrivals == 600)
    #expect(schedule.durationUs == 3_000_000)
    #expect((0..<600).allSatisfy { schedule.startUs(of: $0) == Int64($0) * 5_000 })
    #expect(schedule.startUs(of: 600) == nil)
    #expect(schedule.startUs(of: -1) == nil)
  }

  @Test func `a rate that does not divide a second keeps its count`() throws {
    let schedule = try Schedule.constant(ratePerS: 7, seconds: 10)
    #expect(schedule.arrivals == 70)
    #expect(schedule.startUs(of: 1) == 142_857)
    #expect(schedule.startUs(of: 69) == 9_857_143)
  }

  @Test func `steps follow one another`() throws {
    let schedule = try Schedule(.steps(RateSteps(ratesPerS: [10, 0, 100], secondsEach: 2)))
    #expect(schedule.arrivals == 220)
    #expect(schedule.startUs(of: 19) == 1_900_000)
    #expect(schedule.startUs(of: 20) == 4_000_000)
    #expect(schedule.startUs(of: 21) == 4_010_000)
    #expect(schedule.ratePerS(atUs: 1_999_999) == 10)
    #expect(schedule.ratePerS(atUs: 2_000_000) == 0)
    #expect(schedule.peakPerS == 100)
  }

  @Test func `a ramp has as many before its middle as its rate says`() throws {
    let schedule = try Schedule(.ramp(RateRamp(fromPerS: 0, toPerS: 100, seconds: 10)))
    #expect(schedule.arrivals == 500)
    // Half of the time has a quarter of the calls.
    #expect(schedule.startUs(of: 125) == 5_000_000)
    #expect(schedule.ratePerS(atUs: 5_000_000) == 50)
    let falling = try Schedule(.ramp(RateRamp(fromPerS: 100, toPerS: 0, seconds: 10)))
    #expect(falling.arrivals == 500)
    #expect(falling.startUs(of: 375) == 5_000_000)
  }

  @Test func `the first morning is quiet, steep, full, and quiet again`() throws {
    let schedule = try Schedule(.firstMorning(FirstMorning(basePerS: 2, peakPerS: 50)))
    let second: Int64 = 1_000_000
    #expect(schedule.ratePerS(atUs: 9 * second) == 2)
    #expect(schedule.ratePerS(atUs: 11 * second) == 26)
    #expect(schedule.ratePerS(atUs: 12 * second) == 50)
    #expect(schedule.ratePerS(atUs: 31 * second) == 50)
    // A quarter of the fall later half of what is above the base is left.
    #expect(schedule.ratePerS(atUs: 42 * second) == 26)
    #expect(schedule.ratePerS(atUs: 52 * second) == 14)
    #expect(schedule.ratePerS(atUs: 75 * second) == 2)
    #expect(schedule.durationUs == 82 * second)
    #expect(schedule.peakPerS == 50)
  }

  @Test func `the wave swells at its opening and at its cliff, and is over the day after`() throws {
    let wave = EndorsementWave(
      basePerS: 1, openingPerS: 33, cliffPerS: 129, days: 10, secondsPerDay: 24)
    #expect((0..<10).map { wave.peakPerS(ofDay: $0) } == [33, 17, 9, 5, 5, 9, 17, 33, 65, 129])
    let schedule = try Schedule(.endorsementWave(wave))
    let day: Int64 = 24_000_000
    #expect(schedule.durationUs == 11 * day)
    // At 10:00 of the last day it is at its cliff; the day after has the base alone.
    #expect(schedule.ratePerS(atUs: 9 * day + 10_000_000) == 129)
    #expect(schedule.ratePerS(atUs: 9 * day + 8_000_000) == 1)
    #expect(schedule.ratePerS(atUs: 10 * day + 10_000_000) == 1)
  }

  @Test(arguments: shapes)
  func `its corners are what it is drawn by`(_ shape: LoadShape) throws {
    let schedule = try Schedule(shape)
    let corners = schedule.corners
    #expect(corners.map(\.perS).max() == schedule.peakPerS)
    #expect(corners.first?.seconds == 0)
    let pairs = zip(corners, corners.dropFirst())
    #expect(pairs.allSatisfy { $0.seconds <= $1.seconds })
    // The area under them is how many calls there are.
    let area = pairs.map { ($1.seconds - $0.seconds) * ($0.perS + $1.perS) / 2 }.reduce(0, +)
    #expect(abs(area - Double(schedule.arrivals)) < 1)
  }

  static let shapes: [LoadShape] = [
    .constant(ConstantRate(ratePerS: 33.3, seconds: 7.7)),
    .steps(RateSteps(ratesPerS: [1, 50, 0, 7.5], secondsEach: 3)),
    .ramp(RateRamp(fromPerS: 90, toPerS: 3, seconds: 20)),
    .firstMorning(FirstMorning(basePerS: 0, peakPerS: 80)),
    .endorsementWave(EndorsementWave(basePerS: 3, openingPerS: 40, cliffPerS: 90)),
  ]

  @Test(arguments: shapes)
  func `starts never fall and are as dense as the rate`(_ shape: LoadShape) throws {
    let schedule = try Schedule(shape)
    let starts = (0..<schedule.arrivals).compactMap(schedule.startUs)
    #expect(starts.count == schedule.arrivals)
    #expect(zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(starts.allSatisfy { (0...schedule.durationUs).contains($0) })
    // Summed in steps of a millisecond, the rate gives the arrivals before each second.
    var (expected, instant) = (0.0, Int64(0))
    for second in 1...max(1, schedule.durationUs / 1_000_000) {
      while instant < second * 1_000_000 {
        expected += schedule.ratePerS(atUs: instant + 500) / 1_000
        instant += 1_000
      }
      let begun = starts.count { $0 < second * 1_000_000 }
      #expect(abs(Double(begun) - expected) <= 1.01, "second \(second)")
    }
  }

  /// A shape that cannot be, and the reasons.
  static let refused: [(LoadShape, [String])] = [
    (
      .constant(ConstantRate(ratePerS: -1, seconds: 3_601)),
      [
        "rate_per_s is -1; it must be from 0 to 1000000",
        "seconds is 3601; it must be from 0 to 3600",
      ]
    ),
    (
      .constant(ConstantRate(ratePerS: .nan, seconds: 1)),
      ["rate_per_s is no number; it must be from 0 to 1000000"]
    ),
    (.constant(ConstantRate(ratePerS: 1_000_000, seconds: 100)), []),
    (
      .constant(ConstantRate(ratePerS: 1_000_000, seconds: 101)),
      ["it asks for 101000000 calls; at most 100000000"]
    ),
    (.constant(ConstantRate(ratePerS: 0, seconds: 100)), ["it asks for no call at all"]),
    (.constant(ConstantRate(ratePerS: 5, seconds: 0)), ["it asks for no call at all"]),
    (
      .steps(RateSteps(ratesPerS: [], secondsEach: 1)),
      ["the count of rates_per_s is 0; it must be from 1 to 100"]
    ),
    (
      .steps(RateSteps(ratesPerS: Array(repeating: 1, count: 101), secondsEach: 1)),
      ["the count of rates_per_s is 101; it must be from 1 to 100"]
    ),
    (
      .steps(RateSteps(ratesPerS: [1, 2], secondsEach: 1_801)),
      ["it lasts 3602 s; at most 3600 s"]
    ),
    (
      .endorsementWave(
        EndorsementWave(basePerS: 1, openingPerS: 1, cliffPerS: 2_000_000, days: 33)),
      [
        "cliff_per_s is 2000000; it must be from 0 to 1000000",
        "days is 33; it must be from 2 to 32",
      ]
    ),
  ]

  @Test(arguments: refused)
  func `what cannot be is refused with every reason`(shape: LoadShape, reasons: [String]) {
    do {
      _ = try Schedule(shape)
      #expect(reasons.isEmpty)
    } catch {
      #expect(error.reasons == reasons)
    }
  }
}
