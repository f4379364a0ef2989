import DomainModel
import RPC
import Wire

typealias Methods = GrpcTesting.TestServiceMethods

/// `grpc.testing.TestService` as the gRPC project describes it in its interoperability tests.
struct TestService: Sendable {
  let clock: any TimeSource

  /// The methods that are served: all but the one that no server has.
  static let served = Methods.all.filter { $0 != Methods.unimplementedCall }

  static var access: AccessTable {
    var access = AccessTable()
    for method in Self.served { access.allow(method, .anyone) }
    return access
  }

  /// Registers what is served; `UnimplementedCall` is truly not there.
  func register(on router: inout RPCRouter) {
    router.unary(Methods.emptyCall) { (_: GrpcTesting.Empty, context) in
      try context.echoMetadata()
      return GrpcTesting.Empty()
    }
    router.unary(Methods.unaryCall) { try self.unaryCall($0, $1) }
    router.unary(Methods.cacheableUnaryCall) { (_: GrpcTesting.SimpleRequest, context) in
      try self.cacheableUnaryCall(context)
    }
    router.clientStreaming(Methods.streamingInputCall) {
      try await self.streamingInputCall($0, $1)
    }
    router.serverStreaming(Methods.streamingOutputCall) {
      try await self.streamingOutputCall($0, $1, $2)
    }
    router.bidirectionalStreaming(Methods.fullDuplexCall) {
      try await self.fullDuplexCall($0, $1, $2)
    }
    router.bidirectionalStreaming(Methods.halfDuplexCall) {
      try await self.halfDuplexCall($0, $1, $2)
    }
  }

  private func unaryCall(
    _ request: GrpcTesting.SimpleRequest, _ context: CallContext
  ) throws -> GrpcTesting.SimpleResponse {
    try context.checkCompression(request.expectCompressed)
    if request.responseCompressed?.value == true { context.compress() }
    try context.echoMetadata()
    try request.responseStatus?.throwIfError()
    return GrpcTesting.SimpleResponse(payload: try .zeroes(request.responseSize))
  }

  /// The instant, so that an answer that a proxy kept can be told from a new one.
  private func cacheableUnaryCall(
    _ context: CallContext
  ) throws -> GrpcTesting.SimpleResponse {
    try context.sendHeaders(Metadata(["cache-control": "max-age=60, public"]))
    let text = "\(self.clock.now().milliseconds)"
    return GrpcTesting.SimpleResponse(payload: GrpcTesting.Payload(body: Array(text.utf8)))
  }
}
