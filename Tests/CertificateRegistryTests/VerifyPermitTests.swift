import Crypto
import DomainModel
import PermitProof
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct VerifyPermitTests {
  private typealias Request = RegistryV1.VerifyPermitRequest

  private static func byNumber(_ permit: RegistryV1.Permit) -> Request {
    .sample(.certificateIdentifier(permit.certificateIdentifier))
  }

  @Test(arguments: TestEngine.all)
  func `a permit in force is told with what the purpose needs, and the look is kept`(
    _ engine: TestEngine
  ) async throws {
    try await engine.withStore(FakeClock()) { store in
      let registry = try await RegistryFixture(over: store)
      let permit = try #require(try await registry.issue(1))
      let found = try await registry.look(Self.byNumber(permit))
      #expect(
        found
          == RegistryV1.VerifyPermitResponse(
            valid: true, reasonCodes: ["VALID"], verifiedAtMs: registry.clock.now().milliseconds,
            maskedName: "阿*", validToOn: "2027-03-10", effectiveHere: true))
      #expect(
        try await registry.looks() == [
          ["integrator:housing-1", "certificate_identifier", permit.permitID, "VALID"]
        ])
      let row = try await store.read { snapshot in
        try snapshot.row("SELECT at, office_code, purpose, division_code FROM provision")
      }
      #expect(try row?.timestamp("at") == registry.clock.now())
      #expect(try row?.text("purpose") == "housing")
      #expect(try row?.text("division_code") == "330106")
      #expect(try row?.text("office_code").isEmpty == true)
    }
  }

  @Test func `at the first instant after the full year it says suspended though no timer has run`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    let midnight = try #require(CivilDate(iso: "2027-03-11")).startOfDay
    registry.clock.set(midnight.adding(milliseconds: -1))
    let before = try await registry.look(Self.byNumber(permit))
    #expect(before.valid && before.reasonCodes == ["VALID"])
    registry.clock.set(midnight)
    let after = try await registry.look(Self.byNumber(permit))
    #expect(!after.valid && after.reasonCodes == ["SUSPENDED"] && !after.effectiveHere)
    #expect(after.suspendedFromOn == "2027-03-11" && after.maskedName == "阿*")
    #expect(try await registry.count(.history) == 1)
  }

  @Test func `pending beyond its full year it is valid online, and its code cannot know offline`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    registry.clock.set(try .noon("2027-03-10"))
    try await registry.notePending(permit, on: "2027-03-10")
    #expect(try await registry.look(Self.byNumber(permit)).reasonCodes == ["VALID"])
    registry.clock.set(try .noon("2027-04-01"))
    let found = try await registry.look(Self.byNumber(permit))
    #expect(found.valid && found.reasonCodes == ["VALID", "ENDORSEMENT_PENDING"])
    #expect(found.validToOn == "2027-03-10" && found.effectiveHere)
    let evidence = Evidence(document: permit.document, signature: permit.signature)
    let offline = try registry.verifier().verify(evidence, asOf: registry.clock.now())
    #expect(offline.reasons.contains(.expired))
    #expect(ProofReason.expired.english.contains("only the registry knows"))
  }

  @Test func `lost, cancelled and superseded are told apart, and nothing more`() async throws {
    let (registry, first) = try await RegistryFixture.issued()
    registry.clock.set(try .noon("2027-02-15"))
    let second = try await registry.endorse(first, on: "2027-02-15")
    let steps: [(RegistryV1.Permit, [String])] = [(first, ["SUPERSEDED"]), (second, ["VALID"])]
    for (permit, reasons) in steps {
      #expect(try await registry.look(Self.byNumber(permit)).reasonCodes == reasons)
    }
    try await registry.lose(second)
    let lost = try await registry.look(Self.byNumber(second))
    #expect(
      lost
        == RegistryV1.VerifyPermitResponse(
          reasonCodes: ["LOST"], verifiedAtMs: registry.clock.now().milliseconds))
    try await registry.cancel(second)
    #expect(try await registry.look(Self.byNumber(second)).reasonCodes == ["CANCELLED"])
    #expect(
      try await registry.look(Self.byNumber(first)).reasonCodes == ["CANCELLED", "SUPERSEDED"])
    #expect(try await registry.looks().allSatisfy { $0[2] == first.permitID })
  }

  @Test func `days are told for points, standing to officers, and neither to others`() async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    registry.clock.set(try .noon("2026-03-19"))
    var request = Self.byNumber(permit)
    request.purpose = .points
    let points = try await registry.look(request)
    #expect(points.residenceDays == 10 && points.suspendedDays == 0)
    #expect(points.state == .unspecified && points.divisionCode.isEmpty)
    request.purpose = .police
    let police = try await registry.look(request, as: .officer)
    #expect(police.state == .valid && police.divisionCode == "330106")
    #expect(police.residenceDays == 0)
    let told = try await refusal { _ = try await registry.look(request) }
    #expect(told == ["CALLER_NOT_ALLOWED"])
    try await registry.lose(permit)
    #expect(try await registry.look(request, as: .officer).state == .lost)
  }

  @Test(arguments: [("330102", true), ("331123", false)])
  func `it is effective in its own unit`(_ division: String, _ isEffective: Bool) async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    let found = try await registry.look(
      .sample(.certificateIdentifier(permit.certificateIdentifier), in: division))
    #expect(found.valid && found.effectiveHere == isEffective)
  }

  @Test func `a document is checked by its signature, then by the registry`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    func look(_ document: [UInt8], _ signature: [UInt8]) async throws -> [String] {
      let shown = RegistryV1.ShownDocument(document: document, signature: signature)
      return try await registry.look(.sample(.document(shown))).reasonCodes
    }
    let altered = Array(
      String(decoding: permit.document, as: UTF8.self)
        .replacing("2027-03-10", with: "2028-03-10").utf8)
    let stranger = try DirectSigner()
    let forged = try await stranger.sign(permit.document)
    #expect(try await look(permit.document, permit.signature) == ["VALID"])
    #expect(try await look(altered, permit.signature) == ["SIGNATURE_WRONG"])
    #expect(try await look(permit.document, forged) == ["SIGNATURE_WRONG"])
    #expect(try await look(permit.document.dropLast(), permit.signature) == ["DOCUMENT_TRUNCATED"])
    #expect(try await look([], []) == ["DOCUMENT_TRUNCATED"])
    // A key that is damaged spoils no other.
    try await registry.store.write { transaction in
      try transaction.execute(
        """
        INSERT INTO signing_key (key_id, public_key_pem, first_used_at)
        VALUES ('damaged', 'nothing', 0)
        """)
    }
    try await registry.lose(permit)
    #expect(try await look(permit.document, permit.signature) == ["LOST"])
    try await registry.store.write { transaction in
      try transaction.execute(
        "UPDATE signing_key SET public_key_pem = 'nothing' WHERE key_id <> 'damaged'")
    }
    #expect(try await look(permit.document, permit.signature) == ["KEY_UNKNOWN"])
    let looks = try await registry.looks()
    #expect(looks.map { $0[1] } == Array(repeating: "document", count: 7))
    // Only what is genuine leads to a permit.
    #expect(looks.map { $0[2].isEmpty } == [false, true, true, true, true, false, true])
  }

  @Test func `a code is checked by its signature and its time, then by the registry`() async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    let face = try await registry.client.renderPermit(
      .init(subject: .certificateIdentifier(permit.certificateIdentifier), format: .png),
      options: .officer)
    let code = try #require(try PaperReading.code(onPNG: face.content))
    func look(_ text: String) async throws -> [String] {
      try await registry.look(.sample(.offlineCode(text))).reasonCodes
    }
    #expect(try await look(code) == ["VALID"])
    let flipped = code.dropLast() + (code.hasSuffix("0") ? "1" : "0")
    #expect(try await look(String(code.dropLast(3))) == ["CODE_TRUNCATED"])
    #expect(try await look(String(flipped)) == ["CODE_ALTERED"])
    #expect(try await look("https://example.invalid") == ["CODE_NOT_A_CODE"])
    let foreign = try await ForeignCode.made(like: permit, by: DirectSigner())
    #expect(try await look(foreign) == ["KEY_UNKNOWN"])
    let forger = try DirectSigner(named: registry.signer.keyID)
    let forged = try await ForeignCode.made(like: permit, by: forger)
    #expect(try await look(forged) == ["SIGNATURE_WRONG"])
    registry.clock.advance(milliseconds: 30 * 60_000)
    let late = try await registry.look(.sample(.offlineCode(code)))
    #expect(!late.valid && late.reasonCodes == ["CODE_EXPIRED"] && late.maskedName.isEmpty)
  }

  @Test func `what a request lacks is told at once, and is no look`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    let identifier = RegistryV1.VerifyPermitRequest.Subject.certificateIdentifier(
      permit.certificateIdentifier)
    let requests: [(Request, [String])] = [
      (Request(), ["FIELD_MISSING", "FIELD_MISSING", "FIELD_MISSING"]),
      // No name and no part of a number.
      (.sample(.certificateIdentifier(CitizenIDs.woman(1))), ["CERTIFICATE_IDENTIFIER_INVALID"]),
      (.sample(identifier, in: "330100"), ["DIVISION_NOT_COUNTY"]),
      (.sample(identifier, in: "361121"), ["DIVISION_OUTSIDE_REGION"]),
      (.sample(identifier, in: "x"), ["DIVISION_UNKNOWN"]),
    ]
    for (request, reasons) in requests {
      #expect(try await refusal { _ = try await registry.look(request) } == reasons)
    }
    #expect(try await registry.looks().isEmpty)
  }
}

/// A code of a registry that is another.
private enum ForeignCode {
  static func made(like permit: RegistryV1.Permit, by signer: DirectSigner) async throws -> String {
    let document = try PermitDocument(canonicalBytes: permit.document)
    let face = try #require(
      OfflineCode.Face(
        document.naming.identifier, name: document.holder.name,
        bureauCode: document.signing.authority.officeCode, issuedOn: document.term.issuedOn,
        validToOn: document.term.validToOn))
    let code = try #require(
      OfflineCode(
        .permit, face, madeAt: document.signing.at, expiresAt: document.term.validToOn.endOfDay,
        keyID: signer.keyID))
    return SignedCode(code, signature: try await signer.sign(code.signedBytes)).text
  }
}
