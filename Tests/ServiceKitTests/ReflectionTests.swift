import RPC
import TestSupport
import Testing
import Wire

@testable import ServiceKit

/// A server of the health service and nothing of its own.
private func paths(reflects: Bool) -> [String] {
  let builtIn = BuiltInServices(health: HealthRegistry(clock: FakeClock()), reflects: reflects)
  var access = AccessTable()
  builtIn.allow(in: &access)
  var router = RPCRouter(
    identity: nil, access: access, logger: RecordedLogs().logger())
  builtIn.register(on: &router)
  #expect(throws: Never.self) { try router.check() }
  return router.paths
}

struct ReflectionTests {
  @Test func `reflection is served in both versions, or not at all`() {
    let both = [
      "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
    ]
    #expect(paths(reflects: true).filter { $0.contains("reflection") } == both)
    #expect(paths(reflects: false).filter { $0.contains("reflection") } == [])
  }

  @Test func `a file is handed out with what it imports, each once and itself first`() throws {
    let index = ReflectionIndex(services: ["anju.intake.v1.IntakeService"])
    let files = try #require(index.file(named: "anju/intake/v1/intake.proto"))
    let names = files.compactMap { file in
      ContractFile.all.first { $0.descriptor == file }?.name
    }
    #expect(names.count == files.count && Set(names).count == names.count)
    #expect(names.first == "anju/intake/v1/intake.proto")
    // The service's own parts, and what all services share.
    let parts = ContractFile.all.map(\.name).filter { $0.hasPrefix("anju/intake/v1/") }
    #expect(Set(names) == Set(parts + ["anju/model/v1/model.proto"]))
  }

  @Test func `the contract of what a server does not serve stays hidden`() {
    let index = ReflectionIndex(services: ["anju.intake.v1.IntakeService"])
    #expect(index.file(named: "anju/approval/v1/approval.proto") == nil)
    #expect(index.file(declaring: "anju.approval.v1.ApprovalService") == nil)
    #expect(index.file(declaring: "grpc.testing.TestService") == nil)
  }

  @Test func `every service and message of the contract is found by its name`() {
    let methods =
      IntakeV1.IntakeServiceMethods.all + ApprovalV1.ApprovalServiceMethods.all
      + NotificationV1.NotificationServiceMethods.all
      + RegistryV1.CertificateRegistryServiceMethods.all
    let index = ReflectionIndex(services: Set(methods.map(\.service)))
    for method in methods {
      #expect(index.file(declaring: "\(method.service).\(method.name)") != nil)
    }
    #expect(index.hasMessage("anju.model.v1.Address"))
    #expect(!index.hasMessage("anju.model.v1"))
  }
}
