import Crypto
import DomainModel
import ServiceCore
import Storage

/// Who gets a message.
struct Recipient: Hashable, Sendable {
  let id: ID<Person>
  /// Whether nobody knew him or her before this transaction: then there is nothing to look up.
  let isNew: Bool
}

extension NotificationStore {
  /// Who has the number of a message; nil where the number cannot be read.
  func recipient(
    _ transaction: Transaction, of message: QueuedMessage, _ sealedPhone: [UInt8],
    at now: Timestamp
  ) throws -> Recipient? {
    if let known = message.recipient { return Recipient(id: known, isNew: false) }
    guard let phone = try? self.openPhone(sealedPhone, of: message.id) else { return nil }
    // A message is claimed for the first time once, so its id serves for a recipient who is new.
    let newID: ID<Person> = ID(message.id.text)
    let id = try self.recipient(transaction, phone, newID: newID, at: now)
    return Recipient(id: id, isNew: id == newID)
  }

  /// Who has a number; one who is not known yet becomes known.
  func recipient(
    _ transaction: Transaction, _ phone: PhoneNumber, newID: ID<Person>, at now: Timestamp
  ) throws -> ID<Person> {
    try self.recipients.findOrCreate(transaction, citizenID: phone.text, newID: newID, now: now)
  }

  /// Whether a message may go to its recipient now; if so, that it went is counted. A message that
  /// is tried again was counted.
  func permission(
    _ transaction: Transaction, _ message: QueuedMessage, _ sealedText: [UInt8],
    _ recipient: Recipient, _ rules: MessageClasses.Rules, at now: Timestamp
  ) throws -> Permission {
    let preferences =
      recipient.isNew ? .none : try self.preferences(transaction, of: recipient.id)
    var uses: [Use] = []
    if message.delivery.attempts == 0, let text = self.readable(sealedText, of: message.id) {
      let name = Hex.encode(self.index.now.blind("text \(text)")).prefix(Self.textNameDigits)
      uses = self.rules.limits.uses(rules, text: String(name), at: now)
    }
    let used = recipient.isNew ? [:] : try self.used(transaction, uses, by: recipient.id)
    let permission = Permission(
      rules, isStatutory: message.isStatutory, preferences, uses,
      used: { used[$0.name] ?? 0 }, at: now)
    if permission == .now { try self.use(transaction, uses, by: recipient.id) }
    return permission
  }

  /// A text; nil where it cannot be read, which its try will tell.
  private func readable(_ sealed: [UInt8], of id: ID<Message>) -> String? {
    do {
      let text: String = try self.text.openText(sealed, row: id.text)
      return text
    } catch { return nil }
  }

  /// How many digits of its keyed hash name a text: enough to tell a number's texts of a day apart.
  private static let textNameDigits = 16

  /// How much of each use its window has by now.
  func used(
    _ snapshot: Snapshot, _ uses: [Use], by recipient: ID<Person>
  ) throws -> [String: Int] {
    if uses.isEmpty { return [:] }
    let rows = try snapshot.rows(
      """
      SELECT name, window_start, used FROM recipient_use
      WHERE person_id = \(recipient) AND name IN \(values: uses.map(\.name))
      """)
    let starts = Dictionary(uniqueKeysWithValues: uses.map { ($0.name, $0.windowStart) })
    var used: [String: Int] = [:]
    for row in rows {
      let name = try row.text("name")
      if try row.timestamp("window_start") == starts[name] { used[name] = try row.int("used") }
    }
    return used
  }

  func use(_ transaction: Transaction, _ uses: [Use], by recipient: ID<Person>) throws {
    if uses.isEmpty { return }
    let rows = uses.map { "(\(recipient), \($0.name), \($0.windowStart), 1)" as SQL }
    try transaction.execute(
      """
      INSERT INTO recipient_use (person_id, name, window_start, used) VALUES \(list: rows)
      ON CONFLICT (person_id, name) DO UPDATE SET
        used = CASE WHEN recipient_use.window_start = excluded.window_start
          THEN recipient_use.used + 1 ELSE 1 END,
        window_start = excluded.window_start
      """)
  }
}
