import DomainModel
import Logging

extension OutboxDispatcher {
  /// Sends for as long as the task lives; throws `CancellationError` when it is cancelled.
  ///
  /// A store that is out of order is waited for. What a cancelled run had under way is sent again
  /// by whoever claims the lane next.
  public func run() async throws {
    let signals = self.store.signals
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { try await self.reportDepth() }
      group.addTask { try await self.keepSwept() }
      await self.takeOverIfExclusive()
      await self.tellParked()
      let handed = self.takeHanded()
      group.addTask { await self.send(handed) }
      while true {
        try Task.checkCancellation()
        // Taken before the slots are looked at, so that one given meanwhile is not slept through.
        let mark = signals.mark(Outbox.topic)
        let claim = await self.claim(self.slots.rooms(self.environment.time.now()))
        for lane in claim.lanes {
          let slot = self.slots.take(lane.destination)
          group.addTask { await self.drain(lane, in: slot) }
        }
        if claim.isCutShort || self.slots.want(claim.full, self.environment.time.now()) { continue }
        try await self.wait(after: mark, claim)
      }
    }
  }

  /// What is being owed from now on, as soon as it is committed; no more waits in it than there are
  /// slots.
  private func takeHanded() -> AsyncStream<(lane: ClaimedLane, slot: Slot)> {
    let signals = self.store.signals
    let (handed, inlet) = AsyncStream.makeStream(of: (lane: ClaimedLane, slot: Slot).self)
    self.outbox.handover.open(
      Handover.Taker(
        owner: self.environment.owner, leaseMs: self.limits.leaseMs, time: self.environment.time,
        slots: self.slots, take: { inlet.yield(($0, $1)) },
        wake: { signals.signal([Outbox.topic]) }))
    return handed
  }

  /// Sends what is handed over until the task is cancelled.
  private func send(_ handed: AsyncStream<(lane: ClaimedLane, slot: Slot)>) async {
    defer { self.outbox.handover.close() }
    await withDiscardingTaskGroup { group in
      for await (lane, slot) in handed {
        group.addTask { await self.drain(lane, in: slot) }
      }
    }
  }

  private func drain(_ lane: ClaimedLane, in slot: Slot) async {
    _ = await self.drain(lane)
    withExtendedLifetime(slot) {}
  }

  /// Claims what is ready, sends it lane by lane in a fixed order and returns how many messages
  /// were delivered. For tests and for simulation, where `run` would not be deterministic.
  public func deliverOnce() async throws -> Int {
    let claim = try await self.claimNow([:])
    var delivered = 0
    for lane in claim.lanes { delivered += await self.drain(lane) }
    return delivered
  }

  private func wait(after mark: SignalHub.Mark, _ claim: LaneClaim) async throws {
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

  private func claim(_ rooms: [String: DestinationSlots.Room]) async -> LaneClaim {
    do {
      let claim = try await self.claimNow(rooms)
      self.slots.note(behind: claim.behind)
      return claim
    } catch {
      self.environment.logger.warning("outbox: nothing was claimed: \(error)")
      return LaneClaim()
    }
  }

  private func claimNow(_ rooms: [String: DestinationSlots.Room]) async throws -> LaneClaim {
    let outbox = self.outbox
    let order = ClaimOrder(
      owner: self.environment.owner, leaseMs: self.limits.leaseMs, claimMax: self.limits.claimMax,
      lanesMax: self.limits.lanesMax, rooms: rooms)
    return try await self.store.write { try outbox.claim($0, order) }
  }
}
