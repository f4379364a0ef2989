import DomainModel
import HTTP2

/// The statuses of calls that no gRPC server ended.
enum ResponseStatus {
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
  static func http(_ status: String) -> ServiceError {
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
