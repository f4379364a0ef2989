import DomainModel

/// A lane that this dispatcher owns until its lease ends, with the oldest message in it.
struct ClaimedLane: Sendable {
  var key: String
  /// Where its messages go; counts against this destination's slots.
  var destination: String
  var owner: String
  var fence: Int64
  var readyAt: Timestamp
  var leaseUntil: Timestamp
  /// The message as stored; its payload still sealed.
  var head: OutboxMessage
}

/// Who claims, for how long, and how many lanes of each destination.
struct ClaimOrder: Sendable {
  var owner: String
  var leaseMs: Int64
  /// How many lanes of one destination a claim takes at most.
  var claimMax: Int
  /// How many lanes of one destination are under way at most.
  var lanesMax: Int
  /// How much room there is, by destination; the others have all.
  var rooms: [String: DestinationSlots.Room] = [:]

  func room(_ destination: String) -> DestinationSlots.Room {
    self.rooms[destination] ?? DestinationSlots.Room(free: self.lanesMax)
  }
}

/// What one claim found, and when to look again.
struct LaneClaim: Sendable {
  var lanes: [ClaimedLane] = []
  /// There may be more that could be sent now: claim again at once.
  var isCutShort = false
  /// The destinations that had more, or may have had, than there was room for.
  var full: Set<String> = []
  /// The destinations that had more, or may have had, than was claimed.
  var behind: Set<String> = []
  /// Milliseconds until the next lane becomes ready of those that have room; nil if none will by
  /// itself.
  var nextReadyMs: Int64?

  mutating func wait(atMost milliseconds: Int64) {
    self.nextReadyMs = min(self.nextReadyMs ?? milliseconds, milliseconds)
  }
}
