import DomainModel

/// When a message may be sent.
struct SendingTime: Hashable, Sendable {
  /// Nil where it may be sent at once.
  let notBefore: Timestamp?
  /// Not from then on: what is stale is never sent. Nil where it never goes stale.
  let notAfter: Timestamp?

  /// At any time.
  static let any = SendingTime(notBefore: nil, notAfter: nil)
  /// How far ahead a message may be scheduled, in milliseconds: three years.
  static let aheadMaxMs: Int64 = 3 * 366 * 86_400_000
}
