import DomainModel
import HTTP2
import RPC

/// The header blocks that a server sends.
enum ResponseHeaders {
  /// What stands before the messages of an answer.
  static let begin = HeaderList([
    ":status": "200", "content-type": "application/grpc",
  ])

  /// The trailers of a call that succeeded.
  static let ok = HeaderList(["grpc-status": "0"])

  /// The whole answer to a request that is no gRPC.
  static let unsupportedMediaType = HeaderList([
    ":status": "415", "accept-post": "application/grpc",
  ])

  /// The whole answer to a request that is no POST.
  static let methodNotAllowed = HeaderList([":status": "405", "allow": "POST"])

  /// The trailers of a call that failed.
  static func trailers(_ error: ServiceError) -> HeaderList {
    var fields = HeaderList()
    fields.append(StatusWire(error))
    return fields
  }

  /// The whole answer of a call that failed before it sent anything.
  static func trailersOnly(_ error: ServiceError) -> HeaderList {
    var fields = self.begin
    if error.code == .unimplemented { fields.append("grpc-accept-encoding", "identity") }
    fields.append(StatusWire(error))
    return fields
  }
}
