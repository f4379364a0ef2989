import DomainModel
import NIOCore
import RPC

extension GRPCClientChannel {
  /// Makes a unary call until it succeeds or its policy, the throttle or its deadline says that it
  /// has failed; then throws the last attempt's status. `make` makes one attempt's call.
  func retrying(
    _ policy: RetryPolicy, _ options: CallOptions, _ make: (CallOptions) -> ClientCall
  ) async throws -> [UInt8] {
    let deadline = options.timeoutMs.map { NIODeadline.now() + .milliseconds(max($0, 0)) }
    var state = RetryState(policy)
    while true {
      var again = options
      if state.attempts > 0 { again.timeoutMs = deadline.map(Self.leftMs) }
      try again.check()
      let call = make(again)
      call.attemptsBefore = state.attempts
      call.keepsTrailers = true
      do {
        let answer = try await self.attempt(call)
        self.throttle.succeeded()
        return answer
      } catch let error as ServiceError {
        let failed = FailedAttempt(
          error: error, hasAnswerBegun: call.hasAnswerBegun, pushback: call.pushback)
        guard
          let waitMs = state.failed(
            failed, leftMs: deadline.map(Self.leftMs), self.throttle, self.configuration.random)
        else {
          await self.tellKeptTrailers(of: call)
          throw error
        }
        do {
          try await Task.sleep(for: .milliseconds(waitMs))
        } catch {
          throw ServiceError.cancelled
        }
      }
    }
  }

  /// Hooks run on the connection's loop, before the call ends.
  private func tellKeptTrailers(of call: ClientCall) async {
    guard call.options.onTrailers != nil else { return }
    await withUnsafeContinuation { continuation in
      call.onLoop {
        call.tellKeptTrailers()
        continuation.resume()
      }
    }
  }

  private static func leftMs(until deadline: NIODeadline) -> Int64 {
    max((deadline - .now()).nanoseconds / 1_000_000, 0)
  }
}
