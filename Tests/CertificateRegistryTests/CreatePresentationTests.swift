import Crypto
import DomainModel
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct CreatePresentationTests {
  private static func look(
    _ code: String, key: String, for purpose: RegistryV1.VerifyPurpose = .housing
  ) -> RegistryV1.VerifyPermitRequest {
    .sample(.presentationCode(code), for: purpose, key: key)
  }

  private static func loaded(over store: (any Store)? = nil) async throws -> RegistryFixture {
    let registry = try await RegistryFixture(over: store)
    _ = try await registry.issue(1)
    try await registry.load()
    return registry
  }

  @Test(arguments: TestEngine.all)
  func `a code is redeemed once, whatever restarts and whoever comes`(
    _ engine: TestEngine
  ) async throws {
    try await engine.withStore(FakeClock()) { store in
      let registry = try await Self.loaded(over: store)
      let code = try await registry.present()
      #expect(code.expiresAtMs == registry.clock.now().adding(milliseconds: 60_000).milliseconds)
      let first = Self.look(code.code, key: "redeem-key-number-1")
      let found = try await registry.look(first)
      #expect(found.valid && found.reasonCodes == ["VALID"] && found.maskedName == "阿*")
      // Another replica, over the same store.
      let again = try await RegistryFixture(again: registry, over: store)
      registry.clock.advance(milliseconds: 59_999)
      #expect(try await again.look(first) == found)
      let replay = try await again.look(Self.look(code.code, key: "redeem-key-number-2"))
      #expect(
        replay
          == RegistryV1.VerifyPermitResponse(
            reasonCodes: ["PRESENTATION_REPLAYED"],
            verifiedAtMs: registry.clock.now().milliseconds))
      let other = try await again.look(first, as: .verifier("school-1"))
      #expect(!other.valid && other.reasonCodes == ["PRESENTATION_TAKEN"])
      #expect(
        try await again.looks().map { [$0[0], $0[3]] } == [
          ["integrator:housing-1", "VALID"], ["integrator:housing-1", "PRESENTATION_REPLAYED"],
          ["integrator:school-1", "PRESENTATION_TAKEN"],
        ])
    }
  }

  @Test(arguments: TestEngine.all)
  func `of verifiers who come at once one is first`(_ engine: TestEngine) async throws {
    try await engine.withStore(FakeClock()) { store in
      let registry = try await Self.loaded(over: store)
      let code = try await registry.present().code
      let reasons = try await withThrowingTaskGroup(of: [String].self) { group in
        for number in 1...8 {
          group.addTask {
            try await registry.look(
              Self.look(code, key: "redeem-key-number-1"), as: .verifier("school-\(number)")
            ).reasonCodes
          }
        }
        return try await group.reduce(into: []) { $0.append(contentsOf: $1) }
      }
      #expect(reasons.sorted() == Array(repeating: "PRESENTATION_TAKEN", count: 7) + ["VALID"])
    }
  }

  @Test func `a minute later it says nothing any more`() async throws {
    let registry = try await Self.loaded()
    let code = try await registry.present()
    registry.clock.advance(milliseconds: 60_000)
    let found = try await registry.look(Self.look(code.code, key: "redeem-key-number-1"))
    #expect(!found.valid && found.reasonCodes == ["PRESENTATION_EXPIRED"])
  }

  @Test func `only its hash is kept, and a repeat gives it again`() async throws {
    let registry = try await Self.loaded()
    let code = try await registry.present()
    #expect(code.code.count == 5 + 44 && code.code.hasPrefix("AJP1:"))
    #expect(try await registry.present() == code)
    let other = try await registry.present(key: "present-key-number-two")
    #expect(other.code != code.code)
    let rows = try await registry.store.read { snapshot in
      try snapshot.rows("SELECT code_hash FROM presentation").map { try $0.bytes("code_hash") }
    }
    #expect(rows.count == 2)
    #expect(Set(rows) == Set(try [code, other].map { try PresentationCode(text: $0.code).hash }))
    // Even with the seals open, the kept answer has not the code.
    let kept = try await registry.store.read { snapshot in
      try registry.registryStore.tables.inbox.firstAnswer(
        snapshot, to: Self.call(registry))
    }
    let answer = try RegistryV1.CreatePresentationResponse(wireBytes: #require(kept))
    #expect(!answer.code.isEmpty && !code.code.lowercased().contains(answer.code))
  }

  private static func call(_ registry: RegistryFixture) throws -> InboxCall {
    let request = RegistryV1.CreatePresentationRequest(idempotencyKey: "present-key-of-person-1")
    return try InboxCall(
      caller: "applicant:person-1",
      method: RegistryV1.CertificateRegistryServiceMethods.createPresentation.path,
      key: "present-key-of-person-1",
      fingerprint: DigestAlgorithm.sha256.digest(request.wireBytes()))
  }

  @Test func `it needs a loaded permit in use, and a fresh face check`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    func told(_ caller: CallOptions) async throws -> [String]? {
      try await refusal {
        _ = try await registry.client.createPresentation(
          .init(
            idempotencyKey: "present-key-of-person-1",
            certificateIdentifier: permit.certificateIdentifier), options: caller)
      }
    }
    #expect(try await told(registry.holder) == ["NOT_LOADED"])
    try await registry.load()
    let before = registry.clock.now().adding(milliseconds: -300_001)
    #expect(try await told(.holder(1, faceAt: before)) == ["FACE_CHECK_NEEDED"])
    #expect(try await told(.holder(2, faceAt: before)) == ["PERMIT_NOT_FOUND"])
    try await registry.lose(permit)
    #expect(try await told(registry.holder) == ["PERMIT_WRONG_STATE"])
  }

  @Test func `it serves the purpose that the holder named, and is not used up by another`()
    async throws
  {
    let registry = try await Self.loaded()
    let code = try await registry.present(for: .education).code
    let other = try await registry.look(Self.look(code, key: "redeem-key-number-1"))
    #expect(other.reasonCodes == ["PRESENTATION_OF_ANOTHER_PURPOSE"] && other.maskedName.isEmpty)
    let found = try await registry.look(
      Self.look(code, key: "redeem-key-number-2", for: .education))
    #expect(found.valid)
  }

  @Test func `what is no code, cut, altered or unknown is told apart`() async throws {
    let registry = try await Self.loaded()
    let code = try await registry.present().code
    let unknown = try PresentationCode(
      nonce: [UInt8](repeating: 7, count: 20), registry.seals.blindIndex
    ).text
    let flipped = code.dropLast() + (code.hasSuffix("0") ? "1" : "0")
    for (number, (text, reason)) in [
      ("12345678", "PRESENTATION_NOT_A_CODE"), ("AJP", "PRESENTATION_TRUNCATED"),
      (String(code.dropLast()), "PRESENTATION_TRUNCATED"),
      (String(flipped), "PRESENTATION_ALTERED"), (code + "0", "PRESENTATION_ALTERED"),
      (unknown, "PRESENTATION_UNKNOWN"),
    ].enumerated() {
      let found = try await registry.look(Self.look(text, key: "redeem-key-number-\(number)"))
      #expect(!found.valid && found.reasonCodes == [reason])
    }
    #expect(try await registry.looks().count == 6)
  }

  @Test func `redeeming needs a key`() async throws {
    let registry = try await Self.loaded()
    let code = try await registry.present().code
    let told = try await refusal { _ = try await registry.look(Self.look(code, key: "")) }
    #expect(told == ["IDEMPOTENCY_KEY_INVALID"])
  }

  @Test func `no more codes of a permit live at once than may`() async throws {
    let registry = try await Self.loaded()
    for number in 1...Presentation.liveMax {
      _ = try await registry.present(key: "present-key-number-\(number)")
    }
    let error = await #expect(throws: ServiceError.self) {
      try await registry.present(key: "present-key-one-too-many")
    }
    #expect(error?.reason == "OVERLOADED" && error?.retryDelayMs == 60_000)
    registry.clock.advance(milliseconds: 60_000)
    _ = try await registry.present(key: "present-key-one-too-many")
  }
}
