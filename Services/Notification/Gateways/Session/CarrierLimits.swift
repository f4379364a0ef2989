public import DomainModel

/// Bounds and times of one connection to a provider.
public struct CarrierLimits: Hashable, Sendable {
  /// How many short messages may be without an answer.
  public var windowMax: Int
  /// How long the other side may take to answer anything, in milliseconds: CMPP's T.
  public var answerMs: Int64
  /// How often the same short message is sent at most on one connection while nothing comes back:
  /// CMPP's N. Above 1 a slow provider may have it more than once.
  public var sendsMax: Int
  /// After how long without a byte the other side is asked whether it is there, in milliseconds:
  /// CMPP's C.
  public var idleMs: Int64
  /// How often it is asked before the connection is given up.
  public var probesMax: Int
  /// How many short messages may wait for their turn.
  public var waitingMax = 4_096
  /// How long one may wait for its turn, in milliseconds, also while the provider throttles.
  public var holdMs: Int64 = 10_000
  /// How many receipts may wait to be kept before no more are read.
  public var unkeptMax = 1_024
  /// How many sends without an answer are remembered, for answers that come late.
  public var lateMax = 1_024
  /// How long all wait after a provider has said that it is too much.
  public var throttled = Backoff(firstMs: 100, maxMs: 5_000)

  /// SMPP: a window of 32, and answers within ten seconds, as a rule; every send once.
  public static let smpp = CarrierLimits(
    windowMax: 32, answerMs: 10_000, sendsMax: 1, idleMs: 30_000, probesMax: 1)
  /// CMPP 2.0, section 6: W = 16, T = 60 s, N = 3, C = 3 min.
  public static let cmpp = CarrierLimits(
    windowMax: 16, answerMs: 60_000, sendsMax: 3, idleMs: 180_000, probesMax: 3)

  /// The longest a short message may take from its handing over to its end, in milliseconds.
  public var sendMsMax: Int64 { self.holdMs + self.answerMs * Int64(self.sendsMax) }
}
