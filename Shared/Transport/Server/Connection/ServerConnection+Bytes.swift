import DomainModel
import HTTP2

/// What waits on a connection, for handlers or for its peer, within bounds.
extension ServerConnection {
  /// Counts request bytes that wait for their handler; throws when the connection has too many.
  func addWaiting(_ count: Int) throws(ServiceError) {
    self.waitingBytes += count
    self.serverLoop.addInbound(count)
    guard self.waitingBytes <= self.limits.connectionInboundBytesMax else {
      throw ServiceError(
        code: .resourceExhausted, message: "Too many bytes wait on this connection.")
    }
    guard !self.serverLoop.isInboundFull else {
      throw ServiceError(.overloaded, retryDelayMs: ServerLoop.retryDelayMs)
    }
  }

  func removeWaiting(_ count: Int) {
    self.waitingBytes -= count
    self.serverLoop.addInbound(-count)
  }

  /// Throws if the peer leaves so many answers waiting that no further one may be made. Asked when
  /// a handler is about to run, because those of one read all begin before the first answers.
  func checkRoom() throws(ServiceError) {
    let waiting = self.session.outboundBytes
    guard waiting > 0 else { return }
    self.settleOutbound(waiting)
    guard waiting <= self.limits.connectionOutboundBytesMax, !self.serverLoop.isOutboundFull else {
      throw ServiceError(.overloaded, retryDelayMs: ServerLoop.retryDelayMs)
    }
  }

  /// Has the loop count what waits here to be sent.
  func settleOutbound(_ bytes: Int) {
    guard bytes != self.countedOutboundBytes else { return }
    let change = bytes - self.countedOutboundBytes
    self.countedOutboundBytes = bytes
    self.serverLoop.addOutbound(change)
  }
}
