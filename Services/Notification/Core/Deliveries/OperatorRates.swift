import DomainModel

/// How many messages may leave to each operator now.
struct OperatorRates: Sendable {
  private var buckets: [MobileOperator: TokenBucket]

  /// Full buckets; an operator without a rate has no bound.
  init(_ perSecond: [MobileOperator: Int], at now: Timestamp) {
    self.buckets = perSecond.filter { $0.value > 0 }
      .mapValues { TokenBucket(perSecond: $0, at: now) }
  }

  /// How many may leave to each, at most `max`.
  mutating func free(_ max: Int, at now: Timestamp) -> [MobileOperator: Int] {
    var free: [MobileOperator: Int] = [:]
    for mobileOperator in MobileOperator.allCases {
      free[mobileOperator] = min(max, self.buckets[mobileOperator]?.available(at: now) ?? max)
    }
    return free
  }

  /// One has left.
  mutating func take(_ mobileOperator: MobileOperator) {
    self.buckets[mobileOperator]?.take(1)
  }

  /// When the next may leave to each.
  func next(_ now: Timestamp) -> [MobileOperator: Timestamp] {
    let all = MobileOperator.allCases.map { ($0, self.buckets[$0]?.nextAt(now) ?? now) }
    return Dictionary(uniqueKeysWithValues: all)
  }
}
