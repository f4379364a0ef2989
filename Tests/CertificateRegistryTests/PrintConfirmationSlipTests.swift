import Crypto
import DomainModel
import PermitProof
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct PrintConfirmationSlipTests {
  private typealias Request = RegistryV1.PrintConfirmationSlipRequest

  private static let trustee = RegistryV1.EntrustedPerson(
    name: "𠮷娜·买买提", citizenID: CitizenIDs.woman(7))

  private static func slips(_ registry: RegistryFixture) async throws -> [Row] {
    try await registry.store.read {
      try $0.rows(
        """
        SELECT slip_number, officer_id, station_code, shown_paper, entrusted, permit_status, sha256
        FROM slip ORDER BY slip_number
        """)
    }
  }

  @Test(arguments: TestEngine.all)
  func `a slip is printed, recorded, and printed again in the same bytes`(
    _ engine: TestEngine
  ) async throws {
    try await engine.withStore(FakeClock()) { store in
      let registry = try await RegistryFixture(over: store)
      let permit = try #require(try await registry.issue(1))
      var request = Request.sample(permit)
      request.shownPaper = .householdBook
      request.entrusted = Self.trustee
      let slip = try await registry.client.printConfirmationSlip(request, options: .officer)
      #expect(try DigestAlgorithm.sha256.digest(slip.pdf) == slip.sha256)
      #expect(slip.slipNumber.hasPrefix("330106-20260310-"))
      let read = try PaperReading.letters(ofPDF: slip.pdf)
      for text in [
        "编号：\(slip.slipNumber)", "阿依·𬎆", permit.certificateIdentifier, "证件状态正常",
        "受托人姓名：𠮷娜·买买提", "☐居民身份证☑居民户口簿☐电子居住证", "杭州市公安局西湖区分局城关派出所",
        "经办人police-330106500000",
      ] {
        #expect(read.contains(text), "\(text)")
      }
      let rows = try await Self.slips(registry)
      let row = try #require(rows.first)
      #expect(rows.count == 1)
      #expect(try row.text("slip_number") == slip.slipNumber)
      #expect(try row.text("officer_id") == "police-330106500000")
      #expect(try row.text("shown_paper") == "household_book")
      #expect(try row.bytes("sha256") == slip.sha256)
      let sealed = String(decoding: try row.bytes("entrusted"), as: UTF8.self)
      #expect(!sealed.contains(CitizenIDs.woman(7)))
      // Later, in another process, and although the permit may not be printed any more.
      try await registry.lose(permit)
      registry.clock.advance(milliseconds: 86_400_000)
      let again = try await RegistryFixture(again: registry, over: store)
      let repeated = try await again.client.printConfirmationSlip(request, options: .officer)
      #expect(repeated == slip)
      #expect(try await Self.slips(again).count == 1)
    }
  }

  @Test(arguments: TestEngine.all)
  func `asked for several times at once, it is one slip`(_ engine: TestEngine) async throws {
    try await engine.withStore(FakeClock()) { store in
      let registry = try await RegistryFixture(over: store)
      let permit = try #require(try await registry.issue(1))
      let slips = try await withThrowingTaskGroup(
        of: RegistryV1.PrintConfirmationSlipResponse.self
      ) { group in
        for _ in 1...4 {
          group.addTask {
            try await registry.client.printConfirmationSlip(.sample(permit), options: .officer)
          }
        }
        return try await group.reduce(into: Set()) { $0.insert($1) }
      }
      #expect(slips.count == 1)
      #expect(try await Self.slips(registry).count == 1)
    }
  }

  @Test func `its code verifies offline to the permit's last day`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    let slip = try await registry.client.printConfirmationSlip(
      .sample(permit), options: .officer)
    let page = try PaperReading.png(ofPDF: slip.pdf, dotsPerInch: 250)
    let text = try #require(try PaperReading.code(onPNG: page))
    let verifier = try registry.verifier()
    let code = try verifier.code(text)
    #expect(code.kind == .slip && code.face.identifier.text == permit.certificateIdentifier)
    let end = try #require(CivilDate(iso: "2027-03-10")).endOfDay
    #expect(code.expiresAt == end)
    let last = verifier.verify(code: text, asOf: end.adding(milliseconds: -1))
    #expect(last.reasons == [.snapshotMissing] && last.isGenuine)
    #expect(verifier.verify(code: text, asOf: end).verdict == .notInForce)
  }

  @Test func `a suspended permit's slip says so, on paper and in its code`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    registry.clock.set(try #require(CivilDate(iso: "2027-03-11")).startOfDay)
    let slip = try await registry.client.printConfirmationSlip(
      .sample(permit), options: .officer)
    let read = try PaperReading.letters(ofPDF: slip.pdf)
    #expect(read.contains("使用功能自2027年3月11日起中止") && !read.contains("依法享受"))
    let page = try PaperReading.png(ofPDF: slip.pdf, dotsPerInch: 250)
    let text = try #require(try PaperReading.code(onPNG: page))
    let found = try registry.verifier().verify(code: text, asOf: registry.clock.now())
    #expect(found.verdict == .suspended && !found.reasons.contains(.codeExpired))
  }

  @Test func `one whose endorsement is pending says that`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    registry.clock.set(try .noon("2027-03-10"))
    try await registry.notePending(permit, on: "2027-03-10")
    registry.clock.set(try .noon("2027-04-01"))
    let slip = try await registry.client.printConfirmationSlip(
      .sample(permit), options: .officer)
    let read = try PaperReading.letters(ofPDF: slip.pdf)
    #expect(read.contains("证件状态正常（签注办理中）") && read.contains("依法享受"))
  }

  @Test(arguments: ["330106000000", "330102500000", "330106510000"])
  func `only the station of the residence prints it`(_ office: String) async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    let told = try await refusal {
      _ = try await registry.client.printConfirmationSlip(
        .sample(permit), options: .officer(office))
    }
    #expect(told == ["OFFICER_WRONG_OFFICE"])
    #expect(try await Self.slips(registry).isEmpty)
  }

  @Test func `what a request lacks is told at once, and its key stays free`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    var request = Request.sample(permit)
    request.certificateIdentifier = ""
    request.shownPaper = .unspecified
    request.entrusted = RegistryV1.EntrustedPerson(name: "", citizenID: "1")
    let told = try await refusal {
      _ = try await registry.client.printConfirmationSlip(request, options: .officer)
    }
    #expect(
      told == [
        "CERTIFICATE_IDENTIFIER_INVALID", "FIELD_MISSING", "FIELD_MISSING", "CITIZEN_ID_LENGTH",
      ])
    let slip = try await registry.client.printConfirmationSlip(
      .sample(permit), options: .officer)
    var other = Request.sample(permit)
    other.entrusted = Self.trustee
    let reused = try await refusal {
      _ = try await registry.client.printConfirmationSlip(other, options: .officer)
    }
    #expect(reused == ["IDEMPOTENCY_KEY_REUSED"] && !slip.pdf.isEmpty)
  }

  @Test func `bytes that cannot be made again are not passed off as the first ones`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    let slip = try await registry.client.printConfirmationSlip(
      .sample(permit), options: .officer)
    // As if a font had another version since.
    try await registry.store.write { transaction in
      try transaction.execute("UPDATE slip SET sha256 = \([UInt8](repeating: 1, count: 32))")
    }
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.printConfirmationSlip(.sample(permit), options: .officer)
    }
    #expect(error?.reason == "PAPER_NOT_REPEATABLE")
    #expect(error?.metadata["slip_number"] == slip.slipNumber)
  }

  @Test func `lost and cancelled permits have no slip`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    try await registry.lose(permit)
    let told = try await refusal {
      _ = try await registry.client.printConfirmationSlip(.sample(permit), options: .officer)
    }
    #expect(told == ["PERMIT_WRONG_STATE"])
  }
}
