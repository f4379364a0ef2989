import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ServiceKit

/// A health service behind a router, and a client of it.
private struct Bench {
  let health = HealthRegistry(clock: FakeClock())
  let client: GrpcHealthV1.HealthClient

  init() throws {
    var access = AccessTable()
    for method in GrpcHealthV1.HealthMethods.all { access.allow(method, .anyone) }
    var router = RPCRouter(
      identity: nil, access: access, logger: RecordedLogs().logger())
    HealthService(health: self.health, services: ["anju.intake.v1.IntakeService"])
      .register(on: &router)
    self.client = GrpcHealthV1.HealthClient(try InProcessTransport(router, clock: FakeClock()))
  }

  func check(_ service: String) async throws -> GrpcHealthV1.HealthCheckResponse.ServingStatus {
    try await self.client.check(GrpcHealthV1.HealthCheckRequest(service: service)).status
  }
}

@Suite(.timeLimit(.minutes(10)))
struct HealthServiceTests {
  @Test(arguments: ["", "anju.intake.v1.IntakeService"])
  func `the server and its services answer alike`(service: String) async throws {
    let bench = try Bench()
    #expect(try await bench.check(service) == .notServing)
    bench.health.beginServing()
    #expect(try await bench.check(service) == .serving)
    bench.health.stopServing()
    #expect(try await bench.check(service) == .notServing)
  }

  @Test func `a service nobody registered is not found`() async throws {
    let bench = try Bench()
    let error = await #expect(throws: ServiceError.self) { try await bench.check("x") }
    #expect(error?.code == .notFound)
  }

  @Test func `a dependency answers under its own name, and the server serves all the same`()
    async throws
  {
    let bench = try Bench()
    bench.health.addCheck("store") {}
    bench.health.addCheck("issuing") { throw ServiceError(.issuingStopped) }
    bench.health.beginServing()
    #expect(try await bench.check("store") == .serving)
    #expect(try await bench.check("issuing") == .notServing)
    #expect(try await bench.check("") == .serving)
    bench.health.stopServing()
    let watched = try await bench.client.watch(.init(service: "issuing")) { responses in
      var heard: [GrpcHealthV1.HealthCheckResponse.ServingStatus] = []
      for try await response in responses { heard.append(response.status) }
      return heard
    }
    #expect(watched == [.serviceUnknown])
  }

  @Test func `a watcher hears each change and then the end`() async throws {
    let bench = try Bench()
    let request = GrpcHealthV1.HealthCheckRequest()
    let heard = try await bench.client.watch(request) { responses in
      var heard: [GrpcHealthV1.HealthCheckResponse.ServingStatus] = []
      for try await response in responses {
        heard.append(response.status)
        if heard.count == 1 { bench.health.beginServing() }
        if heard.count == 2 { bench.health.stopServing() }
      }
      return heard
    }
    #expect(heard == [.notServing, .serving, .notServing])
  }

  @Test func `a watcher of an unknown service hears so once`() async throws {
    let bench = try Bench()
    let request = GrpcHealthV1.HealthCheckRequest(service: "x")
    let heard = try await bench.client.watch(request) { responses in
      var heard: [GrpcHealthV1.HealthCheckResponse.ServingStatus] = []
      for try await response in responses {
        heard.append(response.status)
        bench.health.beginServing()
        bench.health.stopServing()
      }
      return heard
    }
    #expect(heard == [.serviceUnknown])
  }
}
