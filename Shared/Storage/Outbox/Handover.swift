import DomainModel
import Synchronization

/// By which the dispatcher of a process gets a lane from the transaction that makes it: claimed
/// already, with its first message, so that it is sent without another look at the store.
final class Handover: Sendable {
  /// Who takes lanes: a dispatcher that runs.
  struct Taker: Sendable {
    var owner: String
    var leaseMs: Int64
    var time: any TimeSource
    var slots: DestinationSlots
    /// Takes a lane and its slot.
    var take: @Sendable (ClaimedLane, Slot) -> Void
    /// Has it look for lanes by itself.
    var wake: @Sendable () -> Void
  }

  private struct State {
    var taker: Taker?
    var offers: UInt64 = 0
  }

  /// The fence of a lane that was handed over: its first claim.
  static let fence: Int64 = 1
  /// How many lanes one transaction hands over at most; more are a batch, for a claim to take.
  static let offersMax = 4

  private let state = Mutex(State())

  /// From now on this one takes lanes.
  func open(_ taker: Taker) {
    self.state.withLock { $0.taker = taker }
  }

  /// Nobody takes lanes any more.
  func close() {
    self.state.withLock { $0.taker = nil }
  }

  /// Offers the lane of a message, if somebody takes it and no older one has to go before it.
  ///
  /// Each offer has an owner's name of its own, so that what comes back says whether this very
  /// transaction made the lane.
  func offer(
    _ message: OutboxMessage, _ sealed: [UInt8], _ transaction: Transaction, now: Timestamp
  ) -> Offer? {
    guard transaction.aftermath.deeds.count < Self.offersMax else { return nil }
    let (taker, number) = self.state.withLock { state in
      state.offers += 1
      return (state.taker, state.offers)
    }
    guard let taker,
      let slot = taker.slots.takeForNew(message.destination, taker.time.now())
    else { return nil }
    var head = message
    head.payload = sealed
    head.createdAt = now
    return Offer(taker, owner: "\(taker.owner)/\(number)", head, slot)
  }
}

/// A lane that is claimed by the transaction that makes it. If that is not committed, the offer is
/// dropped, and its slot is free again.
final class Offer: Sendable {
  private struct State {
    var head: OutboxMessage
    var leaseUntil: Timestamp?
  }

  /// As whom the lane is claimed.
  let owner: String
  private let taker: Handover.Taker
  private let slot: Slot
  private let state: Mutex<State>

  fileprivate init(_ taker: Handover.Taker, owner: String, _ head: OutboxMessage, _ slot: Slot) {
    self.taker = taker
    self.owner = owner
    self.slot = slot
    self.state = Mutex(State(head: head))
  }

  /// For how long it is claimed, in milliseconds.
  var leaseMs: Int64 { self.taker.leaseMs }

  /// The message's row, with the `id` it was given.
  func heardMessage(_ row: Row) {
    self.state.withLock { $0.head.id = (try? row.int64("id")) ?? 0 }
  }

  /// The lane's row: ours, or one that was there already.
  func heardLane(_ row: Row) {
    guard (try? row.text("owner")) == self.owner else { return }
    self.state.withLock { $0.leaseUntil = try? row.timestamp("lease_until") }
  }

  /// Has it sent, now that it is committed. A lane that was there already has somebody who goes on
  /// with it, or is looked for.
  func handOver() {
    let state = self.state.withLock { $0 }
    guard let leaseUntil = state.leaseUntil, state.head.id != 0 else { return self.taker.wake() }
    let lane = ClaimedLane(
      key: state.head.lane, destination: state.head.destination, owner: self.owner,
      fence: Handover.fence, readyAt: state.head.createdAt, leaseUntil: leaseUntil,
      head: state.head)
    self.taker.take(lane, self.slot)
  }
}
