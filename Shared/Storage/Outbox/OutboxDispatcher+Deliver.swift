import DomainModel
import Logging

extension OutboxDispatcher {
  /// What one send led to, before it is written down.
  private enum Answered: Sendable {
    case reply([UInt8])
    case refused(ServiceError)
    case later(Postponement)
    case unreadable
  }

  /// Sends a lane's messages one after the other until it is empty, has to wait, or is lost;
  /// returns how many were delivered.
  func drain(_ lane: ClaimedLane) async -> Int {
    var current: ClaimedLane? = lane
    var delivered = 0
    while let lane = current, !Task.isCancelled {
      let (next, wasDelivered) = await self.deliver(lane)
      if wasDelivered { delivered += 1 }
      current = next
    }
    return delivered
  }

  private func deliver(_ lane: ClaimedLane) async -> (next: ClaimedLane?, delivered: Bool) {
    var message = lane.head
    let answered: Answered
    do {
      message.payload = try self.outbox.payload.open(
        lane.head.payload, row: message.idempotencyKey)
      answered = await self.send(message)
    } catch {
      answered = .unreadable
    }
    let (time, random) = (self.environment.time, self.environment.random)
    let retrier = Retrier(time: time, random: random)
    do {
      return try await retrier.keepTrying(until: lane.leaseUntil) {
        try await self.settle(lane, message, answered)
      }
    } catch let error where Fault.isOutage(error) {
      // The lease ends by itself; the receiver's inbox makes the second send harmless.
      self.environment.logger.warning("outbox: an answer was not written down: \(error)")
      return (nil, false)
    } catch {
      await self.park(lane, afterAll: error, by: retrier)
      return (nil, false)
    }
  }

  private func send(_ message: OutboxMessage) async -> Answered {
    do {
      let reply = try await self.effects.send(message)
      self.noteReached(message.destination)
      return .reply(reply)
    } catch let error as ServiceError {
      self.note(error, of: message.destination)
      return error.meansLater ? .later(Postponement(error)) : .refused(error)
    } catch {
      return .later(Postponement(error))
    }
  }

  private func settle(
    _ lane: ClaimedLane, _ message: OutboxMessage, _ answered: Answered
  ) async throws -> (next: ClaimedLane?, delivered: Bool) {
    switch answered {
    case .reply(let reply):
      let answer = self.effects.answers[message.method]
      return try await self.finish(lane) { try answer?($0, message, reply) }
    case .refused(let error):
      guard let refusal = self.effects.refusals[message.method] else {
        try await self.park(lane, reason: "refused: \(Fault.text(of: error))")
        return (nil, false)
      }
      return try await self.finish(lane) { try refusal($0, message, error) }
    case .unreadable:
      try await self.park(lane, reason: "its payload cannot be opened")
      return (nil, false)
    case .later(let postponement):
      try await self.postpone(lane, postponement)
      return (nil, false)
    }
  }

  /// Applies an effect and removes the message, in one transaction, if the lane is still ours.
  private func finish(
    _ lane: ClaimedLane, _ effect: @escaping @Sendable (Transaction) throws -> Void
  ) async throws -> (next: ClaimedLane?, delivered: Bool) {
    let outbox = self.outbox
    let leaseMs = self.limits.leaseMs
    return try await self.store.write { transaction in
      guard try outbox.holds(transaction, lane) else { return (nil, false) }
      try effect(transaction)
      return (try outbox.settle(transaction, lane, .delivered, leaseMs: leaseMs), true)
    }
  }

  /// Parks a message whose answer's effect has failed.
  private func park(_ lane: ClaimedLane, afterAll error: any Error, by retrier: Retrier) async {
    let reason = "its answer cannot be handled here: \(Fault.text(of: error))"
    do {
      try await retrier.keepTrying(until: lane.leaseUntil) {
        try await self.park(lane, reason: reason)
      }
    } catch {
      self.environment.logger.warning("outbox: parking was not written down: \(error)")
    }
  }

  /// Parks a message, if its lane is still ours, and says so once it is written down.
  private func park(_ lane: ClaimedLane, reason: String) async throws {
    let (outbox, leaseMs) = (self.outbox, self.limits.leaseMs)
    let isParked = try await self.store.write { transaction in
      guard try outbox.holds(transaction, lane) else { return false }
      let now = try transaction.databaseNow()
      _ = try outbox.settle(
        transaction, lane, .parked(reason: reason, at: now), leaseMs: leaseMs)
      return true
    }
    guard isParked else { return }
    self.environment.logger.error(
      "outbox: a message is parked and its lane stands still",
      metadata: [
        "outbox.id": "\(lane.head.id)", "rpc.method": "\(lane.head.method)", "reason": "\(reason)",
      ])
  }
}
