/// How a client behaves on its connection: what libnghttp2 does not count, or counts without
/// crediting the calls that end well. A server's only, because its clients are strangers.
struct PeerConduct {
  /// What a request, or a DATA frame of an answer, earns in control frames: window updates, pings
  /// and the resets that real clients send along with them.
  static let framesEarned = 8

  private var meter = FrameMeter()
  private var resets: PeerBudget
  private var cancels: PeerBudget
  private var controlFrames: PeerBudget
  private var hasBombed = false

  init(_ limits: HTTP2Limits) {
    self.resets = PeerBudget(max: limits.resetsMax, perSecond: 1)
    self.cancels = PeerBudget(max: limits.cancelsMax, perSecond: limits.cancelsMax / 32)
    self.controlFrames = PeerBudget(
      max: limits.controlFramesMax, perSecond: limits.controlFramesMax / 16)
  }

  /// What the peer has done too much of, if anything.
  var abuse: HTTP2Abuse? {
    if self.hasBombed { return .headerBlock }
    if self.resets.isOverdrawn { return .resets }
    if self.cancels.isOverdrawn { return .cancels }
    return self.controlFrames.isOverdrawn ? .controlFrames : nil
  }

  /// The frame or header block that has begun and not ended; nil between frames.
  var frameUnderWay: Int? { self.meter.frameUnderWay }

  /// The connection error that libnghttp2 does not see, if there is one.
  var violation: HTTP2ErrorCode? { self.meter.violation }

  mutating func received(_ bytes: UnsafeRawBufferPointer) {
    let cost = self.meter.cost(of: bytes)
    if cost > 0 { self.controlFrames.spend(cost) }
  }

  /// A request has opened a stream.
  mutating func opened() {
    self.controlFrames.earn(Self.framesEarned)
  }

  /// We have sent body bytes.
  mutating func sentData() {
    self.controlFrames.earn(Self.framesEarned)
  }

  /// A stream has ended well.
  mutating func endedWell() {
    self.resets.earn()
    self.cancels.earn()
  }

  /// The peer's doing made us reset a stream, or cut its header list.
  mutating func offended() {
    self.resets.spend()
  }

  /// The peer has reset a stream.
  mutating func cancelled() {
    self.cancels.spend()
  }

  /// One header block has decoded to more than any should.
  mutating func bombed() {
    self.hasBombed = true
  }

  mutating func secondPassed() {
    self.resets.secondPassed()
    self.cancels.secondPassed()
    self.controlFrames.secondPassed()
  }
}
