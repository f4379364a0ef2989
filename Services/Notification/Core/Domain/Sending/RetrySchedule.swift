public import DomainModel

/// When a message that was not taken is tried again, and when it is given up.
public struct RetrySchedule: Hashable, Sendable {
  /// How long a message waits after a try that failed.
  public var backoff = Backoff(firstMs: 1_000, maxMs: 600_000)
  /// After how many failed tries a message becomes a dead letter.
  public var triesMax = 12
  /// What a receipt's code begins with where the network may take the text at another time, such as
  /// `UNDELIV:MBBUSY`. Any other failure in a receipt is for good.
  public var passingCodes: [String] = []
  /// How long receipts are waited for after a provider has taken a message, in milliseconds: three
  /// days, as long as networks keep a text for a handset that is off, and some hours.
  public var receiptWaitMs: Int64 = 76 * 3_600_000

  /// The defaults: twelve tries in some 25 minutes.
  public init() {}

  /// Whether a text that the network gave up with this code may be sent again.
  func mayPass(_ code: String) -> Bool {
    self.passingCodes.contains { code.hasPrefix($0) }
  }
}
