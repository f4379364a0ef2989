internal import Crypto
internal import DomainModel
public import RPC
internal import Storage

/// Answers a mutating call once: whoever sends it again, with the same key, gets the first answer.
///
/// The answer is kept in the transaction that makes the effect (`MutatingCall.commit`). What a
/// handler decides before that transaction can be refused only because the first try of the same
/// call has meanwhile succeeded; so a refusal is told only after one more look for a first answer.
public struct AnswerOnce: Sendable {
  private let parts: CoreParts
  private let tables: ServiceTables

  /// Over a service's parts and tables.
  public init(_ parts: CoreParts, _ tables: ServiceTables) {
    self.parts = parts
    self.tables = tables
  }

  /// A call by whom the context names, made now. A repeat is known by caller, method, key, and
  /// SHA-256 of the request encoded again. Throws `CALLER_UNKNOWN` and `IDEMPOTENCY_KEY_INVALID`.
  public func call(
    _ request: some WireMessage, key: String, _ context: CallContext
  ) throws -> MutatingCall {
    let caller = try context.requireCaller()
    let inboxCall = try InboxCall(
      caller: caller.principal, method: context.method.path, key: key,
      fingerprint: DigestAlgorithm.sha256.digest(request.wireBytes()))
    let stamp = Stamp(Actor(caller), at: self.parts.time.now(), random: self.parts.random)
    return MutatingCall(inboxCall, stamp, self.tables)
  }

  /// What `work` answers, or was answered first. `work` checks the request and commits; an answer
  /// that it returns without a commit has no effect and is not kept.
  ///
  /// Throws `IDEMPOTENCY_KEY_REUSED` for a key used with another content, and what `work` throws.
  public func answer<Answer: WireMessage>(
    _ request: some WireMessage, key: String, _ context: CallContext,
    _ work: (MutatingCall) async throws -> Answer
  ) async throws -> Answer {
    try await self.answer(self.call(request, key: key, context), work)
  }

  /// The same for a call that is made already, such as that of a stream's first message.
  public func answer<Answer: WireMessage>(
    _ call: MutatingCall, _ work: (MutatingCall) async throws -> Answer
  ) async throws -> Answer {
    do {
      return try await work(call)
    } catch let refusal as ServiceError where refusal.retry != .soon {
      guard let first: Answer = try await call.firstAnswer() else { throw refusal }
      return first
    }
  }

  /// The first answer to a call, nil if it was never answered: for handlers that save themselves
  /// work, such as receiving a file. Throws `IDEMPOTENCY_KEY_REUSED`.
  public func firstAnswer<Answer: WireMessage>(to call: MutatingCall) async throws -> Answer? {
    try await call.firstAnswer()
  }
}
