import NIOCore
import RPC

// What the handler reaches through its context, from any task.
extension ServerCall: CallLink {
  var remainingMs: Int64? { self.terms.timeLeft.map { max($0.nanoseconds / 1_000_000, 0) } }

  var isRequestCompressed: Bool { self.wasCompressed }

  func compressAnswers() -> Bool { self.compression.turnOn() }

  func sendHeaders(_ metadata: Metadata) {
    self.onLoop {
      guard self.state != .told else { return }
      precondition(!self.hasResponded, "header fields leave once, and before the first message")
      self.respond(metadata)
      self.connection.flushLater()
    }
  }

  func addTrailers(_ metadata: Metadata) {
    self.onLoop {
      if self.trailers == nil {
        self.trailers = metadata
      } else {
        self.trailers?.append(metadata)
      }
    }
  }
}
