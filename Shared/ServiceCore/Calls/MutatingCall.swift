public import DomainModel
public import RPC
public import Storage

/// One try of a mutating call: who makes it and when, and by what a repeat of it is known.
/// `AnswerOnce` makes it.
public struct MutatingCall: Sendable {
  /// Who calls, and when.
  public private(set) var stamp: Stamp
  let key: InboxCall
  private let tables: ServiceTables

  init(_ key: InboxCall, _ stamp: Stamp, _ tables: ServiceTables) {
    self.key = key
    self.stamp = stamp
    self.tables = tables
  }

  /// When it is made.
  public var now: Timestamp { self.stamp.now }

  /// The same call by somebody whom its data name, such as the officer who decided.
  public func acting(as actor: Actor) -> MutatingCall {
    var call = self
    call.stamp.actor = actor
    return call
  }

  /// The same call at a later instant: after something that took its time, such as an upload.
  public func at(_ instant: Timestamp) -> MutatingCall {
    var call = self
    call.stamp.now = instant
    return call
  }

  /// Makes the change in one transaction, keeps its answer there, and returns it; or the first
  /// answer, where the call was answered before.
  ///
  /// `body` may run more than once and has no side effects: it loads, decides, saves and says what
  /// to answer. What it throws leaves nothing behind, and the call's key free. Throws that, and
  /// `IDEMPOTENCY_KEY_REUSED` for a key that was used with another content.
  public func commit<Answer: WireMessage>(
    _ body: @escaping @Sendable (Transaction, Stamp) throws -> Answer
  ) async throws -> Answer {
    let (inbox, key, stamp) = (self.tables.inbox, self.key, self.stamp)
    let bytes = try await self.tables.store.write { transaction in
      try inbox.answerOnce(transaction, key, now: stamp.now) {
        try body(transaction, stamp).wireBytes()
      }
    }
    return try Self.read(bytes)
  }

  /// The first answer, nil where there was none. Throws `IDEMPOTENCY_KEY_REUSED`.
  func firstAnswer<Answer: WireMessage>() async throws -> Answer? {
    let (inbox, key) = (self.tables.inbox, self.key)
    let kept = try await self.tables.store.read { try inbox.firstAnswer($0, to: key) }
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
