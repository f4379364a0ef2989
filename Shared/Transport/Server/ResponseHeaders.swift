import DomainModel
import HTTP2
import RPC

/// The header blocks that a server sends.
enum ResponseHeaders {
  /// What stands before the messages of an answer.
  private static let begin = HeaderList([
    ":status": "200", "content-type": "application/grpc",
  ])

  /// The same for a caller that speaks of encodings.
  private static let beginSpoken = Self.begin.adding("grpc-accept-encoding", Self.encodings)

  /// The same before messages that may be compressed.
  private static let beginGzip = Self.beginSpoken.adding("grpc-encoding", "gzip")

  /// The encodings that we read.
  private static let encodings = "identity,gzip"

  /// What stands before the messages of an answer to a caller that reads `encoding`.
  static func begin(_ encoding: AnswerEncoding, isCompressed: Bool) -> HeaderList {
    if isCompressed { return self.beginGzip }
    return encoding == .unspoken ? self.begin : self.beginSpoken
  }

  /// The trailers of a call that succeeded.
  private static let ok = HeaderList(["grpc-status": "0"])

  /// The whole answer to a request that is no gRPC.
  static let unsupportedMediaType = HeaderList([
    ":status": "415", "accept-post": "application/grpc",
  ])

  /// The whole answer to a request that is no POST.
  static let methodNotAllowed = HeaderList([":status": "405", "allow": "POST"])

  /// The trailers of a call that succeeded or failed.
  static func trailers(_ error: ServiceError?, _ metadata: Metadata?) -> HeaderList {
    guard error != nil || metadata != nil else { return self.ok }
    var fields = error == nil ? self.ok : HeaderList()
    if let error { fields.append(StatusWire(error)) }
    if let metadata { fields.append(metadata) }
    return fields
  }

  /// The whole answer of a call that failed before it sent anything.
  static func trailersOnly(_ error: ServiceError, _ metadata: Metadata? = nil) -> HeaderList {
    var fields = error.code == .unimplemented ? self.beginSpoken : self.begin
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
