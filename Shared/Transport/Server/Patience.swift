/// How long a call still waits for its caller. Counts in ticks.
struct Patience {
  enum Verdict {
    case waits
    /// The request's one message has not come in time.
    case requestIsLate
    /// The call waits for its caller, and no byte has come or gone for too long.
    case isStalled
  }

  /// What a call waits for.
  struct Need {
    /// The one message of a call that takes no stream.
    var isRequest: Bool
    /// Anything that its caller must do: send the next message, or take bytes.
    var isCaller: Bool
  }

  private let requestTicksMax: Int
  private let stalledTicksMax: Int
  private var requestTicks = 0
  private var stalledTicks = 0
  private var bytesBefore = 0

  init(_ limits: TransportLimits) {
    self.requestTicksMax = limits.ticks(limits.requestMs)
    self.stalledTicksMax = limits.ticks(limits.stalledMs)
  }

  /// `bytes` is how many have come and gone so far.
  mutating func tick(_ need: Need, bytes: Int) -> Verdict {
    self.requestTicks += 1
    if need.isRequest && self.requestTicks >= self.requestTicksMax { return .requestIsLate }
    guard need.isCaller && bytes == self.bytesBefore else {
      self.bytesBefore = bytes
      self.stalledTicks = 0
      return .waits
    }
    self.stalledTicks += 1
    return self.stalledTicks >= self.stalledTicksMax ? .isStalled : .waits
  }
}
