import DomainModel
import HTTP2
import NIOCore
import RPC

/// What the loop looks at from time to time: silence, slowness, age.
extension ServerConnection {
  private static let tooOld = ServiceError(
    code: .unavailable, message: "The connection has reached its age; call again on another one.")

  /// Whether it may go on; closes a connection that is idle too long, ends calls that wait too
  /// long.
  func watch() -> Bool {
    self.forgive()
    if self.frames.isLate(self.session.frameUnderWay) {
      self.closeNow(for: "slow frame")
      return false
    }
    var hasCalls = false
    for stream in self.session.openStreamList {
      guard let call = self.call(stream) else { continue }
      hasCalls = true
      call.tick()
    }
    let idle = self.idle.tick(hasCalls: hasCalls)
    switch self.age.tick() {
    case .young: break
    case .old: self.beginDrain()
    case .over: self.abort(Self.tooOld)
    }
    switch idle {
    case .fine: break
    case .idle: self.beginDrain()
    case .over: self.closeNow()
    }
    return true
  }

  /// Tells the session once a second that one has passed.
  private func forgive() {
    self.ticksToSecond -= 1
    guard self.ticksToSecond <= 0 else { return }
    self.ticksToSecond = self.limits.ticks(1_000)
    self.session.secondPassed()
  }

  /// A ping of the client has come; `followsAnswer` where something was sent to it in between.
  func pinged(followsAnswer: Bool) {
    guard self.pings.pinged(followsAnswer: followsAnswer, at: .now()) else { return }
    self.session.end(for: .pings, reason: PingPolicy.complaint)
  }
}
