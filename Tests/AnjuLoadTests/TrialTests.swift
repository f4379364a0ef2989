import LoadReport
import Testing

@testable import anju_load

/// Which trials a search may be told to make.
struct TrialTests {
  @Test func `trials as long as a run may be are made`() throws {
    try Knee.checkTrials(from: 10, to: 1_000, seconds: 20)
    try Knee.checkTrials(from: 1, to: 20_000, seconds: 3_600)
  }

  /// The lowest rate, the highest and how long each trial lasts.
  static let refused: [(low: Double, high: Double, seconds: Double)] = [
    (10, 20, 0), (10, 20, 4_000), (10, 20, -1), (10, 20, .nan), (0.01, 20, 20),
    (10, 100_000, 3_600),
  ]

  @Test(arguments: refused)
  func `a search is refused where one of its trials could not be`(
    trial: (low: Double, high: Double, seconds: Double)
  ) {
    #expect(throws: ScheduleError.self) {
      try Knee.checkTrials(from: trial.low, to: trial.high, seconds: trial.seconds)
    }
  }
}
