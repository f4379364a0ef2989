import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct ProvisionSweeperTests {
  private static func sweeper(_ registry: RegistryFixture, years: Int = 3) -> ProvisionSweeper {
    ProvisionSweeper(store: registry.registryStore, parts: registry.parts, years: years)
  }

  @Test(arguments: TestEngine.all)
  func `looks are kept for three years to the day, codes for a day`(
    _ engine: TestEngine
  ) async throws {
    try await engine.withStore(FakeClock()) { store in
      let registry = try await RegistryFixture(over: store)
      let permit = try #require(try await registry.issue(1))
      try await registry.load()
      _ = try await registry.present()
      let request = RegistryV1.VerifyPermitRequest.sample(
        .certificateIdentifier(permit.certificateIdentifier))
      _ = try await registry.look(request)
      registry.clock.advance(milliseconds: 60_000 + Presentation.keptMs)
      #expect(try await Self.sweeper(registry).runOnce() == 0)
      registry.clock.advance(milliseconds: 1)
      #expect(try await Self.sweeper(registry).runOnce() == 1)
      registry.clock.set(try .noon("2029-03-10"))
      #expect(try await Self.sweeper(registry).runOnce() == 0)
      #expect(try await registry.looks().count == 1)
      registry.clock.set(try .noon("2029-03-11"))
      #expect(try await Self.sweeper(registry, years: 4).runOnce() == 0)
      #expect(try await Self.sweeper(registry).runOnce() == 1)
      #expect(try await registry.looks().isEmpty)
    }
  }

  @Test func `more than one transaction removes are all removed, step by step`() async throws {
    let registry = try await RegistryFixture()
    let count = ProvisionTable.purgeRowsMax + 10
    let query = LookQuery(
      subject: .certificate("x"), purpose: .housing, divisionCode: "330106")
    let look = Look(query: query, verifier: "integrator:housing-1", office: "")
    let old = LookAnswer([.permitUnknown], at: Timestamp(milliseconds: 0))
    try await registry.store.write { transaction in
      for _ in 0..<count { try ProvisionTable().record(transaction, look.provision(old)) }
    }
    async let removed = Self.sweeper(registry).runOnce()
    #expect(await registry.clock.waitForSleepers(1))
    #expect(try await registry.looks().count == 10)
    registry.clock.advance(milliseconds: ProvisionSweeper.stepPauseMs)
    #expect(try await removed == count)
  }
}
