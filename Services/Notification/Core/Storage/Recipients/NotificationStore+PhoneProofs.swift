import Crypto
import DomainModel
import ServiceCore
import Storage

/// Codes by which callers prove that a number is at hand. A code is kept as its keyed hash.
extension NotificationStore {
  /// Keeps the code that is being sent, in place of one before; a number gets only so many. Throws
  /// `CODES_EXHAUSTED`.
  func keep(
    _ transaction: Transaction, _ code: PhoneCode, for phone: PhoneNumber, _ stamp: Stamp
  ) throws {
    let recipient = try self.recipient(transaction, phone, newID: stamp.newID(), at: stamp.now)
    let uses = PhoneCode.uses(at: stamp.now)
    let used = try self.used(transaction, uses, by: recipient)
    let ends = uses.filter { used[$0.name] ?? 0 >= $0.max }.map(\.windowEnd)
    if let end = ends.max() {
      let waitMs = end.milliseconds - stamp.now.milliseconds
      throw ServiceError(.codesExhausted, retryDelayMs: waitMs)
    }
    try self.use(transaction, uses, by: recipient)
    let principal = stamp.actor.principal
    try transaction.execute(
      """
      INSERT INTO phone_code (person_id, principal, code, valid_to, tries_left)
      VALUES (\(recipient), \(principal), \(self.hash(of: code.text, recipient, principal)),
        \(code.validTo), \(PhoneCode.triesMax))
      ON CONFLICT (person_id, principal) DO UPDATE SET code = excluded.code,
        valid_to = excluded.valid_to, tries_left = excluded.tries_left
      """)
  }

  private func hash(of code: String, _ recipient: ID<Person>, _ principal: String) -> [UInt8] {
    self.index.now.blind("code \(code) \(recipient.text) \(principal)")
  }

  /// Nil where this is the code; else how many tries are left, one of which this was.
  func tryCode(
    _ transaction: Transaction, _ code: String, for phone: PhoneNumber, by principal: String,
    at now: Timestamp
  ) throws -> Int? {
    guard let recipient = try self.recipients.find(transaction, citizenID: phone.text) else {
      return 0
    }
    let row = try transaction.row(
      """
      SELECT code, valid_to, tries_left FROM phone_code
      WHERE person_id = \(recipient) AND principal = \(principal)
      """)
    guard let row, try row.timestamp("valid_to") > now, try row.int("tries_left") > 0 else {
      return 0
    }
    if try row.bytes("code") == self.hash(of: code, recipient, principal) { return nil }
    let left = try row.int("tries_left") - 1
    try transaction.execute(
      """
      UPDATE phone_code SET tries_left = \(left)
      WHERE person_id = \(recipient) AND principal = \(principal)
      """)
    return left
  }

  /// The caller has proved the number. Throws `PHONE_SHARED_TOO_OFTEN`.
  func prove(_ transaction: Transaction, _ phone: PhoneNumber, _ stamp: Stamp) throws {
    let recipient = try self.recipient(transaction, phone, newID: stamp.newID(), at: stamp.now)
    let principal = stamp.actor.principal
    let others = try transaction.rows(
      """
      SELECT principal FROM phone_proof
      WHERE person_id = \(recipient) AND principal <> \(principal) LIMIT \(PhoneCode.sharedMax)
      """)
    if others.count >= PhoneCode.sharedMax { throw ServiceError(.phoneSharedTooOften) }
    try transaction.execute(
      """
      INSERT INTO phone_proof (person_id, principal, proved_at)
      VALUES (\(recipient), \(principal), \(stamp.now))
      ON CONFLICT (person_id, principal) DO UPDATE SET proved_at = excluded.proved_at
      """)
    try transaction.execute(
      """
      DELETE FROM phone_code WHERE person_id = \(recipient) AND principal = \(principal)
      """)
    try self.tables.history.append(
      transaction,
      HistoryEntry("prove_phone", of: recipient.text, by: stamp.actor, at: stamp.now))
  }
}
