import DomainModel
import Logging

extension OutboxDispatcher {
  /// What one claim found, and how long to wait if that was nothing.
  struct Claim: Sendable {
    var lanes: [ClaimedLane]
    /// Milliseconds until the next lane becomes ready; nil if none will by itself.
    var nextReadyMs: Int64?
  }

  /// Sends for as long as the task lives; throws `CancellationError` when it is cancelled.
  ///
  /// A store that is out of order is waited for. What a cancelled run had under way is sent again
  /// by whoever claims the lane next.
  public func run() async throws {
    let slots = LaneSlots(self.limits.lanesMax)
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { try await self.reportDepth() }
      await self.takeOverIfExclusive()
      while true {
        try Task.checkCancellation()
        let free = try await slots.waitForFree()
        let mark = self.store.signals.mark(Outbox.topic)
        let wanted = min(free, self.limits.claimMax)
        let claim = await self.claim(wanted)
        for lane in claim.lanes {
          slots.take()
          group.addTask {
            _ = await self.drain(lane)
            slots.give()
          }
        }
        if claim.lanes.count < wanted { try await self.wait(after: mark, claim) }
      }
    }
  }

  /// Claims what is ready, sends it lane by lane in a fixed order and returns how many messages
  /// were delivered. For tests and for simulation, where `run` would not be deterministic.
  public func deliverOnce() async throws -> Int {
    let claim = try await self.claimNow(self.limits.claimMax)
    var delivered = 0
    for lane in claim.lanes { delivered += await self.drain(lane) }
    return delivered
  }

  private func wait(after mark: SignalHub.Mark, _ claim: Claim) async throws {
    let waitMs = min(self.limits.pollMs, max(claim.nextReadyMs ?? self.limits.pollMs, 1))
    try await self.store.signals.wait(
      Outbox.topic, after: mark,
      until: self.environment.time.now().adding(milliseconds: waitMs), by: self.environment.time)
  }

  /// A store that no other process has open knows no living owner but us: what a process killed
  /// before had claimed need not wait for its leases to end.
  private func takeOverIfExclusive() async {
    guard self.store.isExclusive else { return }
    let outbox = self.outbox
    let owner = self.environment.owner
    do {
      try await self.store.write { try outbox.takeOver($0, owner: owner) }
    } catch {
      self.environment.logger.warning("outbox: leases were not taken over: \(error)")
    }
  }

  private func claim(_ limit: Int) async -> Claim {
    do {
      return try await self.claimNow(limit)
    } catch {
      self.environment.logger.warning("outbox: nothing was claimed: \(error)")
      return Claim(lanes: [], nextReadyMs: nil)
    }
  }

  private func claimNow(_ limit: Int) async throws -> Claim {
    let outbox = self.outbox
    let owner = self.environment.owner
    let leaseMs = self.limits.leaseMs
    return try await self.store.write { transaction in
      let lanes = try outbox.claim(transaction, owner: owner, limit: limit, leaseMs: leaseMs)
      if lanes.count == limit { return Claim(lanes: lanes, nextReadyMs: nil) }
      let now = try transaction.databaseNow()
      let next = try outbox.nextReady(transaction)
      return Claim(lanes: lanes, nextReadyMs: next.map { $0.milliseconds - now.milliseconds })
    }
  }
}
