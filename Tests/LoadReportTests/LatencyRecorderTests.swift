import TestSupport
import Testing

@testable import LoadReport

/// Latencies over time, and what counts among them.
struct LatencyRecorderTests {
  @Test func `a call belongs to the second in which it was to start`() {
    var recorder = LatencyRecorder()
    recorder.record(latencyUs: 500, intendedUs: 999_999, outcome: .answered)
    recorder.record(latencyUs: 3_000_000, intendedUs: 1_000_000, outcome: .answered)
    let seconds = recorder.seconds
    #expect(seconds.map(\.begun) == [1, 1])
    #expect(seconds.map(\.maxUs) == [500, 3_000_000])
    #expect(seconds.map(\.second) == [0, 1])
  }

  @Test func `a second without a call is told as such`() {
    var recorder = LatencyRecorder()
    recorder.record(latencyUs: 500, intendedUs: 2_000_000, outcome: .answered)
    #expect(recorder.seconds.map(\.begun) == [0, 0, 1])
    #expect(recorder.seconds.map(\.p99Us) == [nil, nil, 500])
  }

  @Test func `a quick refusal is no quick answer, and a time-out is a slow one`() {
    var recorder = LatencyRecorder()
    recorder.record(latencyUs: 1_000, intendedUs: 0, outcome: .answered)
    recorder.record(latencyUs: 1, intendedUs: 0, outcome: .failed(code: "RESOURCE_EXHAUSTED"))
    recorder.record(latencyUs: 5_000_000, intendedUs: 0, outcome: .timedOut)
    #expect(recorder.begun == 3)
    #expect(recorder.failed == 2)
    #expect(recorder.errors == ["RESOURCE_EXHAUSTED": 1, "DEADLINE_EXCEEDED": 1])
    #expect(recorder.latencies.count == 2)
    #expect(recorder.latencies.minUs == 1_000)
    #expect(recorder.latencies.maxUs == 5_000_000)
    #expect(recorder.seconds.first?.failed == 2)
  }

  /// Draws `count` calls of one run.
  private static func calls(_ count: Int) -> [(Int64, Int64, CallOutcome)] {
    let random = SeededRandom(seed: 3)
    return (0..<count).map { _ in
      let drawn = random.next()
      var outcome = CallOutcome.answered
      if drawn % 19 == 0 { outcome = .timedOut }
      if drawn % 17 == 0 { outcome = .failed(code: "CODE_\(drawn % 5)") }
      return (Int64(drawn >> 8 % 100_000), Int64(drawn >> 24 % 20_000_000), outcome)
    }
  }

  @Test func `what comes after the longest run is in its last second`() {
    var recorder = LatencyRecorder()
    recorder.record(latencyUs: 1, intendedUs: .max, outcome: .answered)
    #expect(recorder.seconds.count == LatencyRecorder.slotsMax)
    #expect(recorder.seconds.last?.begun == 1)
    recorder.record(latencyUs: 1, intendedUs: -1, outcome: .answered)
    #expect(recorder.seconds.first?.begun == 1)
  }

  @Test func `no more error codes are told apart than there are places`() {
    var recorder = LatencyRecorder()
    for index in 0...LatencyRecorder.errorCodesMax {
      recorder.record(latencyUs: 1, intendedUs: 0, outcome: .failed(code: "CODE_\(index)"))
    }
    #expect(recorder.errors.count == LatencyRecorder.errorCodesMax)
    #expect(recorder.errors["CODE_0"] == 1)
    #expect(recorder.errors["OTHER"] == 2)
    #expect(recorder.failed == LatencyRecorder.errorCodesMax + 1)
  }

  @Test func `a plot's latencies are within three in a hundred`() throws {
    let random = SeededRandom(seed: 2)
    for _ in 0..<1_000 {
      let value = 1 + Int64(random.next() % 10_000_000)
      var recorder = LatencyRecorder()
      recorder.record(latencyUs: value, intendedUs: 0, outcome: .answered)
      recorder.record(latencyUs: value * 2, intendedUs: 0, outcome: .answered)
      let told = try #require(recorder.seconds.first?.p50Us)
      #expect(told >= value && (told - value) * 32 <= value)
    }
  }
}
