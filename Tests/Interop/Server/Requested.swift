import DomainModel
import Wire

extension GrpcTesting.Payload {
  /// The longest payload that an answer may be asked to have.
  static let bytesMax: Int32 = 8 << 20

  /// A payload of zeroes; throws `INVALID_ARGUMENT` for a size that no payload has.
  static func zeroes(_ size: Int32) throws -> GrpcTesting.Payload {
    guard (0...Self.bytesMax).contains(size) else {
      throw ServiceError(
        code: .invalidArgument, message: "A payload has 0 to \(Self.bytesMax) bytes.")
    }
    return GrpcTesting.Payload(body: [UInt8](repeating: 0, count: Int(size)))
  }
}

extension GrpcTesting.StreamingOutputCallRequest {
  /// Whether any of the answers shall be compressed.
  var wantsCompression: Bool {
    self.responseParameters.contains { $0.compressed?.value == true }
  }
}

extension GrpcTesting.EchoStatus {
  /// Throws the status that the client wants to see, unless it is OK.
  func throwIfError() throws {
    guard self.code != 0 else { return }
    throw ServiceError(
      code: ServiceError.Code(rawValue: self.code) ?? .unknown, message: self.message)
  }
}
