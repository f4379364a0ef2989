import DomainModel
import HTTP2
import RPC

/// The header blocks that a server sends.
enum ResponseHeaders {
  private static let plain = HeaderList([
    ":status": "200", "content-type": "application/grpc",
  ])

  /// The same for a caller that speaks of encodings.
  private static let spoken = Self.plain.adding("grpc-accept-encoding", Self.encodings)

  /// The encodings that we read.
  private static let encodings = "identity,gzip"

  private static let beginPlain = ConstantFields(Self.plain)
  private static let beginSpoken = ConstantFields(Self.spoken)
  private static let beginGzip = ConstantFields(Self.spoken.adding("grpc-encoding", "gzip"))

  /// What stands first before the messages of an answer to a caller that reads `encoding`.
  static func begin(_ encoding: AnswerEncoding, isCompressed: Bool) -> ConstantFields {
    if isCompressed { return self.beginGzip }
    return encoding == .unspoken ? self.beginPlain : self.beginSpoken
  }

  private static let success = HeaderList(["grpc-status": "0"])

  /// The trailers of a call that succeeded.
  static let ok = ConstantFields(Self.success)

  /// The whole answer to a request that is no gRPC.
  static let unsupportedMediaType = HeaderList([
    ":status": "415", "accept-post": "application/grpc",
  ])

  /// The whole answer to a request that is no POST.
  static let methodNotAllowed = HeaderList([":status": "405", "allow": "POST"])

  /// The trailers of a call that succeeded or failed.
  static func trailers(_ error: ServiceError?, _ metadata: Metadata?) -> HeaderList {
    var fields = error == nil ? self.success : HeaderList()
    if let error { fields.append(StatusWire(error)) }
    if let metadata { fields.append(metadata) }
    return fields
  }

  /// The whole answer of a call that failed before it sent anything.
  static func trailersOnly(_ error: ServiceError, _ metadata: Metadata? = nil) -> HeaderList {
    var fields = error.code == .unimplemented ? self.spoken : self.plain
    fields.append(StatusWire(error))
    if let metadata { fields.append(metadata) }
    return fields
  }
}

extension HeaderList {
  fileprivate func adding(_ name: String, _ value: String) -> HeaderList {
    var fields = self
    fields.append(name, value)
    return fields
  }
}
