import DomainModel
import Logging
import RPC
import Testing
import Wire

/// The generated protocol, registration and client fit together, over a channel without sockets.
struct GeneratedServiceTests {
  private struct Health: GrpcHealthV1.Health {
    func check(
      _ request: GrpcHealthV1.HealthCheckRequest, _ context: CallContext
    ) async throws -> GrpcHealthV1.HealthCheckResponse {
      guard request.service == "known" else { throw ServiceError(.messageNotFound) }
      return GrpcHealthV1.HealthCheckResponse(status: .serving)
    }

    func watch(
      _ request: GrpcHealthV1.HealthCheckRequest,
      _ responses: ResponseWriter<GrpcHealthV1.HealthCheckResponse>, _ context: CallContext
    ) async throws {
      for status in GrpcHealthV1.HealthCheckResponse.ServingStatus.allCases {
        try await responses.write(GrpcHealthV1.HealthCheckResponse(status: status))
      }
    }
  }

  private struct StoppedClock: TimeSource {
    func now() -> Timestamp { Timestamp(milliseconds: 0) }
    func sleep(until deadline: Timestamp) async throws {}
  }

  private func channel() throws -> InProcessTransport {
    let access = AccessTable([
      GrpcHealthV1.HealthMethods.check: .anyone, GrpcHealthV1.HealthMethods.watch: .anyone,
    ])
    var router = RPCRouter(
      identity: nil, access: access,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    Health().register(on: &router)
    return try InProcessTransport(router, clock: StoppedClock())
  }

  @Test func `a unary call goes there and back`() async throws {
    let client = GrpcHealthV1.HealthClient(try self.channel())
    #expect(try await client.check(.init(service: "known")).status == .serving)
    let error = await #expect(throws: ServiceError.self) {
      try await client.check(.init(service: "other"))
    }
    #expect(error?.reason == "MESSAGE_NOT_FOUND")
  }

  @Test func `a stream of answers arrives in order`() async throws {
    let client = GrpcHealthV1.HealthClient(try self.channel())
    let statuses = try await client.watch(.init()) { responses in
      var statuses: [Int32] = []
      for try await response in responses { statuses.append(response.status.rawValue) }
      return statuses
    }
    #expect(statuses == [0, 1, 2, 3])
  }

  @Test func `a request that cannot be written is not sent`() async throws {
    let client = GrpcHealthV1.HealthClient(try self.channel())
    let error = await #expect(throws: ServiceError.self) {
      try await client.check(.init(service: "known\u{0}"))
    }
    #expect(error?.code == .internal)
  }

  @Test func `bytes that do not parse are INTERNAL and reach no handler`() async throws {
    let channel = try self.channel()
    let error = await #expect(throws: ServiceError.self) {
      let _: [UInt8] = try await channel.unary(
        GrpcHealthV1.HealthMethods.check, WireBytes.field(1, "known\u{0}"), CallOptions())
    }
    #expect(error?.code == .internal)
  }

  @Test func `methods carry the contract's names and kinds`() {
    let upload = IntakeV1.IntakeServiceMethods.uploadMaterial
    #expect(upload.path == "/anju.intake.v1.IntakeService/UploadMaterial")
    #expect(upload.kind == .clientStreaming)
    #expect(IntakeV1.IntakeServiceMethods.watchApplication.kind == .serverStreaming)
    #expect(IntakeV1.IntakeServiceMethods.submitApplication.kind == .unary)
    #expect(IntakeV1.IntakeServiceMethods.all.first?.name == "CreateDraft")
  }
}
