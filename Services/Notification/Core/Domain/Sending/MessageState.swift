/// Where a message stands.
enum MessageState: String, Hashable, Sendable, CaseIterable {
  /// Waiting to be sent, for the first time or again.
  case queued
  /// A provider has taken it; its receipts will say what became of it.
  case submitted
  /// The handset has it, as far as its provider says.
  case delivered
  /// Given up after the last try, or refused for good. May become `queued` by a replay.
  case dead
  /// Cancelled before it was sent.
  case cancelled
  /// Not sent, or not delivered, by the end of its time.
  case expired
  /// A provider has taken it, and what became of it nobody said in time.
  case unknown

  /// Whether nothing is left to do. A late receipt may still say better how it ended.
  var isEnd: Bool { self != .queued && self != .submitted }
}
