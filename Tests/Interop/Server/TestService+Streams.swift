import DomainModel
import RPC
import Wire

extension TestService {
  /// How many requests a half-duplex call may send before they are answered.
  static let halfDuplexRequestsMax = 1_000

  func streamingInputCall(
    _ requests: RequestStream<GrpcTesting.StreamingInputCallRequest>, _ context: CallContext
  ) async throws -> GrpcTesting.StreamingInputCallResponse {
    var size: Int32 = 0
    for try await request in requests {
      try context.checkCompression(request.expectCompressed)
      size &+= Int32(clamping: request.payload?.body.count ?? 0)
    }
    return GrpcTesting.StreamingInputCallResponse(aggregatedPayloadSize: size)
  }

  func streamingOutputCall(
    _ request: GrpcTesting.StreamingOutputCallRequest,
    _ responses: ResponseWriter<GrpcTesting.StreamingOutputCallResponse>, _ context: CallContext
  ) async throws {
    if request.wantsCompression { context.compress() }
    try context.echoMetadata()
    try await self.answer(request, responses)
    try request.responseStatus?.throwIfError()
  }

  func fullDuplexCall(
    _ requests: RequestStream<GrpcTesting.StreamingOutputCallRequest>,
    _ responses: ResponseWriter<GrpcTesting.StreamingOutputCallResponse>, _ context: CallContext
  ) async throws {
    try context.echoMetadata()
    for try await request in requests {
      try request.responseStatus?.throwIfError()
      try await self.answer(request, responses)
    }
  }

  func halfDuplexCall(
    _ requests: RequestStream<GrpcTesting.StreamingOutputCallRequest>,
    _ responses: ResponseWriter<GrpcTesting.StreamingOutputCallResponse>, _ context: CallContext
  ) async throws {
    var kept: [GrpcTesting.StreamingOutputCallRequest] = []
    for try await request in requests {
      guard kept.count < Self.halfDuplexRequestsMax else {
        throw ServiceError(code: .resourceExhausted, message: "There are too many requests.")
      }
      kept.append(request)
    }
    if kept.contains(where: \.wantsCompression) { context.compress() }
    for request in kept { try await self.answer(request, responses) }
  }

  /// Sends the answers that a request describes.
  private func answer(
    _ request: GrpcTesting.StreamingOutputCallRequest,
    _ responses: ResponseWriter<GrpcTesting.StreamingOutputCallResponse>
  ) async throws {
    for wanted in request.responseParameters {
      if wanted.intervalUs > 0 {
        let waitMs = (Int64(wanted.intervalUs) + 999) / 1_000
        try await self.clock.sleep(until: self.clock.now().adding(milliseconds: waitMs))
      }
      try await responses.write(
        GrpcTesting.StreamingOutputCallResponse(payload: try .zeroes(wanted.size)),
        compressed: wanted.compressed?.value)
    }
  }
}
