import DomainModel
import Foundation
import PermitProof
import RPC
import ServiceCore
import Storage
import StorageSQLite
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct ErasureSweeperTests {
  @Test(arguments: TestEngine.all)
  func `whose term is over is erased, and nobody else`(_ engine: TestEngine) async throws {
    let first = try await RegistryFixture()
    try await engine.withStore(first.clock) { store in
      let registry = try await RegistryFixture(again: first, over: store)
      let permit = try await registry.fill()
      _ = try await registry.issue(2)
      try await registry.endAll(permit)
      #expect(try await registry.assembly.eraseOnce() == 0)
      registry.wait(years: 5, days: 0)
      #expect(try await registry.assembly.eraseOnce() == 0)
      registry.wait(years: 0)
      #expect(try await registry.assembly.eraseOnce() == 1)
      #expect(try await registry.assembly.eraseOnce() == 0)
      let left = try await registry.permit(permit.certificateIdentifier)
      #expect(left.erasedAtMs > 0 && left.version == permit.version + 2)
      #expect(try await registry.history(left).map(\.actor) == ["system"])
      // A permit lives though it is suspended, and its holder stays.
      let second = try await registry.client.findPermits(
        .init(key: .citizenID(CitizenIDs.woman(2))), options: .auditor)
      #expect(second.permits.map(\.erasedAtMs) == [0])
    }
  }

  @Test func `by a clock that has run ahead nobody is erased`() async throws {
    let registry = try await RegistryFixture()
    let permit = try await registry.fill()
    try await registry.endAll(permit)
    _ = try await registry.assembly.sequenceOnce()
    registry.wait(years: 6)
    try await registry.assembly.lookAtIssuing()
    #expect(try await registry.assembly.eraseOnce() == 0)
    #expect(try await refusal { _ = try await registry.erase() } == ["ISSUING_STOPPED"])
    #expect(try await registry.export().of("permit").count == 1)
    // An operator says that the registry has rested for so long.
    var settings = RegistrySettings(leafWaitMs: 0)
    settings.issuing.clockAheadDays = 36_500
    let again = try await RegistryFixture(
      again: registry, over: registry.store, settings: settings)
    try await again.assembly.lookAtIssuing()
    #expect(try await again.assembly.eraseOnce() == 1)
  }

  @Test func `one whom a court's order still concerns is kept`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    try await registry.hold(permit)
    try await registry.report(1, .died("2026-03-10"))
    _ = try await registry.told()
    registry.wait(years: 6)
    #expect(try await registry.assembly.eraseOnce() == 0)
    let options = CallOptions.dataProtection("330106000000")
    let error = await #expect(throws: ServiceError.self) {
      try await registry.erase(
        options, ground: .relativesRequest, citizenID: CitizenIDs.woman(1), reference: "个保-1")
    }
    #expect(error?.metadata["rules"] == "PERMIT_HELD")
  }

  @Test func `what ended long ago and was written down only now is kept for its term`() async throws
  {
    let registry = try await RegistryFixture()
    registry.clock.set(try .noon("2026-03-10"))
    _ = try await registry.register {
      $0.declaredOn = "2010-01-01"
      $0.endedOn = "2012-01-01"
    }
    #expect(try await registry.assembly.eraseOnce() == 0)
    registry.wait(years: 5)
    #expect(try await registry.assembly.eraseOnce() == 1)
  }

  @Test(arguments: TestEngine.all)
  func `who came back with an older backup is erased again`(_ engine: TestEngine) async throws {
    let registry = try await RegistryFixture()
    let permit = try await registry.fill()
    try await registry.endAll(permit)
    registry.wait(years: 5)
    let backup = try await EarlierData(of: registry.store, RegistryAssembly.migrations)
    #expect(try await registry.erase().entries.count == 2)
    try await engine.withStore(registry.clock) { store in
      _ = try await backup.write(
        to: store, on: engine, version: RegistryAssembly.migrations.count,
        now: registry.clock.now())
      let restored = try await RegistryFixture(again: registry, over: store)
      #expect(try await restored.export().of("permit").count == 1)
      #expect(try await restored.assembly.eraseOnce() == 1)
      #expect(try await refusal { _ = try await restored.export() } == ["PERSON_NOT_FOUND"])
      _ = try await restored.assembly.sequenceOnce()
      let head = try await restored.registryStore.treeHead(ofSize: 0).signed
      #expect(try await restored.audit(against: [head]).findings == [])
    }
  }

  @Test func `in the database's file stands nothing of who was erased`() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("erased-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/registry.db"
    let first = try await RegistryFixture()
    let store = try SQLiteStore(
      .file(path), time: first.clock, logger: first.parts.logger)
    let registry = try await RegistryFixture(again: first, over: store)
    let permit = try await registry.fill()
    try await registry.endAll(permit)
    registry.wait(years: 5)
    let salts = try await LogReading(store, registry.log).entries
      .filter { $0.entity == permit.permitID }.compactMap { $0.opened?.salt.bytes }
    let before = try await registry.secrets()
    _ = try await registry.erase()
    let gone = before.subtracting(try await registry.secrets())
    // What is kept of calls for a month goes with it; then the file is as it will be.
    await store.close()
    var bytes: [UInt8] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      bytes += [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
    }
    let data = Data(bytes)
    #expect(data.range(of: Data(permit.permitID.utf8)) != nil)
    for text in [CitizenIDs.woman(1), CitizenIDs.woman(7), "阿依·𬎆", "13800138000"] {
      #expect(data.range(of: Data(text.utf8)) == nil, "\(text)")
    }
    #expect(salts.count > 3 && salts.allSatisfy { data.range(of: Data($0)) == nil })
    #expect(gone.count > 30)
    #expect(gone.filter { data.range(of: Data($0)) != nil }.isEmpty)
  }
}
