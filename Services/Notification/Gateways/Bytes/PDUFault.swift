/// What is wrong with bytes from a provider. Whoever sends such bytes cannot be understood any
/// more, so its connection is closed.
package enum PDUFault: String, Error, Hashable, Sendable, CaseIterable {
  /// A PDU says that it is shorter than its own header.
  case lengthTooSmall
  /// A PDU says that it is longer than any that is understood here.
  case lengthTooLarge
  /// There is no such command, or none that a provider may send.
  case commandUnknown
  /// A field goes beyond the end of its PDU.
  case fieldCut
  /// A text is longer than its field, or does not end in it.
  case textTooLong
  /// Something stands behind the last field.
  case bytesLeft
}
