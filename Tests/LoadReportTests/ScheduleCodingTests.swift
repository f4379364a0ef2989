import Foundation
import Testing

@testable import LoadReport

/// A schedule as a scenario's file says it.
struct ScheduleCodingTests {
  private static func read(_ text: String) throws -> Schedule {
    try JSONDecoder().decode(Schedule.self, from: Data(text.utf8))
  }

  @Test(arguments: ScheduleTests.shapes)
  func `is read as it was written`(_ shape: LoadShape) throws {
    let schedule = try Schedule(shape)
    let written = try JSONEncoder().encode(schedule)
    #expect(try JSONDecoder().decode(Schedule.self, from: written) == schedule)
  }

  /// A file's text and the shape that it means.
  static let files: [(String, LoadShape)] = [
    (
      #"{"kind": "constant", "rate_per_s": 200, "seconds": 60}"#,
      .constant(ConstantRate(ratePerS: 200, seconds: 60))
    ),
    (
      #"{"kind": "steps", "rates_per_s": [100, 200.5], "seconds_each": 30}"#,
      .steps(RateSteps(ratesPerS: [100, 200.5], secondsEach: 30))
    ),
    (
      #"{"kind": "ramp", "from_per_s": 0, "to_per_s": 400, "seconds": 60}"#,
      .ramp(RateRamp(fromPerS: 0, toPerS: 400, seconds: 60))
    ),
    (
      """
      {"kind": "first_morning", "base_per_s": 2, "peak_per_s": 50, "seconds_before": 10,
       "rise_seconds": 2, "hold_seconds": 20, "fall_seconds": 40, "seconds_after": 10}
      """,
      .firstMorning(FirstMorning(basePerS: 2, peakPerS: 50))
    ),
    (
      """
      {"kind": "endorsement_wave", "base_per_s": 1, "opening_per_s": 5, "cliff_per_s": 9,
       "days": 29, "seconds_per_day": 4}
      """,
      .endorsementWave(EndorsementWave(basePerS: 1, openingPerS: 5, cliffPerS: 9))
    ),
  ]

  @Test(arguments: files)
  func `is what its file says`(text: String, shape: LoadShape) throws {
    #expect(try Self.read(text).shape == shape)
  }

  /// A file's text and what it is refused with.
  static let refused: [(String, [String])] = [
    (#"{"rate_per_s": 200}"#, ["kind is missing or no text"]),
    (#"{"kind": 7}"#, ["kind is missing or no text"]),
    (#"[]"#, ["kind is missing or no text"]),
    (
      #"{"kind": "flat"}"#,
      [
        "kind is \"flat\"; "
          + "it must be one of constant, endorsement_wave, first_morning, ramp, steps"
      ]
    ),
    (
      #"{"kind": "constant", "rate": 200, "Seconds": 1, "seconds": 60}"#,
      [
        "unknown key Seconds; known are kind, rate_per_s, seconds",
        "unknown key rate; known are kind, rate_per_s, seconds",
        "rate_per_s is missing",
      ]
    ),
    (
      #"{"kind": "constant", "rate_per_s": "200", "seconds": 60}"#,
      ["rate_per_s is not of the right type"]
    ),
    (#"{"kind": "constant", "rate_per_s": null, "seconds": 60}"#, ["rate_per_s is null"]),
    (
      #"{"kind": "steps", "rates_per_s": [1, "2"], "seconds_each": 60}"#,
      ["rates_per_s is not of the right type"]
    ),
    (
      """
      {"kind": "endorsement_wave", "base_per_s": 1, "opening_per_s": 5, "cliff_per_s": 9,
       "days": 2.5, "seconds_per_day": 4}
      """,
      ["days is 2.5; it must be a whole number"]
    ),
    (
      #"{"kind": "constant", "rate_per_s": 1e9, "seconds": 60}"#,
      ["rate_per_s is 1000000000; it must be from 0 to 1000000"]
    ),
  ]

  @Test(arguments: refused)
  func `a file that means nothing is refused with every reason`(text: String, reasons: [String]) {
    let error = #expect(throws: ScheduleError.self) { try Self.read(text) }
    #expect(error?.reasons == reasons)
  }
}
