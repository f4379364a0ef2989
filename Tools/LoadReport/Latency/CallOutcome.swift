/// How a call ended, as the scenario sees it.
package enum CallOutcome: Hashable, Sendable {
  /// It got the answer that was wanted; where the scenario sent bad input, the refusal.
  case answered
  /// It had no answer at its deadline. It counts as failed, *and* its latency counts: without it a
  /// system would look faster the more it hangs.
  case timedOut
  /// It got another answer, told by its status or reason, such as `RESOURCE_EXHAUSTED`. Its latency
  /// does not count: a quick refusal is no quick answer.
  case failed(code: String)

  /// The code under which it is counted among the errors; nil if it was answered.
  package var errorCode: String? {
    switch self {
    case .answered: nil
    case .timedOut: "DEADLINE_EXCEEDED"
    case .failed(let code): code
    }
  }
}
