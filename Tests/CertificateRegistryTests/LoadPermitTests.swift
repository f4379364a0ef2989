import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct LoadPermitTests {
  @Test(arguments: TestEngine.all)
  func `a holder loads his permit once, and gets it again on another device`(
    _ engine: TestEngine
  ) async throws {
    try await engine.withStore(FakeClock()) { store in
      let registry = try await RegistryFixture(over: store)
      let permit = try #require(try await registry.issue(1))
      let loaded = try await registry.load()
      let now = registry.clock.now().milliseconds
      #expect(loaded.permit?.loadedAtMs == now && loaded.permit?.document == permit.document)
      #expect(loaded.publicKeyPem == registry.signer.publicKeyPEM)
      registry.clock.advance(milliseconds: 86_400_000)
      let second = try await registry.load(key: "load-key-of-another-device")
      #expect(second.permit?.loadedAtMs == now && second.permit?.version == 2)
      let events = try await registry.client.getPermitHistory(
        .init(certificateIdentifier: permit.certificateIdentifier), options: .auditor
      ).events
      #expect(events.map(\.action) == ["issue_permit", "load_permit"])
      #expect(events.last?.actor == "applicant:person-1")
    }
  }

  @Test func `his face was checked within five minutes`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    let now = registry.clock.now()
    let request = RegistryV1.LoadPermitRequest(
      idempotencyKey: "load-key-of-person-1", certificateIdentifier: permit.certificateIdentifier)
    for instant in [nil, now.adding(milliseconds: -300_001), now.adding(milliseconds: 60_001)] {
      let error = await #expect(throws: ServiceError.self) {
        try await registry.client.loadPermit(request, options: .holder(1, faceAt: instant))
      }
      #expect(error?.reason == "FACE_CHECK_NEEDED")
      #expect(error?.metadata["within_minutes"] == "5")
    }
    let checkedAt = now.adding(milliseconds: -300_000)
    let loaded = try await registry.client.loadPermit(
      request, options: .holder(1, faceAt: checkedAt))
    // A repeat is answered though the check is too old by now.
    registry.clock.advance(milliseconds: 1)
    let again = try await registry.client.loadPermit(
      request, options: .holder(1, faceAt: checkedAt))
    #expect(again == loaded)
  }

  @Test func `nobody else loads it, but a guardian for his ward`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    let now = registry.clock.now()
    let callers: [(CallOptions, String?)] = [
      (.holder(2, faceAt: now), "PERMIT_NOT_FOUND"),
      (.holder(1, faceAt: now, acting: .trustee), "CALLER_NOT_ALLOWED"),
      (.holder(1, faceAt: now, acting: .relative), "CALLER_NOT_ALLOWED"),
      (.holder(1, faceAt: now, acting: .guardian), nil),
    ]
    for identifier in [permit.certificateIdentifier, ""] {
      for (caller, reason) in callers {
        let told = try await refusal {
          _ = try await registry.client.loadPermit(
            .init(
              idempotencyKey: "load-key-of-\(identifier.count)-here",
              certificateIdentifier: identifier), options: caller)
        }
        #expect(told?.first == reason)
      }
    }
  }

  @Test func `lost, superseded and malformed are told apart`() async throws {
    let (registry, first) = try await RegistryFixture.issued()
    registry.clock.set(try .noon("2027-02-15"))
    let second = try await registry.endorse(first, on: "2027-02-15")
    func told(_ identifier: String) async throws -> [String]? {
      try await refusal {
        _ = try await registry.client.loadPermit(
          .init(idempotencyKey: "load-key-of-person-1", certificateIdentifier: identifier),
          options: registry.holder)
      }
    }
    #expect(try await told(first.certificateIdentifier) == ["CERTIFICATE_SUPERSEDED"])
    #expect(try await told("1.2") == ["CERTIFICATE_IDENTIFIER_INVALID"])
    try await registry.lose(second)
    #expect(try await told(second.certificateIdentifier) == ["PERMIT_WRONG_STATE"])
    #expect(try await told("") == ["PERMIT_WRONG_STATE"])
  }
}
