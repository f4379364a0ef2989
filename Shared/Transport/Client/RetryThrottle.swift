import Synchronization

/// How much a client may retry when much fails, so that it does not press down a server that is
/// about to recover (the gRPC project's proposal A6, "Throttling").
///
/// The channel has a bucket of tokens. A failed attempt takes one, a call that succeeds puts
/// `tokensPerThousand` thousandths back, and nothing is retried unless more than half are left.
public struct RetryThrottling: Hashable, Sendable {
  /// How many tokens there are at most, and at first: 1 to 1,000.
  public var tokensMax: Int
  /// How much of a token a success puts back, in thousandths.
  public var tokensPerThousand: Int

  /// A throttle; with the defaults retries stop when more than about one call in ten fails.
  public init(tokensMax: Int = 100, tokensPerThousand: Int = 100) {
    precondition((1...1_000).contains(tokensMax), "a throttle has 1 to 1,000 tokens")
    precondition(tokensPerThousand > 0, "a success puts something back")
    self.tokensMax = tokensMax
    self.tokensPerThousand = tokensPerThousand
  }
}

/// The bucket of one channel, in thousandths of a token.
final class RetryThrottle: Sendable {
  private let max: Int
  private let gain: Int
  private let tokens: Atomic<Int>

  init(_ settings: RetryThrottling) {
    self.max = settings.tokensMax * 1_000
    self.gain = settings.tokensPerThousand
    self.tokens = Atomic(settings.tokensMax * 1_000)
  }

  /// Whether another attempt may be made.
  var allowsRetry: Bool { self.tokens.load(ordering: .relaxed) > self.max / 2 }

  /// A call has succeeded. While all goes well this only reads.
  func succeeded() {
    self.change { Swift.min($0 + self.gain, self.max) }
  }

  /// An attempt has failed in a way that would be retried.
  func failed() {
    self.change { Swift.max($0 - 1_000, 0) }
  }

  private func change(_ next: (Int) -> Int) {
    var old = self.tokens.load(ordering: .relaxed)
    while true {
      let new = next(old)
      if new == old { return }
      let result = self.tokens.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
      if result.exchanged { return }
      old = result.original
    }
  }
}
