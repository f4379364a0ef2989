import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct MigrationTests {
  static let migrations = RegistryAssembly.migrations
  private typealias Filled = (RegistryFixture, RegistryV1.Permit, EarlierData)

  private static func filled(_ version: Int = Self.migrations.count) async throws -> Filled {
    let (registry, permit) = try await RegistryFixture.filled(version)
    return (registry, permit, try await EarlierData(of: registry.store, Self.migrations))
  }

  @Test func `the data of this test fill every table`() async throws {
    let (_, _, data) = try await Self.filled()
    #expect(data.emptyTables == [])
  }

  @Test func `whatever a data key has sealed is found when the key is to go`() async throws {
    let (registry, _, _) = try await Self.filled()
    let left = try await SealWalk.placesLeft(
      of: registry.seals.dataKey, in: registry.store, RegistryAssembly.sealedTables)
    #expect(left == [])
  }

  @Test(arguments: TestEngine.all, EarlierData.versions(of: Self.migrations))
  func `what an earlier version holds is all there, and its person is known`(
    _ engine: TestEngine, _ version: Int
  ) async throws {
    let (registry, permit, data) = try await Self.filled(version)
    try await engine.withStore(registry.clock) { store in
      let rows = try await data.write(
        to: store, on: engine, version: version, now: registry.clock.now())
      #expect(rows > 8)
      let again = try await RegistryFixture(again: registry, over: store)
      #expect(try await data.lost(in: store, since: version) == [])
      let backfill = LogBackfill(store: again.registryStore, parts: again.parts)
      #expect(try await backfill.runOnce() == ([1: 2, 2: 3, 3: 3][version] ?? 0))
      _ = try await again.assembly.sequenceOnce()
      #expect(try await LogReading(store, again.log).defects() == [])
      let found = try await again.client.getPermit(
        .init(certificateIdentifier: permit.certificateIdentifier), options: .auditor)
      #expect(found.permit?.facts == permit.facts)
      #expect(found.permit?.logState == .sequenced)
      let history = try await again.client.getResidenceHistory(
        .init(citizenID: CitizenIDs.woman(1)), options: .intake)
      #expect(history.registrations.count == 1)
      #expect(history.liveCertificateIdentifier == permit.certificateIdentifier)
      var second = RegistryV1.IssuePermitRequest.sample(1)
      second.idempotencyKey = "another-order-of-the-same-person"
      second.caseID = "another-case"
      let error = await #expect(throws: ServiceError.self) {
        try await again.client.issuePermit(second, options: .approval)
      }
      #expect(error?.reason == "PERMIT_ALREADY_LIVE")
      #expect(try await again.issue(2) != nil)
      #expect(try await again.told().count == (version > 1 ? 3 : 2))
    }
  }
}
