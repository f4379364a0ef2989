import DomainModel
import Synchronization

/// What a dispatcher knows of each destination: how many lanes are under way to it, and whether it
/// can be reached.
///
/// One that hangs fills its own slots and no other's. One that cannot be reached is left alone for
/// a while, then tried with a single lane: with a million lanes owed, each of them tried again by
/// itself would keep the store busy with nothing but failures.
final class DestinationSlots: Sendable {
  /// How many lanes may be claimed for a destination.
  struct Room: Hashable, Sendable {
    var free: Int
    /// Milliseconds until there is room, where the destination is left alone; else nil.
    var opensInMs: Int64?
  }

  /// What an attempt changed.
  enum Change: Hashable, Sendable {
    case none
    /// It could not be reached, so many times in a row.
    case lost(failures: Int)
    /// It is reached again, after so many failures in a row.
    case found(failures: Int)
  }

  private struct Destination {
    var taken = 0
    /// How many times in a row it could not be reached.
    var failures = 0
    /// Since when it is left alone, and for how long.
    var leftAt = Timestamp(milliseconds: 0)
    var leftForMs: Int64 = 0

    /// How long it is still left alone. A clock that was set back leaves nobody alone for longer.
    func restMs(_ now: Timestamp) -> Int64 {
      guard self.failures > 0, now >= self.leftAt else { return 0 }
      return self.leftForMs - (now.milliseconds - self.leftAt.milliseconds)
    }
  }

  private struct State {
    var destinations: [String: Destination] = [:]
    /// Destinations for which the dispatcher waits.
    var wanted: Set<String> = []
    /// Destinations that have, or may have, more lanes ready than there was room for. Nil where
    /// nobody has looked yet.
    var behind: Set<String>?
  }

  private let lanesMax: Int
  private let backoff: Backoff
  private let state = Mutex(State())
  private let onRoom: @Sendable () -> Void

  /// `onRoom` is called when a destination that is waited for has a slot.
  init(_ limits: OutboxLimits, onRoom: @escaping @Sendable () -> Void) {
    self.lanesMax = limits.lanesMax
    self.backoff = limits.awayBackoff
    self.onRoom = onRoom
  }

  /// How much room there is for each destination that was ever sent to; the others have all.
  func rooms(_ now: Timestamp) -> [String: Room] {
    self.state.withLock { $0.destinations.mapValues { self.room($0, now) } }
  }

  /// The destinations that could not be reached when they were last tried.
  var away: Set<String> {
    self.state.withLock { Set($0.destinations.filter { $0.value.failures > 0 }.keys) }
  }

  /// A slot of a destination, for a lane that was claimed.
  func take(_ destination: String) -> Slot {
    self.state.withLock { $0.destinations[destination, default: Destination()].taken += 1 }
    return Slot(self, destination)
  }

  /// A slot for a lane that is only being made; nil where older ones wait, where there is no room,
  /// or where the destination was not reached: a new lane must not go before them.
  func takeForNew(_ destination: String, _ now: Timestamp) -> Slot? {
    let isTaken = self.state.withLock { state in
      var found = state.destinations[destination] ?? Destination()
      guard state.behind?.contains(destination) == false, found.failures == 0,
        self.room(found, now).free > 0
      else { return false }
      found.taken += 1
      state.destinations[destination] = found
      return true
    }
    return isTaken ? Slot(self, destination) : nil
  }

  /// Notes what a look at all lanes left behind.
  func note(behind: Set<String>) {
    self.state.withLock { $0.behind = behind }
  }

  fileprivate func give(_ destination: String) {
    let wasWanted = self.state.withLock { state in
      state.destinations[destination, default: Destination()].taken -= 1
      return state.wanted.remove(destination) != nil
    }
    if wasWanted { self.onRoom() }
  }

  /// Waits for a slot of one of the destinations: returns true if there is one by now, else
  /// `onRoom` will be called.
  func want(_ destinations: Set<String>, _ now: Timestamp) -> Bool {
    self.state.withLock { state in
      state.wanted = destinations
      return destinations.contains {
        self.room(state.destinations[$0] ?? Destination(), now).free > 0
      }
    }
  }

  /// Notes that an attempt was answered, whatever the answer.
  func reached(_ destination: String) -> Change {
    self.state.withLock { state in
      let failures = state.destinations[destination]?.failures ?? 0
      if failures == 0 { return .none }
      state.destinations[destination]?.failures = 0
      return .found(failures: failures)
    }
  }

  /// Notes that an attempt met nobody. Those that were under way with it count as one.
  func missed(_ destination: String, _ now: Timestamp, _ random: any RandomSource) -> Change {
    self.state.withLock { state in
      var found = state.destinations[destination, default: Destination()]
      if found.restMs(now) > 0 { return .none }
      found.failures += 1
      found.leftAt = now
      found.leftForMs = self.backoff.delayMs(failures: found.failures, random)
      state.destinations[destination] = found
      return .lost(failures: found.failures)
    }
  }

  private func room(_ destination: Destination, _ now: Timestamp) -> Room {
    let restMs = destination.restMs(now)
    if restMs > 0 { return Room(free: 0, opensInMs: restMs) }
    let lanes = destination.failures > 0 ? 1 : self.lanesMax
    return Room(free: max(0, lanes - destination.taken))
  }
}

/// One lane's place among those under way to a destination; given back when nobody holds it.
final class Slot: Sendable {
  private let slots: DestinationSlots
  private let destination: String

  fileprivate init(_ slots: DestinationSlots, _ destination: String) {
    self.slots = slots
    self.destination = destination
  }

  deinit {
    self.slots.give(self.destination)
  }
}
