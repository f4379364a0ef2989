import DomainModel
import HTTP2
import RPC

/// The header blocks that a client sends.
enum RequestHeaders {
  /// A call's header fields. Throws the status of a call that is not to be made
  /// (`CallOptions.check`).
  static func begin(
    _ method: Method, _ options: CallOptions, authority: String
  ) throws(ServiceError) -> HeaderList {
    try options.check()
    var fields = HeaderList([
      ":method": "POST", ":scheme": "http", ":path": method.path, ":authority": authority,
      "te": "trailers", "content-type": "application/grpc", "user-agent": "anju-swift",
      "grpc-accept-encoding": "identity,gzip",
    ])
    if let timeoutMs = options.timeoutMs {
      fields.append("grpc-timeout", GRPCTimeout.text(milliseconds: timeoutMs))
    }
    if options.compression == .gzip { fields.append("grpc-encoding", "gzip") }
    fields.append(options.metadata)
    return fields
  }
}
