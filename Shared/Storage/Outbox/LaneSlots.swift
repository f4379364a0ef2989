import Synchronization

/// How many lanes are under way, by destination: one that hangs fills its own slots only.
final class LaneSlots: Sendable {
  private struct State {
    var taken: [String: Int] = [:]
    /// Destinations for which the dispatcher waits.
    var wanted: Set<String> = []
  }

  private let lanesMax: Int
  private let state = Mutex(State())
  private let onRoom: @Sendable () -> Void

  /// `onRoom` is called when a destination that is waited for has a slot.
  init(_ lanesMax: Int, onRoom: @escaping @Sendable () -> Void) {
    self.lanesMax = lanesMax
    self.onRoom = onRoom
  }

  /// How many slots are taken, by destination.
  var taken: [String: Int] { self.state.withLock { $0.taken } }

  func take(_ destination: String) {
    self.state.withLock { $0.taken[destination, default: 0] += 1 }
  }

  func give(_ destination: String) {
    let wasWanted = self.state.withLock { state in
      let count = state.taken[destination, default: 0]
      state.taken[destination] = count > 1 ? count - 1 : nil
      return state.wanted.remove(destination) != nil
    }
    if wasWanted { self.onRoom() }
  }

  /// Waits for a slot of one of the destinations: returns true if there is one by now, else
  /// `onRoom` will be called.
  func want(_ destinations: Set<String>) -> Bool {
    self.state.withLock { state in
      state.wanted = destinations
      return destinations.contains { state.taken[$0, default: 0] < self.lanesMax }
    }
  }
}
