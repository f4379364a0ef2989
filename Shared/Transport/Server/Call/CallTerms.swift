import DomainModel
import NIOCore
import RPC

/// What a request's header fields settle for its call.
struct CallTerms {
  let startedAt: NIODeadline
  /// When the caller stops waiting.
  let deadline: NIODeadline?
  /// The same, as the handler is told it.
  let toldDeadline: Timestamp?
  /// What else the caller has said.
  let metadata: Metadata
  /// Whether messages of the request may be compressed.
  let isGzip: Bool
  let answerEncoding: AnswerEncoding

  /// How long the caller still waits, 0 or less if it no longer does; nil if it never said.
  var timeLeft: TimeAmount? { self.deadline.map { $0 - NIODeadline.now() } }
}
