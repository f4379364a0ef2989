import DomainModel
import HTTP2
import RPC

// What goes out on the stream.
extension ServerCall {
  func sendMessage(_ message: FramedMessage) {
    if !self.hasResponded { self.respond(nil) }
    self.connection.session.writeMessage(message, on: self.stream)
  }

  /// Sends the header fields.
  func respond(_ metadata: Metadata?) {
    self.hasResponded = true
    let first = ResponseHeaders.begin(
      self.terms.answerEncoding, isCompressed: self.compression.settle())
    self.connection.session.respond(
      self.stream, metadata.map(HeaderList().adding) ?? HeaderList(), after: first)
  }

  /// Sends how the call ended, after the answers that were sent before.
  func sendEnd(_ error: ServiceError?) {
    if let error, !self.hasResponded {
      self.sendNow(error)
      return
    }
    if !self.hasResponded { self.respond(nil) }
    let session = self.connection.session
    if error == nil && self.trailers == nil {
      session.finish(self.stream, trailers: ResponseHeaders.ok)
    } else {
      session.finish(self.stream, trailers: ResponseHeaders.trailers(error, self.trailers))
    }
    self.connection.flushLater()
  }

  /// Sends an error at once. Answers that wait to be sent are dropped: a caller that does not take
  /// them would never hear of it.
  func sendNow(_ error: ServiceError) {
    let session = self.connection.session
    if self.hasResponded {
      session.cutShort(self.stream, trailers: ResponseHeaders.trailers(error, self.trailers))
    } else {
      self.hasResponded = true
      session.respondOnly(self.stream, ResponseHeaders.trailersOnly(error, self.trailers))
    }
    self.connection.flushLater()
  }
}
