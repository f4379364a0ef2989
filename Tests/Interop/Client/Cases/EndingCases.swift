import DomainModel
import RPC
import Wire

/// Calls that the client ends, by leaving or by its deadline.
enum EndingCases {
  /// The call has been opened and is left before its first message.
  static func cancelAfterBegin(_ peer: Peer) async throws {
    try await Self.cancelled {
      _ = try await peer.service.streamingInputCall { _ in Self.cancelThisCall() }
    }
  }

  /// The call is left between two answers.
  static func cancelAfterFirstResponse(_ peer: Peer) async throws {
    try await Self.cancelled {
      try await peer.service.fullDuplexCall { requests, answers in
        try await requests.write(.init(answer: Sizes.answers[0], payload: Sizes.requests[0]))
        var iterator = answers.makeAsyncIterator()
        try expectZeroes(try await iterator.next()?.payload, Sizes.answers[0], "the answer")
        Self.cancelThisCall()
        _ = try await iterator.next()
      }
    }
  }

  /// The server waits for a message that never comes, longer than the caller.
  static func timeoutOnSleepingServer(_ peer: Peer) async throws {
    try await expectStatus(.deadlineExceeded, "FullDuplexCall") {
      try await peer.service.fullDuplexCall(options: CallOptions(timeoutMs: 1)) {
        requests, answers in
        try await requests.write(.init(payload: .zeroes(Sizes.requests[0])))
        for try await _ in answers {}
      }
    }
  }

  /// Runs a call in a task of its own, whose cancellation is the call's.
  private static func cancelled(_ call: @escaping @Sendable () async throws -> Void) async throws {
    try await expectStatus(.cancelled, "the call") {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask(operation: call)
        try await group.next()
      }
    }
  }

  private static func cancelThisCall() {
    withUnsafeCurrentTask { $0?.cancel() }
  }
}
