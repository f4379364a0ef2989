import Crypto
import DomainModel
import PermitProof
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct RenderPermitTests {
  private typealias Request = RegistryV1.RenderPermitRequest

  private static func face(_ permit: RegistryV1.Permit) -> RegistryV1.RenderPermitRequest {
    Request(subject: .certificateIdentifier(permit.certificateIdentifier), format: .png)
  }

  @Test func `a face is a picture whose code verifies offline, for half an hour`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    let answer = try await registry.client.renderPermit(Self.face(permit), options: .officer)
    #expect(try DigestAlgorithm.sha256.digest(answer.content) == answer.sha256)
    let text = try #require(try PaperReading.code(onPNG: answer.content))
    let verifier = try registry.verifier()
    let code = try verifier.code(text)
    #expect(code.kind == .permit && code.face.identifier.text == permit.certificateIdentifier)
    #expect(code.face.suspendedFromOn == nil)
    let later = registry.clock.now().adding(milliseconds: 30 * 60_000)
    #expect(verifier.verify(code: text, asOf: later).reasons.contains(.codeExpired))
    let before = later.adding(milliseconds: -1)
    #expect(!verifier.verify(code: text, asOf: before).reasons.contains(.codeExpired))
  }

  @Test func `a holder sees his own once it is loaded, with his face checked just before`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    let now = registry.clock.now()
    let callers: [(CallOptions, String?)] = [
      (.holder(1, faceAt: now), "NOT_LOADED"), (.holder(1, faceAt: nil), "FACE_CHECK_NEEDED"),
      (.holder(2, faceAt: now), "PERMIT_NOT_FOUND"),
      (.holder(1, faceAt: now, acting: .trustee), "CALLER_NOT_ALLOWED"),
    ]
    for (caller, reason) in callers {
      let told = try await refusal {
        _ = try await registry.client.renderPermit(Self.face(permit), options: caller)
      }
      #expect(told?.first == reason)
    }
    try await registry.load()
    let answer = try await registry.client.renderPermit(
      Self.face(permit), options: registry.holder)
    #expect(try PaperReading.code(onPNG: answer.content) != nil)
  }

  @Test func `lost, cancelled and superseded permits stand on no paper`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    try await registry.lose(permit)
    let lost = await #expect(throws: ServiceError.self) {
      try await registry.client.renderPermit(Self.face(permit), options: .officer)
    }
    #expect(lost?.reason == "PERMIT_WRONG_STATE" && lost?.metadata["state"] == "lost")
    try await registry.cancel(permit)
    let cancelled = await #expect(throws: ServiceError.self) {
      try await registry.client.renderPermit(Self.face(permit), options: .officer)
    }
    #expect(cancelled?.metadata["state"] == "cancelled")
    let (other, first) = try await RegistryFixture.issued()
    other.clock.set(try .noon("2027-02-15"))
    let second = try await other.endorse(first, on: "2027-02-15")
    let superseded = await #expect(throws: ServiceError.self) {
      try await other.client.renderPermit(Self.face(first), options: .officer)
    }
    #expect(superseded?.reason == "CERTIFICATE_SUPERSEDED")
    #expect(
      superseded?.metadata["certificate_identifier"] == second.certificateIdentifier)
  }

  @Test func `one without an electronic certificate has no face yet`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    try await registry.store.write { transaction in
      try transaction.execute("UPDATE permit SET kind = 'ic_card'")
    }
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.renderPermit(Self.face(permit), options: .officer)
    }
    #expect(error?.reason == "PERMIT_NOT_ELECTRONIC" && error?.metadata["kind"] == "ic_card")
  }

  @Test func `only the photo that the certificate names is printed`() async throws {
    let registry = try await RegistryFixture()
    let pdf = try PaperSamples.printer.get().pdf(of: PaperSamples.slip(PaperSamples.ordinaryName))
    let photo = try PaperReading.jpeg(ofPDF: pdf, width: 358, height: 441)
    let broken = Array(photo.prefix(200))
    let photos = [(photo, 1), (broken, 2)]
    var permits: [RegistryV1.Permit] = []
    for (bytes, person) in photos {
      let order = RegistryV1.IssuePermitRequest.sample(person)
      let hash = try DigestAlgorithm.sha256.digest(bytes)
      let answer = try await registry.client.issuePermit(
        order.changed { $0.photoSha256 = hash }, options: .approval)
      permits.append(try #require(answer.permit))
    }
    var request = Self.face(permits[0])
    let without = try await registry.client.renderPermit(request, options: .officer)
    request.photo = photo
    let with = try await registry.client.renderPermit(request, options: .officer)
    #expect(with.content.count > without.content.count)
    var another = Self.face(permits[1])
    for (bytes, reason) in [(photo, "PHOTO_NOT_OF_PERMIT"), (broken, "MATERIAL_UNREADABLE")] {
      another.photo = bytes
      let told = try await refusal {
        _ = try await registry.client.renderPermit(another, options: .officer)
      }
      #expect(told == [reason])
    }
  }

  @Test func `a character that no font has is told, with its code point`() async throws {
    let registry = try await RegistryFixture()
    var order = RegistryV1.IssuePermitRequest.sample(1)
    order.holder?.householdAddress?.detail = "测试镇\u{E000}8号"
    let permit = try #require(
      try await registry.client.issuePermit(order, options: .approval).permit)
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.renderPermit(Self.face(permit), options: .officer)
    }
    #expect(error?.reason == "PAPER_CHARACTERS_MISSING")
    #expect(error?.metadata["characters"] == "U+E000")
  }

  @Test func `what a request lacks is told at once`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    let requests: [(Request, [String])] = [
      (Request(), ["FIELD_MISSING", "FIELD_MISSING"]),
      (
        Request(subject: .certificateIdentifier("1"), format: .pdf),
        ["CERTIFICATE_IDENTIFIER_INVALID", "VALUE_UNKNOWN"]
      ),
      (Request(subject: .certificateIdentifier(permit.certificateIdentifier)), ["FIELD_MISSING"]),
      (
        Request(subject: .registrationID(""), format: .png, photo: [1]),
        ["FIELD_MISSING", "FIELD_NOT_WANTED"]
      ),
    ]
    for (request, reasons) in requests {
      let told = try await refusal {
        _ = try await registry.client.renderPermit(request, options: .officer)
      }
      #expect(told == reasons)
    }
  }

  @Test(arguments: TestEngine.all)
  func `a voucher says person, place and authority, always in the same bytes`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let registry = try await RegistryFixture(over: store)
      let registration = try await registry.register()
      var request = Request(
        subject: .registrationID(registration.registrationID), format: .pdf)
      let paper = try await registry.client.renderPermit(request, options: .officer)
      let read = try PaperReading.letters(ofPDF: paper.content)
      for text in [
        "居住登记凭证", registration.registrationID, "阿依·𬎆", CitizenIDs.woman(1), "维吾尔族",
        "登记类别居住登记", "2025年8月31日", "江西省（361121）测试镇8号",
        "浙江省杭州市西湖区北山街道曙光社区测试路1号2幢301室", "杭州市公安局西湖区分局城关派出所",
      ] {
        #expect(read.contains(text), "\(text)")
      }
      registry.clock.advance(milliseconds: 86_400_000)
      #expect(try await registry.client.renderPermit(request, options: .intake) == paper)
      request.format = .png
      let own = CallOptions.holder(1, faceAt: registry.clock.now())
      let picture = try await registry.client.renderPermit(request, options: own)
      #expect(picture.content.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
      for (caller, reason) in [
        (CallOptions.stranger, "OFFICER_WRONG_OFFICE"),
        (.holder(1, faceAt: nil), "FACE_CHECK_NEEDED"),
        (.holder(2, faceAt: registry.clock.now()), "REGISTRATION_NOT_FOUND"),
      ] {
        let told = try await refusal {
          _ = try await registry.client.renderPermit(request, options: caller)
        }
        #expect(told == [reason])
      }
      _ = try await registry.client.endRegistration(.sample(registration), options: .intake)
      let ended = try await refusal {
        _ = try await registry.client.renderPermit(request, options: .officer)
      }
      #expect(ended == ["REGISTRATION_ENDED"])
    }
  }
}
