import DomainModel
import RPC
import Wire

extension CallContext {
  private static let echoInitial = "x-grpc-test-echo-initial"
  private static let echoTrailing = "x-grpc-test-echo-trailing-bin"

  /// Sends back the metadata that the client wants to see again: text before the answer, bytes
  /// after it.
  func echoMetadata() throws {
    if let bytes = self.metadata.bytes(Self.echoTrailing) {
      var trailers = Metadata()
      trailers.append(Self.echoTrailing, bytes: bytes)
      try self.trailers(trailers)
    }
    if let text = self.metadata[Self.echoInitial] {
      try self.sendHeaders(Metadata([Self.echoInitial: text]))
    }
  }

  /// Throws `INVALID_ARGUMENT` if the last message came otherwise than it says itself. A client
  /// learns by that whether the server can tell.
  func checkCompression(_ expected: GrpcTesting.BoolValue?) throws {
    guard let expected, expected.value != self.isRequestCompressed else { return }
    throw ServiceError(
      code: .invalidArgument,
      message: "The request says of itself that it is\(expected.value ? "" : " not") compressed.")
  }
}
