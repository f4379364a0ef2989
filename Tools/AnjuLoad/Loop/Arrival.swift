/// One thing that was to begin at an instant.
struct Arrival: Sendable {
  /// Its number, from 0.
  let index: Int
  /// When it was to begin, in µs since the run began.
  let intendedUs: Int64
}

/// What a loop may do at most.
struct LoopLimits: Sendable {
  /// How many arrivals may be under way at once; one more is not begun, and the run says so.
  var inFlightMax = 5_000
  /// How late the generator may be before it gives up, in µs.
  var behindUsMax: Int64 = 5_000_000
}

/// What a loop has done.
struct LoopOutcome: Sendable {
  /// How many arrivals were begun.
  var begun = 0
  /// How many were not, because too many were under way.
  var shed = 0
  /// It gave up, being hopelessly late.
  var gaveUp = false
  /// When the last arrival had ended, in µs since the run began.
  var tookUs: Int64 = 0
}
