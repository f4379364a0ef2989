import DomainModel
import Storage

/// The four rows of one submission, as `README.md` fixes them. `bare/storage.c` writes the same.
struct Submission: Sendable {
  let id: Int
  let key: [UInt8]
  let inboxKey: String
  let body: [UInt8]
  let now: Timestamp

  static let schema = [
    """
    CREATE TABLE state (
      id $INT PRIMARY KEY,
      key $BYTES NOT NULL,
      status $INT NOT NULL,
      due_at $INT NOT NULL,
      body $BYTES NOT NULL
    ) $TABLE;
    CREATE UNIQUE INDEX state_key ON state (key);
    CREATE INDEX state_status ON state (status, id);
    CREATE INDEX state_due_at ON state (due_at);
    CREATE TABLE history (
      entity $INT NOT NULL,
      sequence $INT NOT NULL,
      at $INT NOT NULL,
      actor $TEXT NOT NULL,
      action $TEXT NOT NULL,
      PRIMARY KEY (entity, sequence)
    ) $TABLE;
    CREATE TABLE outbox (
      id $IDENTITY,
      lane $INT NOT NULL,
      method $TEXT NOT NULL,
      payload $BYTES NOT NULL,
      created_at $INT NOT NULL
    ) $TABLE;
    CREATE INDEX outbox_lane_order ON outbox (lane, id);
    CREATE TABLE inbox (
      scope $TEXT NOT NULL,
      key $TEXT NOT NULL,
      fingerprint $BYTES NOT NULL,
      reply $BYTES NOT NULL,
      at $INT NOT NULL,
      PRIMARY KEY (scope, key)
    ) $TABLE;
    """
  ]

  static let method = "/anju.approval.v1.ApprovalService/OpenCase"
  static let scope = "service:intake /anju.approval.v1.ApprovalService/OpenCase"

  /// Writes the four rows.
  func write(_ transaction: Transaction) throws {
    try transaction.execute(
      """
      INSERT INTO state (id, key, status, due_at, body)
      VALUES (\(self.id), \(self.key), \(self.id & 7), \(self.now), \(self.body))
      """)
    try transaction.execute(
      """
      INSERT INTO history (entity, sequence, at, actor, action)
      VALUES (\(self.id), 1, \(self.now), 'officer:330106001', 'submit')
      """)
    try transaction.execute(
      """
      INSERT INTO outbox (lane, method, payload, created_at)
      VALUES (\(self.id), \(Self.method), \(self.body), \(self.now))
      """)
    try transaction.execute(
      """
      INSERT INTO inbox (scope, key, fingerprint, reply, at)
      VALUES (\(Self.scope), \(self.inboxKey), \(self.key), \(self.key), \(self.now))
      """)
  }
}

/// Random bytes that cost next to nothing: the bench measures the store.
struct SplitMix {
  private var state: UInt64

  init(_ seed: UInt64) {
    self.state = seed
  }

  mutating func next() -> UInt64 {
    self.state &+= 0x9E37_79B9_7F4A_7C15
    var z = self.state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func submission(_ id: Int, body: [UInt8]) -> Submission {
    var key = [UInt8]()
    key.reserveCapacity(32)
    for _ in 0..<4 {
      let word = self.next()
      for shift in stride(from: 0, to: 64, by: 8) {
        key.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    let digits = Array("0123456789abcdef".utf8)
    var text = [UInt8]()
    text.reserveCapacity(32)
    for byte in key.prefix(16) {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return Submission(
      id: id, key: key, inboxKey: String(decoding: text, as: UTF8.self), body: body,
      now: Timestamp(milliseconds: 1_700_000_000_000 + Int64(id)))
  }
}
