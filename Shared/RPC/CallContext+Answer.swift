public import DomainModel

// What a handler may say beside its messages. In a context without a transport, as tests make them,
// what is sent goes nowhere.
extension CallContext {
  /// Sends the answer's header fields with this metadata, now and not with the first message. A
  /// handler does it once at most, and before its first message: anything else is a crash.
  ///
  /// Throws `INTERNAL` for metadata that may not be sent (`Metadata.check`).
  public func sendHeaders(_ metadata: Metadata) throws(ServiceError) {
    try metadata.check()
    self.link?.sendHeaders(metadata)
  }

  /// Adds metadata to the call's trailers, which leave with its status, whatever that is.
  ///
  /// Throws `INTERNAL` for metadata that may not be sent (`Metadata.check`).
  public func trailers(_ metadata: Metadata) throws(ServiceError) {
    try metadata.check()
    self.link?.addTrailers(metadata)
  }

  /// Has the answers compressed from now on; messages under `MessageCompression.messageBytesMin`
  /// only where `ResponseWriter.write` is told to. Called before the first message and before
  /// `sendHeaders`.
  ///
  /// Returns false if the answers go out as they are: the caller does not read gzip, the header
  /// fields have left, or the transport has no bytes to compress.
  @discardableResult
  public func compress() -> Bool {
    self.link?.compressAnswers() ?? false
  }

  /// Whether the message that the handler took last, or its one request, came compressed.
  public var isRequestCompressed: Bool { self.link?.isRequestCompressed ?? false }

  /// How long the caller still waits, in milliseconds, 0 if its deadline has passed; nil if it
  /// never said.
  public var remainingMs: Int64? { self.link?.remainingMs }
}
