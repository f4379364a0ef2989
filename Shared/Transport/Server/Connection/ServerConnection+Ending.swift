import DomainModel
import HTTP2

/// The ways in which a connection ends.
extension ServerConnection {
  /// How far its graceful end has come.
  enum Drain {
    case no
    /// GOAWAY with the highest number and a ping have left; the ping's answer is awaited.
    case announced
    /// The client has read that; GOAWAY with the last call leaves with the next output.
    case confirmed
    /// GOAWAY with the last call has left; the connection closes after that call.
    case final
  }

  /// Begins the two-step graceful end.
  func beginDrain() {
    guard self.isOpen, self.drain == .no else { return }
    self.drain = .announced
    self.session.announceShutdown()
    self.pingLeft()
    self.flushLater()
  }

  /// Ends every call with an error in its trailers, and the connection after that.
  func abort(_ error: ServiceError) {
    // What can still leave goes first; the rest is dropped for the trailers.
    self.flush()
    self.drain = .final
    // Not `terminate`: after it libnghttp2 sends no trailers any more.
    self.session.finalGoAway()
    for stream in self.session.openStreamList { self.call(stream)?.refuse(error) }
    // The channel closes by itself when all that has left, or when the peer takes too long.
    self.linger()
    self.flush()
  }

  /// Closes the connection at once for what its peer does.
  func closeNow(for abuse: String) {
    self.serverLoop.ended(self, for: abuse)
    self.session.dropBodies()
    self.settleOutbound(0)
    self.closeNow()
  }
}
