public import DomainModel

/// A call that may come twice: whose, which, and what it said.
public struct InboxCall: Hashable, Sendable {
  /// How many characters a key has.
  public static let keyCharacters = 16...64

  /// Caller and method: keys of different callers or methods never meet.
  public var scope: String
  /// The caller's idempotency key.
  public var key: String
  /// A hash of the request, its decoded fields encoded again.
  public var fingerprint: [UInt8]

  /// A call. Throws `IDEMPOTENCY_KEY_INVALID` unless the key has 16 to 64 characters.
  public init(caller: String, method: String, key: String, fingerprint: [UInt8]) throws {
    // Bytes first: counting the characters of a key of megabytes would be work for nothing.
    let bytesMax = Self.keyCharacters.upperBound * 4
    guard key.utf8.count <= bytesMax, Self.keyCharacters.contains(key.unicodeScalars.count) else {
      throw ServiceError(.idempotencyKeyInvalid)
    }
    self.scope = "\(caller) \(method)"
    self.key = key
    self.fingerprint = fingerprint
  }
}

/// Remembers the answers of mutating calls, so that a repeated call is answered and not done again.
///
/// The answer is kept in the transaction that made the effect. A call that is refused (the closure
/// throws) leaves its key free.
public struct Inbox: Sendable {
  /// How long an answer is kept at least, in milliseconds: 30 days.
  public static let keptMs: Int64 = 30 * 86_400_000
  /// How many answers one purge removes at most, so that it holds the writer only shortly.
  public static let purgeRowsMax = 500

  private let answer: SealedColumn

  /// The inbox of one service.
  public init(sealer: any Sealer) {
    self.answer = SealedColumn(sealer, table: "inbox", column: "answer")
  }

  /// The first answer if the call was answered before, else the closure's, which is then kept.
  ///
  /// Throws `IDEMPOTENCY_KEY_REUSED` if the key was used with another content, and whatever the
  /// closure throws.
  public func answerOnce(
    _ transaction: Transaction, _ call: InboxCall, now: Timestamp,
    _ body: () throws -> [UInt8]
  ) throws -> [UInt8] {
    if let first = try self.firstAnswer(transaction, to: call) { return first }
    let reply = try body()
    let sealed = try self.answer.seal(Self.kept(reply, for: call), row: Self.row(call))
    // Where another transaction answers the same call at the same time, the row is in the way: the
    // store runs the closure again, and it finds the first answer.
    try transaction.execute(
      """
      INSERT INTO inbox (scope, key, answer, at)
      VALUES (\(call.scope), \(call.key), \(sealed), \(now))
      """)
    return reply
  }

  /// The first answer to the call, nil if it was never answered. Throws `IDEMPOTENCY_KEY_REUSED`.
  public func firstAnswer(_ snapshot: Snapshot, to call: InboxCall) throws -> [UInt8]? {
    let row = try snapshot.row(
      """
      SELECT answer FROM inbox WHERE scope = \(call.scope) AND key = \(call.key)
      """)
    guard let row else { return nil }
    let kept = try self.answer.open(row.bytes("answer"), row: Self.row(call))
    let beginning = Self.kept([], for: call)
    guard kept.starts(with: beginning) else { throw ServiceError(.idempotencyKeyReused) }
    return Array(kept.dropFirst(beginning.count))
  }

  /// What is sealed: the fingerprint behind its length, then the reply. The fingerprint is sealed
  /// as well because it is a hash of personal data without a key: in clear it would confirm a guess
  /// of the phone or the citizen number that the request held.
  private static func kept(_ reply: [UInt8], for call: InboxCall) -> [UInt8] {
    precondition(call.fingerprint.count <= 255, "a fingerprint has at most 255 bytes")
    return [UInt8(call.fingerprint.count)] + call.fingerprint + reply
  }

  /// Forgets answers older than 30 days, at most `purgeRowsMax`; returns how many. Call it again
  /// while it returns that many.
  @discardableResult
  public func purge(_ transaction: Transaction, now: Timestamp) throws -> Int {
    try transaction.changedRows(
      """
      DELETE FROM inbox WHERE (scope, key) IN (
        SELECT scope, key FROM inbox WHERE at < \(now.adding(milliseconds: -Self.keptMs))
        ORDER BY at LIMIT \(Self.purgeRowsMax))
      """)
  }

  /// The primary key as one text: with the length before the first part, no two keys give the same.
  private static func row(_ call: InboxCall) -> String {
    Self.row(scope: call.scope, key: call.key)
  }

  private static func row(scope: String, key: String) -> String {
    "\(scope.utf8.count) \(scope) \(key)"
  }

  /// Where its sealed values stand.
  public static let sealed = [
    SealedTable("inbox", "answer", key: ["scope", "key"]) { row in
      Self.row(scope: try row.text("scope"), key: try row.text("key"))
    }
  ]

  /// The table, for a service's first migration.
  public static let schema = [
    """
    CREATE TABLE inbox (
      scope $TEXT NOT NULL,
      key $TEXT NOT NULL,
      answer $BYTES NOT NULL,
      at $INT NOT NULL,
      PRIMARY KEY (scope, key)
    ) $TABLE;
    CREATE INDEX inbox_at ON inbox (at);
    """
  ]
}
