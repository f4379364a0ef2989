import DomainModel

/// When a scheduled message may be sent.
struct SendingTime: Hashable, Sendable {
  let notBefore: Timestamp
  /// Not from then on: what is stale is never sent.
  let notAfter: Timestamp

  /// How far ahead a message may be scheduled, in milliseconds: three years.
  static let aheadMaxMs: Int64 = 3 * 366 * 86_400_000
}
