import DomainModel
import HTTP2
import RPC

/// Reads how a call ended from what its stream brought.
enum ResponseStatus {
  /// What a response's first fields say: nil if the call goes on.
  static func check(_ fields: HeaderList, isLast: Bool) -> Result<Void, ServiceError>? {
    if fields["grpc-status"] != nil { return self.read(fields) }
    let status = fields[":status"] ?? ""
    guard status == "200" else { return .failure(self.http(status)) }
    guard fields["content-type"]?.hasPrefix("application/grpc") ?? false else {
      return .failure(ServiceError(code: .unknown, message: "The answer is not gRPC."))
    }
    return isLast
      ? .failure(ServiceError(code: .internal, message: "The answer has no status.")) : nil
  }

  /// The status in trailers.
  static func read(_ fields: HeaderList) -> Result<Void, ServiceError> {
    guard let text = fields["grpc-status"], let code = Int32(text) else {
      return .failure(ServiceError(code: .internal, message: "The answer has no status."))
    }
    guard code != 0 else { return .success(()) }
    let details = fields["grpc-status-details-bin"].flatMap { Base64.decode($0.utf8) }
    return .failure(
      ServiceError(
        status: StatusWire(
          code: code, encodedMessage: fields["grpc-message"] ?? "", details: details ?? [])))
  }

  /// The status of a stream that ended without one (PROTOCOL-HTTP2, "Errors").
  static func reset(_ code: HTTP2ErrorCode) -> ServiceError {
    let status: ServiceError.Code =
      switch code {
      case .refusedStream: .unavailable
      case .cancel: .cancelled
      case .enhanceYourCalm: .resourceExhausted
      case .inadequateSecurity: .permissionDenied
      default: .internal
      }
    return ServiceError(code: status, message: "The server reset the call: \(code).")
  }

  /// The status of an answer that no gRPC server gave (the gRPC project's
  /// http-grpc-status-mapping).
  private static func http(_ status: String) -> ServiceError {
    let code: ServiceError.Code =
      switch status {
      case "400": .internal
      case "401": .unauthenticated
      case "403": .permissionDenied
      case "404": .unimplemented
      case "429", "502", "503", "504": .unavailable
      default: .unknown
      }
    return ServiceError(code: code, message: "The server answered with HTTP status \(status).")
  }
}
