import DomainModel
import Storage

/// What is counted with each change, so that nobody counts rows.
enum QueueCounter: Hashable, Sendable {
  case state(MessageTemplate.Class, MessageState)
  case possibleDuplicates
  case knownDuplicates
  case earlyReceipts

  var name: String {
    switch self {
    case .state(let messageClass, let state): "\(messageClass.rawValue) \(state.rawValue)"
    case .possibleDuplicates: "possible_duplicates"
    case .knownDuplicates: "known_duplicates"
    case .earlyReceipts: "early_receipts"
    }
  }

  static let all: [QueueCounter] =
    MessageTemplate.Class.allCases.flatMap { messageClass in
      MessageState.allCases.map { .state(messageClass, $0) }
    } + [.possibleDuplicates, .knownDuplicates, .earlyReceipts]
}

/// By how much the counters change with a transaction: each is written once, whatever the
/// transaction does to how many messages.
struct QueueChanges: Sendable {
  private(set) var byCounter: [QueueCounter: Int] = [:]

  /// Counts up or down.
  mutating func add(_ counter: QueueCounter, _ change: Int) {
    self.byCounter[counter, default: 0] += change
  }
}

extension NotificationStore {
  /// How many rows a counter has: writers that run at the same time seldom meet in one.
  private static let shards: UInt64 = 8

  /// Counts up or down. `id` is a message of the transaction, and says which row.
  func count(
    _ transaction: Transaction, _ changes: [QueueCounter: Int], for id: ID<Message>
  ) throws {
    let shard = Int64(id.text.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) } % Self.shards)
    // In one order, so that two transactions cannot wait for each other.
    let sorted = changes.filter { $0.value != 0 }.sorted { $0.key.name < $1.key.name }
    if sorted.isEmpty { return }
    let rows = sorted.map { "(\($0.key.name), \(shard), \($0.value))" as SQL }
    try transaction.execute(
      """
      INSERT INTO queue_count (name, shard, messages) VALUES \(list: rows)
      ON CONFLICT (name, shard) DO UPDATE SET messages = queue_count.messages + excluded.messages
      """)
  }

  /// Counts what a transaction has changed. `id` is a message of it.
  func count(
    _ transaction: Transaction, _ changes: QueueChanges, for id: ID<Message>?
  ) throws {
    guard let id else { return }
    try self.count(transaction, changes.byCounter, for: id)
  }

  /// What the counters say; those that are not there are 0.
  func counts(
    _ snapshot: Snapshot, of counters: [QueueCounter]
  ) throws -> [QueueCounter: Int] {
    let byName = Dictionary(uniqueKeysWithValues: counters.map { ($0.name, $0) })
    let rows = try snapshot.rows(
      """
      SELECT name, messages FROM queue_count WHERE name IN \(values: byName.keys.sorted())
      """)
    var counts: [QueueCounter: Int] = [:]
    for row in rows {
      guard let counter = byName[try row.text("name")] else { continue }
      counts[counter, default: 0] += try row.int("messages")
    }
    return counts
  }

  /// Throws `OVERLOADED` where the queue cannot take so many more.
  func requireRoom(_ transaction: Transaction, for messages: Int) throws {
    let queued = MessageTemplate.Class.allCases.map { QueueCounter.state($0, .queued) }
    let waiting = try self.counts(transaction, of: queued).values.reduce(0, +)
    guard waiting + messages <= self.rules.queuedMax else {
      throw ServiceError(.overloaded, retryDelayMs: Self.fullRetryMs)
    }
  }

  /// How long a caller waits before it asks a full queue again, in milliseconds.
  private static let fullRetryMs: Int64 = 30_000
}
