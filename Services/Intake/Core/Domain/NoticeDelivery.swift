import DomainModel

/// How a text about an application ended: the proof of service, without number and text.
struct NoticeDelivery: Hashable, Sendable {
  /// How it ended, as far as is known.
  enum State: String, Hashable, Sendable, CaseIterable {
    case delivered
    case failed
    case expired
    /// A provider took it, and nobody said what became of it.
    case unknown
    case cancelled
    /// It had failed and is tried again.
    case queued
  }

  let messageID: String
  let templateID: String
  let templateVersion: Int
  /// Whether law demands the text.
  let isStatutory: Bool
  let state: State
  let enqueuedAt: Timestamp
  /// When a provider took it; nil where none did, or the gateway delivers by itself.
  let submittedAt: Timestamp?
  /// Nil while it is tried again.
  let endedAt: Timestamp?
  /// The last error's code; empty where there was none.
  let lastError: String
  /// Grows with each change of the message.
  let version: Int64
}
