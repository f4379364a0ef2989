public import RPC
public import Wire

/// The service that every peer serves too, as `peers/echo.proto` writes it down.
public enum Echo {
  /// One string under number 1, which is what the peers' `EchoMessage` is on the wire.
  public typealias Message = GrpcHealthV1.HealthCheckRequest

  /// Answers with the request.
  public static let unary = Method(service: "anju.bench.Echo", name: "Unary", kind: .unary)
  /// Answers with the request many times over.
  public static let stream = Method(
    service: "anju.bench.Echo", name: "Stream", kind: .serverStreaming)
  /// How many answers a request of `stream` gets.
  public static let streamedMessages = 100
}
