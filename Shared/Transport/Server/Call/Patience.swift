/// How long a call still waits for its caller. Counts in ticks.
struct Patience {
  enum Verdict {
    case waits
    /// A message of the request has not come in time.
    case requestIsLate
    /// The call waits for its caller, who has sent or taken too little for too long.
    case isStalled
  }

  /// What a call waits for.
  struct Need {
    /// The number of the message that has to become complete, if there is one: of a call that takes
    /// no stream its only one, of others one that has begun while the handler waits for it.
    var message: Int?
    /// The next message, or more of it.
    var isReading: Bool
    /// That the caller takes bytes.
    var isWriting: Bool
  }

  /// The bytes of a call that have come and gone so far.
  struct Bytes {
    var received: Int
    var sent: Int
  }

  private let requestTicksMax: Int
  private let stalledTicksMax: Int
  private let stalledBytesMin: Int
  private var message: Int?
  private var messageTicks = 0
  private var bytesBefore = 0
  private var readingTicks = 0
  private var sentBefore = 0
  private var writingTicks = 0

  init(_ limits: TransportLimits) {
    self.requestTicksMax = limits.ticks(limits.requestMs)
    self.stalledTicksMax = limits.ticks(limits.stalledMs)
    self.stalledBytesMin = limits.stalledBytesMin
  }

  mutating func tick(_ need: Need, _ bytes: Bytes) -> Verdict {
    if self.isLate(need.message) { return .requestIsLate }
    let isStarved = self.isStarved(need, bytes)
    return self.isStuck(need, bytes) || isStarved ? .isStalled : .waits
  }

  /// Whether the same message is under way for too long, however many of its bytes drip in.
  private mutating func isLate(_ message: Int?) -> Bool {
    guard let message, message == self.message else {
      self.message = message
      self.messageTicks = message == nil ? 0 : 1
      return false
    }
    self.messageTicks += 1
    return self.messageTicks >= self.requestTicksMax
  }

  /// Whether the call waits for a message, and no byte has come or gone for too long.
  private mutating func isStarved(_ need: Need, _ bytes: Bytes) -> Bool {
    guard need.isReading && bytes.received + bytes.sent == self.bytesBefore else {
      self.bytesBefore = bytes.received + bytes.sent
      self.readingTicks = 0
      return false
    }
    self.readingTicks += 1
    return self.readingTicks >= self.stalledTicksMax
  }

  /// Whether the caller takes next to nothing of what waits for it: a byte now and then is how a
  /// hostile one holds on to a call.
  private mutating func isStuck(_ need: Need, _ bytes: Bytes) -> Bool {
    guard need.isWriting else {
      self.writingTicks = 0
      self.sentBefore = bytes.sent
      return false
    }
    self.writingTicks += 1
    guard self.writingTicks >= self.stalledTicksMax else { return false }
    let took = bytes.sent - self.sentBefore
    self.writingTicks = 0
    self.sentBefore = bytes.sent
    return took < self.stalledBytesMin
  }
}
