public import RPC

/// How a client channel asks each server whether it serves, so that calls go only where it does
/// (gRPC's client-side health checking: `grpc.health.v1.Health.Watch`).
///
/// The transport knows no messages, so whoever makes the channel says what to call, with which
/// bytes, and how to read the answers. A server that does not know the method counts as healthy.
public struct HealthWatch: Sendable {
  /// The server-streaming method that tells of changes.
  public var method: Method
  /// Its request, as bytes: which service is asked about.
  public var request: [UInt8]
  /// Whether an answer says that the server serves.
  public var isServing: @Sendable ([UInt8]) -> Bool

  /// A way to ask.
  public init(
    method: Method, request: [UInt8], isServing: @escaping @Sendable ([UInt8]) -> Bool
  ) {
    self.method = method
    self.request = request
    self.isServing = isServing
  }
}
