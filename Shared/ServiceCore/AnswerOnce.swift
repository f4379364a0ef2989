internal import Crypto
internal import DomainModel
public import RPC
public import Storage

/// Answers a mutating call once: whoever sends it again, with the same key, gets the first answer.
///
/// The service's store keeps the answer in the transaction that made the effect
/// (`Inbox.answerOnce`). What a handler decides before that transaction can be refused only because
/// the first try of the same call has meanwhile succeeded; so a refusal is told only after one more
/// look for a first answer.
public struct AnswerOnce: Sendable {
  private let store: any Store
  private let inbox: Inbox

  /// Over the store and its inbox.
  public init(_ store: any Store, inbox: Inbox) {
    self.store = store
    self.inbox = inbox
  }

  /// The call as the inbox knows it: caller, method, key, and SHA-256 of the request encoded again.
  /// Throws `CALLER_UNKNOWN` and `IDEMPOTENCY_KEY_INVALID`.
  public static func call(
    _ request: some WireMessage, key: String, _ context: CallContext
  ) throws -> InboxCall {
    try InboxCall(
      caller: context.requireCaller().principal, method: context.method.path, key: key,
      fingerprint: DigestAlgorithm.sha256.digest(request.wireBytes()))
  }

  /// What `work` answers, or was answered first. `work` checks the request and returns the encoded
  /// answer that the store has kept for the call.
  ///
  /// Throws `IDEMPOTENCY_KEY_REUSED` for a key used with another content, and what `work` throws.
  public func answer<Answer: WireMessage>(
    _ request: some WireMessage, key: String, _ context: CallContext,
    _ work: (InboxCall) async throws -> [UInt8]
  ) async throws -> Answer {
    try await self.answer(Self.call(request, key: key, context), work)
  }

  /// The same for a call that is made already, such as that of a stream's first message.
  public func answer<Answer: WireMessage>(
    _ call: InboxCall, _ work: (InboxCall) async throws -> [UInt8]
  ) async throws -> Answer {
    do {
      return try Self.read(try await work(call))
    } catch let refusal as ServiceError where refusal.retry != .soon {
      guard let first: Answer = try await self.firstAnswer(to: call) else { throw refusal }
      return first
    }
  }

  /// The first answer to a call, nil if it was never answered: for handlers that save themselves
  /// work, such as receiving a file. Throws `IDEMPOTENCY_KEY_REUSED`.
  public func firstAnswer<Answer: WireMessage>(to call: InboxCall) async throws -> Answer? {
    let inbox = self.inbox
    let kept = try await self.store.read { try inbox.firstAnswer($0, to: call) }
    return try kept.map(Self.read)
  }

  private static func read<Answer: WireMessage>(_ bytes: [UInt8]) throws -> Answer {
    do {
      return try Answer(wireBytes: bytes)
    } catch {
      throw UnusableData("a kept answer is no \(Answer.self): \(error)")
    }
  }
}
