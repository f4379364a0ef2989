/// A case by its published name.
struct TestCase: Sendable {
  let name: String
  let run: @Sendable (Peer) async throws -> Void

  init(_ name: String, _ run: @escaping @Sendable (Peer) async throws -> Void) {
    self.name = name
    self.run = run
  }

  /// Every case there is.
  static let all: [TestCase] = [
    TestCase("empty_unary", UnaryCases.emptyUnary),
    TestCase("large_unary", UnaryCases.largeUnary),
    TestCase("client_compressed_unary", CompressionCases.clientUnary),
    TestCase("server_compressed_unary", CompressionCases.serverUnary),
    TestCase("client_streaming", StreamingCases.clientStreaming),
    TestCase("client_compressed_streaming", CompressionCases.clientStreaming),
    TestCase("server_streaming", StreamingCases.serverStreaming),
    TestCase("server_compressed_streaming", CompressionCases.serverStreaming),
    TestCase("ping_pong", StreamingCases.pingPong),
    TestCase("empty_stream", StreamingCases.emptyStream),
    TestCase("custom_metadata", MetadataCases.customMetadata),
    TestCase("status_code_and_message", StatusCases.codeAndMessage),
    TestCase("special_status_message", StatusCases.specialMessage),
    TestCase("unimplemented_method", StatusCases.unimplementedMethod),
    TestCase("unimplemented_service", StatusCases.unimplementedService),
    TestCase("cancel_after_begin", EndingCases.cancelAfterBegin),
    TestCase("cancel_after_first_response", EndingCases.cancelAfterFirstResponse),
    TestCase("timeout_on_sleeping_server", EndingCases.timeoutOnSleepingServer),
    TestCase("rpc_soak", SoakCases.oneChannel),
    TestCase("channel_soak", SoakCases.channelEach),
    // The gRPC project's servers that misbehave (http2_test).
    TestCase("goaway", MisbehavingCases.goaway),
    TestCase("rst_after_header", MisbehavingCases.resetBeforeStatus),
    TestCase("rst_during_data", MisbehavingCases.resetBeforeStatus),
    TestCase("rst_after_data", MisbehavingCases.resetBeforeStatus),
    TestCase("ping", MisbehavingCases.ping),
    TestCase("max_streams", MisbehavingCases.maxStreams),
  ]
}
