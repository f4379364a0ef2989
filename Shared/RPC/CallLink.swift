/// The transport's end of a call that is served here, as far as its handler may reach it. Handlers
/// use the functions of `CallContext` that stand before it.
///
/// It may be used from any task while the call runs; once the call is over it does nothing.
public protocol CallLink: AnyObject, Sendable {
  /// How long the caller still waits, in milliseconds, 0 if its deadline has passed; nil if it
  /// never said.
  var remainingMs: Int64? { get }
  /// Whether the message that the handler took last came compressed.
  var isRequestCompressed: Bool { get }
  /// Has the answers compressed from now on; false if that cannot be.
  func compressAnswers() -> Bool
  /// Sends the answer's header fields now, with metadata that has been checked.
  func sendHeaders(_ metadata: Metadata)
  /// Adds metadata that has been checked to what leaves with the status.
  func addTrailers(_ metadata: Metadata)
}
