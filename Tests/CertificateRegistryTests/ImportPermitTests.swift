import Crypto
import DomainModel
import PermitProof
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct ImportPermitTests {
  private typealias Request = RegistryV1.ImportPermitRequest

  private static func on(
    _ engine: TestEngine, _ body: (RegistryFixture) async throws -> Void
  ) async throws {
    let first = try await RegistryFixture()
    try await engine.withStore(first.clock) { store in
      try await body(RegistryFixture(again: first, over: store))
    }
  }

  private static func send(
    _ registry: RegistryFixture, _ person: Int = 1, key: String = "import-permit-key-1",
    _ change: (inout Request) -> Void = { _ in }
  ) async throws -> RegistryV1.ImportPermitResponse {
    var request = Request.sample(person, key: key)
    change(&request)
    return try await registry.client.importPermit(request, options: .authority)
  }

  /// The reason and the facts of a refusal.
  private static func refusal(
    _ registry: RegistryFixture, of person: Int = 1, _ change: (inout Request) -> Void
  ) async throws -> ServiceError {
    try #require(
      await #expect(throws: ServiceError.self) {
        try await Self.send(registry, person, key: "import-permit-key-9", change)
      })
  }

  @Test(arguments: TestEngine.all)
  func `an IC card stays good to its day, has no certificate, and nobody is written to`(
    _ engine: TestEngine
  ) async throws {
    try await Self.on(engine) { registry in
      registry.clock.set(try .noon("2026-03-10"))
      let answer = try await Self.send(registry) {
        $0.issuedOn = "2025-05-20"
        $0.validToOn = "2026-05-20"
      }
      let permit = try #require(answer.permit)
      #expect(!answer.stoodAlready)
      #expect(permit.kind == .icCard && permit.state == .valid)
      #expect(permit.validToOn == "2026-05-20" && permit.issuedOn == "2025-05-20")
      #expect(CertificateIdentifier(permit.certificateIdentifier)?.version == 1)
      let found = try await registry.client.getPermit(
        .init(certificateIdentifier: permit.certificateIdentifier), options: .auditor)
      #expect(found.permit?.facts == permit.facts)
      #expect(permit.document.isEmpty && permit.signature.isEmpty && found.publicKeyPem == "")
      #expect(try await registry.residence().liveCertificateIdentifier != "")
      registry.clock.set(try .noon("2026-05-21"))
      #expect(try await registry.permit(permit.certificateIdentifier).state == .suspended)
      #expect(try await registry.told().isEmpty)
      let log = try await LogReading(registry.store, registry.log)
      #expect(log.entries.map(\.action) == ["import_permit"] && log.unentered == 0)
      let detail = try #require(try await registry.history(permit).first?.detail)
      let digest = detail.split(separator: " ").last.flatMap { Hex.decode(String($0)) }
      let kept = try await registry.registryStore.read {
        try registry.registryStore.permits.signedDocument($0, of: ID(permit.permitID)).document
      }
      #expect(try digest == DigestAlgorithm.sha256.digest(kept))
    }
  }

  @Test(arguments: TestEngine.all)
  func `the same under another key is the one that stands, also once it was changed`(
    _ engine: TestEngine
  ) async throws {
    try await Self.on(engine) { registry in
      let first = try await Self.send(registry)
      #expect(try await Self.send(registry) == first)
      let again = try await Self.send(registry, key: "import-permit-key-2")
      #expect(again == .init(permit: first.permit, stoodAlready: true))
      let endorsed = try await registry.endorse(
        try #require(first.permit), on: CivilDate(of: registry.clock.now()).iso)
      let later = try await Self.send(registry, key: "import-permit-key-3")
      #expect(later.stoodAlready)
      #expect(later.permit?.certificateIdentifier == endorsed.certificateIdentifier)
      #expect(try await registry.count(.permit) == 1)
    }
  }

  @Test(arguments: TestEngine.all)
  func `endorsing it yields the electronic one, with the number of the card`(
    _ engine: TestEngine
  ) async throws {
    try await Self.on(engine) { registry in
      let card = try #require(try await Self.send(registry).permit)
      let permit = try await registry.endorse(card, on: CivilDate(of: registry.clock.now()).iso)
      #expect(permit.kind == .electronic && permit.state == .valid)
      #expect(permit.previousCertificateIdentifier == card.certificateIdentifier)
      let document = try PermitDocument(canonicalBytes: permit.document)
      #expect(document.naming.number == "IC-1")
      #expect(document.naming.identifier.version == 2)
      let key = try SM2PublicKey(pem: registry.signer.publicKeyPEM)
      #expect(try key.verify(permit.signature, of: permit.document))
      #expect(try await registry.told().map(\.reference) == [permit.permitID])
    }
  }

  @Test func `a conversion finds it and cancels it`() async throws {
    let registry = try await RegistryFixture()
    let card = try #require(try await Self.send(registry).permit)
    let answer = try await registry.client.convertPermit(
      .sample(1, kind: .existingPermit), options: .approval)
    #expect(answer.cancelledCertificateIdentifier == card.certificateIdentifier)
    #expect(answer.permit?.kind == .electronic)
  }

  @Test func `one that had run out is suspended since, and nobody is told of it again`()
    async throws
  {
    let registry = try await RegistryFixture()
    let card = try #require(try await Self.send(registry).permit)
    #expect(card.state == .suspended && card.suspensionNotedFromOn == "2016-05-21")
    #expect(try await registry.assembly.noteSuspensions() == 0)
    #expect(try await registry.told().isEmpty)
  }

  @Test func `a phone of an old file is as old as the permit`() async throws {
    let registry = try await RegistryFixture()
    _ = try await Self.send(registry)
    let answer = try await registry.report(1, .phone("13800138000", "2018-01-01"))
    #expect(answer.phonesRemoved == 1)
  }

  @Test(arguments: TestEngine.all)
  func `what contradicts the one on record is refused with both values, numbers masked`(
    _ engine: TestEngine
  ) async throws {
    try await Self.on(engine) { registry in
      _ = try await Self.send(registry)
      let dates = try await Self.refusal(registry) {
        $0.issuedOn = "2015-05-21"
        $0.validToOn = "2016-05-21"
        $0.bureauCode = "330102000000"
      }
      #expect(dates.reason == "IMPORT_DIFFERS")
      #expect(
        dates.metadata == [
          "stored_issued_on": "2015-05-20", "given_issued_on": "2015-05-21",
          "stored_valid_to_on": "2016-05-20", "given_valid_to_on": "2016-05-21",
          "stored_bureau_code": "330106000000", "given_bureau_code": "330102000000",
        ])
      let holder = try await Self.refusal(registry, of: 2) { $0.number = "IC-1" }
      #expect(holder.reason == "IMPORT_DIFFERS")
      #expect(Set(holder.metadata.keys) == ["stored_holder", "given_holder"])
      #expect(holder.metadata.values.allSatisfy { $0.hasPrefix("3****************") })
      let second = try await Self.refusal(registry) { $0.number = "IC-2" }
      #expect(second.reason == "PERMIT_ALREADY_LIVE")
      // Another kind may have the same number.
      let other = try await Self.send(registry, 2, key: "import-permit-key-2") {
        $0.number = "IC-1"
        $0.kind = .temporary
      }
      #expect(!other.stoodAlready)
      #expect(try await registry.count(.permit) == 2)
      #expect(try await registry.count(.person) == 2)
    }
  }

  @Test func `of somebody who has died none is imported`() async throws {
    let registry = try await RegistryFixture()
    _ = try await registry.register()
    try await registry.report(1, .died("2026-03-01"))
    #expect(try await Self.refusal(registry) { _ in }.reason == "PERSON_DECEASED")
  }

  @Test func `every defect is told at once`() async throws {
    let registry = try await RegistryFixture()
    let empty = await #expect(throws: ServiceError.self) {
      try await registry.client.importPermit(
        .init(idempotencyKey: "import-permit-key-1"), options: .authority)
    }
    let fields = Set(empty?.violations.map(\.field) ?? [])
    #expect(
      fields.isSuperset(of: [
        "kind", "number", "holder.citizen_id", "holder.name", "residence.division_code",
        "photo_sha256", "bureau_code", "issued_on", "valid_to_on",
      ]))
    let claims: [((inout Request) -> Void, String)] = [
      ({ $0.kind = .electronic }, "kind VALUE_UNKNOWN"),
      ({ $0.validToOn = "2015-05-20" }, "valid_to_on DATE_TOO_EARLY"),
      ({ $0.validToOn = "2025-05-21" }, "valid_to_on DATE_IN_FUTURE"),
      ({ $0.residence = .shangrao }, "residence.division_code DIVISION_OUTSIDE_REGION"),
      ({ $0.bureauCode = "330106500000" }, "bureau_code OFFICE_UNKNOWN"),
      ({ $0.phone = "12" }, "phone PHONE_INVALID"),
      ({ $0.number = String(repeating: "1", count: 65) }, "number TEXT_TOO_LONG"),
    ]
    for (change, expected) in claims {
      let error = try await Self.refusal(registry, change)
      #expect(error.violations.map { "\($0.field) \($0.reason)" }.contains(expected))
    }
    #expect(try await registry.count(.permit) == 0)
  }

  @Test func `the number stands open nowhere`() async throws {
    let registry = try await RegistryFixture()
    _ = try await Self.send(registry) { $0.number = CitizenIDs.woman(1) }
    let values = try await StoredValues(of: registry.store)
    #expect(values.places(of: CitizenIDs.woman(1)) == [])
  }

  @Test(arguments: TestEngine.all)
  func `it is found under a new key of the index before and after the old one goes`(
    _ engine: TestEngine
  ) async throws {
    try await Self.on(engine) { registry in
      let permit = try #require(try await Self.send(registry).permit)
      let bytes = registry.random.bytes(SecretKey.byteCount)
      let key = try #require(SecretKey(id: "next-blind", bytes: bytes))
      let next = HMACBlindIndex(key: key)
      let table = { index in
        EarlierPermitTable(sealer: registry.seals.sealer, index: index)
      }
      let both = table(TwoIndexes(first: next, second: registry.seals.blindIndex))
      let found = { (table: EarlierPermitTable) in
        try await registry.store.read { try table.find($0, .icCard, "IC-1")?.permit.text }
      }
      #expect(try await found(both) == permit.permitID)
      #expect(try await found(table(next)) == nil)
      let add = {
        try await registry.store.write { transaction in
          let page = try both.lookForMissingRows(transaction, after: "")
          return try both.addMissingRows(transaction, of: page.missing)
        }
      }
      #expect(try await add() == 1)
      #expect(try await add() == 0)
      #expect(try await found(table(next)) == permit.permitID)
    }
  }
}

/// A ring in rotation.
private struct TwoIndexes: BlindIndex {
  let first: HMACBlindIndex
  let second: HMACBlindIndex

  var keyID: String { self.first.keyID }
  var others: [any BlindIndex] { [self.second] }

  func blind(_ text: String) -> [UInt8] { self.first.blind(text) }
}
