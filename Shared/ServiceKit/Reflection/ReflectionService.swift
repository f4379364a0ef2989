internal import DomainModel
internal import RPC
internal import Wire

/// `grpc.reflection.v1.ServerReflection`, and v1alpha, whose messages are the same on the wire: a
/// client that has no file of ours learns the contract from the server itself.
struct ReflectionService: GrpcReflectionV1.ServerReflection {
  let index: ReflectionIndex

  private typealias Answer = GrpcReflectionV1.ServerReflectionResponse.MessageResponse

  /// The methods of both versions.
  static let methods =
    GrpcReflectionV1.ServerReflectionMethods.all + GrpcReflectionV1alpha.ServerReflectionMethods.all

  /// Registers both versions.
  func registerAll(on router: inout RPCRouter) {
    self.register(on: &router)
    let method = GrpcReflectionV1alpha.ServerReflectionMethods.serverReflectionInfo
    router.bidirectionalStreaming(method) { try await self.serverReflectionInfo($0, $1, $2) }
  }

  /// Answers each question in turn; one without an answer is told so and the call goes on.
  func serverReflectionInfo(
    _ requests: RequestStream<GrpcReflectionV1.ServerReflectionRequest>,
    _ responses: ResponseWriter<GrpcReflectionV1.ServerReflectionResponse>, _ context: CallContext
  ) async throws {
    for try await request in requests {
      try await responses.write(
        GrpcReflectionV1.ServerReflectionResponse(
          validHost: request.host, originalRequest: request, messageResponse: self.answer(request)))
    }
  }

  private func answer(_ request: GrpcReflectionV1.ServerReflectionRequest) -> Answer {
    switch request.messageRequest {
    case .fileByFilename(let name):
      return self.answer(self.index.file(named: name), to: "file \(name)")
    case .fileContainingSymbol(let name):
      return self.answer(self.index.file(declaring: name), to: "name \(name)")
    case .fileContainingExtension(let wanted):
      // The contract is proto3 and declares none.
      return self.notFound("extension \(wanted.extensionNumber) of \(wanted.containingType)")
    case .allExtensionNumbersOfType(let name):
      guard self.index.hasMessage(name) else { return self.notFound("message \(name)") }
      return .allExtensionNumbersResponse(.init(baseTypeName: name))
    case .listServices:
      return .listServicesResponse(.init(service: self.index.services.map { .init(name: $0) }))
    case nil:
      return self.error(.invalidArgument, "The request asks nothing.")
    }
  }

  private func answer(_ files: [[UInt8]]?, to question: String) -> Answer {
    guard let files else { return self.notFound(question) }
    return .fileDescriptorResponse(.init(fileDescriptorProto: files))
  }

  private func notFound(_ what: String) -> Answer {
    self.error(.notFound, "This server has no \(what).")
  }

  private func error(_ code: ServiceError.Code, _ message: String) -> Answer {
    .errorResponse(.init(errorCode: code.rawValue, errorMessage: message))
  }
}
