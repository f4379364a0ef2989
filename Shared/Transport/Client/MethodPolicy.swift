public import DomainModel
public import RPC

/// How calls of one method are made where the caller says nothing else.
public struct MethodPolicy: Hashable, Sendable {
  /// The longest that a call may take, in milliseconds; a shorter timeout of the call's own counts
  /// before it. Nil for no bound.
  public var timeoutMs: Int64?
  /// How a failed call is made again; nil for never. Only for methods that may run twice without
  /// harm: those that read, and those whose request carries an idempotency key.
  public var retry: RetryPolicy?

  /// A policy; the default bounds nothing and retries nothing.
  public init(timeoutMs: Int64? = nil, retry: RetryPolicy? = nil) {
    self.timeoutMs = timeoutMs
    self.retry = retry
  }
}

/// How a unary call that has failed is made again (the gRPC project's proposal A6). Nothing is made
/// again once the answer has begun, after the deadline, or while the channel's `RetryThrottling`
/// forbids it.
public struct RetryPolicy: Hashable, Sendable {
  /// How many attempts there are at most, the first one counted: 2 to 5.
  public var attemptsMax: Int
  /// The wait before the second attempt, in milliseconds.
  public var firstMs: Int64
  /// The longest wait that is not asked for by the server, in milliseconds.
  public var maxMs: Int64
  /// By how much each wait is longer than the one before, in per cent: 200 doubles it.
  public var growthPercent: Int64
  /// The statuses after which the call is made again.
  public var codes: Set<ServiceError.Code>

  /// By how much a wait may be off in either direction, in per cent.
  static let jitterPercent: Int64 = 20
  /// The most attempts that any policy may ask for.
  static let attemptsRange = 2...5

  /// A policy; the default makes a call up to three times that did not reach a server or was told
  /// that it is on its way out.
  public init(
    attemptsMax: Int = 3, firstMs: Int64 = 100, maxMs: Int64 = 1_000, growthPercent: Int64 = 200,
    codes: Set<ServiceError.Code> = [.unavailable]
  ) {
    precondition(Self.attemptsRange.contains(attemptsMax), "a call is attempted 2 to 5 times")
    precondition(firstMs > 0 && maxMs > 0 && growthPercent > 0, "a wait is longer than nothing")
    precondition(!codes.isEmpty, "a retry policy names the statuses it is for")
    self.attemptsMax = attemptsMax
    self.firstMs = firstMs
    self.maxMs = maxMs
    self.growthPercent = growthPercent
    self.codes = codes
  }
}

/// The policies of a channel's methods.
public struct CallPolicies: Hashable, Sendable {
  /// For methods that have none of their own.
  public var others = MethodPolicy()
  private var byPath: [String: MethodPolicy] = [:]

  /// No bound and no retry for any method.
  public init() {}

  /// Sets the policy of some methods.
  public mutating func set(_ policy: MethodPolicy, for methods: [Method]) {
    for method in methods { self.byPath[method.path] = policy }
  }

  /// The policy of a method.
  public subscript(_ method: Method) -> MethodPolicy { self.byPath[method.path] ?? self.others }
}
