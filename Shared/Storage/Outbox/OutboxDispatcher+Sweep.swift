import DomainModel
import Logging

/// What a dispatcher looks after beside sending.
extension OutboxDispatcher {
  /// How many parked messages are named at the start; the others are counted.
  static let parkedToldMax = 100
  /// How long the outbox is not looked at as a whole at most, in milliseconds.
  static let restMaxMs: Int64 = 600_000

  /// Names what is parked already: a restart must not make it forgotten.
  func tellParked() async {
    let outbox = self.outbox
    do {
      let (parked, depth) = try await self.store.read { snapshot in
        (try outbox.parked(snapshot, limit: Self.parkedToldMax), try outbox.depth(snapshot))
      }
      for message in parked {
        self.environment.logger.error(
          "outbox: a message is parked since before this start",
          metadata: [
            "outbox.id": "\(message.id)", "outbox.lane": "\(message.lane)",
            "rpc.method": "\(message.method)", "reason": "\(message.reason)",
          ])
      }
      if depth.parked > parked.count {
        self.environment.logger.error(
          "outbox: more messages are parked", metadata: ["parked": "\(depth.parked)"])
      }
    } catch {
      self.environment.logger.warning("outbox: what is parked is unknown: \(error)")
    }
  }

  /// Sweeps at once and then from time to time; throws `CancellationError`.
  func keepSwept() async throws {
    let outbox = self.outbox
    while true {
      let began = self.environment.time.now()
      do {
        // Looked for by a reader: the writer has better to do than to walk a long outbox.
        let isNeeded = try await self.store.read { try outbox.needsSweep($0) }
        let mended = isNeeded ? try await self.store.write { try outbox.sweep($0) } : 0
        if mended > 0 {
          self.environment.logger.error(
            "outbox: lanes were lost or stood still, and go on",
            metadata: ["lanes": "\(mended)"])
        }
      } catch let error where !(error is CancellationError) {
        self.environment.logger.warning("outbox: lanes were not swept: \(error)")
      }
      try await self.rest(atLeastMs: self.limits.sweepMs, after: began)
    }
  }

  /// Waits after a look at the whole outbox, so long that looking takes a thousandth of the time: a
  /// million messages take seconds, and the store has better to do.
  func rest(atLeastMs: Int64, after began: Timestamp) async throws {
    let time = self.environment.time
    let tookMs = max(0, time.now().milliseconds - began.milliseconds)
    try await time.sleep(milliseconds: min(max(atLeastMs, 1_000 * tookMs), Self.restMaxMs))
  }
}

extension Outbox {
  /// How many lanes one sweep makes anew at most.
  static let sweptMax = 1_000

  /// Whether a sweep would find something.
  func needsSweep(_ snapshot: Snapshot) throws -> Bool {
    try snapshot.exists("SELECT 1 FROM outbox WHERE \(sql: Self.isLaneless)")
      || snapshot.exists("SELECT 1 FROM outbox_lane WHERE \(sql: Self.standsStill)")
  }

  private static let isLaneless: SQL =
    "NOT EXISTS (SELECT 1 FROM outbox_lane WHERE outbox_lane.key = outbox.lane)"
  private static let standsStill: SQL = """
    ready_at = \(Self.never) AND NOT EXISTS (
      SELECT 1 FROM outbox WHERE outbox.lane = outbox_lane.key AND parked_at IS NOT NULL)
    """

  /// Makes the lanes of messages that have none, and wakes lanes that stand still though nothing in
  /// them is parked (somebody dropped the message by hand). Neither happens by our own statements;
  /// if it did, a message would be lost in silence. Returns how many lanes were mended.
  func sweep(_ transaction: Transaction) throws -> Int {
    let made = try transaction.changedRows(
      """
      INSERT INTO outbox_lane (key, destination, owner, lease_until, fence, ready_at)
      SELECT lane, MIN(destination), '', 0, 0, 0 FROM outbox
      WHERE \(sql: Self.isLaneless)
      GROUP BY lane ORDER BY lane LIMIT \(Self.sweptMax)
      ON CONFLICT (key) DO NOTHING
      """)
    let woken = try transaction.changedRows(
      "UPDATE outbox_lane SET ready_at = 0 WHERE \(sql: Self.standsStill)")
    if made + woken > 0 { transaction.signal(Self.topic) }
    return made + woken
  }
}
