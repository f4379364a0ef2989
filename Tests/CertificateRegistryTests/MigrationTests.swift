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

  /// A person with a registration and a permit, whose texts are still owed; as far as a version of
  /// the schema can hold it: from the second on the permit has been endorsed, from the sixth
  /// printed, shown and looked at, from the seventh its holder has another number and somebody's IC
  /// card was imported, and in the eighth a platform is told.
  private static func filled(_ version: Int = Self.migrations.count) async throws -> Filled {
    let registry = try await RegistryFixture()
    _ = try await registry.register { $0.workplace = "测试店" }
    let issued = try #require(try await registry.issue(1))
    guard version > 1 else {
      return (registry, issued, try await EarlierData(of: registry.store, Self.migrations))
    }
    registry.clock.set(try #require(CivilDate(iso: "2027-02-15")).startOfDay)
    let permit = try await registry.endorse(issued, on: "2027-02-15")
    guard version > 5 else {
      #expect(try await registry.assembly.sequenceOnce() == 3)
      return (registry, permit, try await EarlierData(of: registry.store, Self.migrations))
    }
    let loaded = try await Self.show(registry)
    guard version > 6 else {
      #expect(try await registry.assembly.sequenceOnce() == 4)
      return (registry, loaded, try await EarlierData(of: registry.store, Self.migrations))
    }
    try await registry.report(1, .number(CitizenIDs.woman(7), "2027-02-01"))
    let renumbered = try await registry.permit(permit.certificateIdentifier)
    _ = try await registry.client.importPermit(.sample(3), options: .authority)
    #expect(try await registry.assembly.sequenceOnce() == 6)
    guard version > 7 else {
      return (registry, renumbered, try await EarlierData(of: registry.store, Self.migrations))
    }
    let sink = try RecordingSink().sink(registry.clock)
    #expect(try await FeedPush(sink, registry.log, registry.parts).pushOnce() == 0)
    return (registry, renumbered, try await EarlierData(of: registry.store, Self.migrations))
  }

  /// Loads, prints and shows the permit; returns it.
  private static func show(_ registry: RegistryFixture) async throws -> RegistryV1.Permit {
    let loaded = try #require(try await registry.load().permit)
    var slip = RegistryV1.PrintConfirmationSlipRequest.sample(loaded)
    slip.entrusted = .init(name: "李四", citizenID: CitizenIDs.woman(8))
    _ = try await registry.client.printConfirmationSlip(slip, options: .officer)
    let code = try await registry.present(for: .housing).code
    _ = try await registry.look(.sample(.presentationCode(code), key: "redeem-key-number-1"))
    return loaded
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
