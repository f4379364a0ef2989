import DomainModel
import RPC
import ServiceCore
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// Rows that submit: registrations by who may declare them, and drafts with the person's own
/// assent.
struct BatchSubmissionTests {
  /// Whom the settings of the tests' world let declare residences.
  static let registrar = Caller(kind: .integrator, id: "collector")

  static func registration(
    _ world: World, _ key: String, number: String, checked: Bool = true
  ) -> IntakeV1.BatchRow {
    var form = ModelV1.ApplicationForm.adult
    form.applicant?.citizenID = number
    form.applicant?.sex = (Int(number.dropFirst(16).prefix(1)) ?? 1) % 2 == 1 ? .male : .female
    form.claims = []
    return IntakeV1.BatchRow(
      rowKey: key,
      content: .registration(
        .init(
          channel: .app, form: form, noticeVersion: "zhejiang-2022-1",
          identityCheckedAtMs: checked ? world.clock.now().milliseconds - 60_000 : 0)))
  }

  static func prepared(
    _ world: World, _ draft: IntakeV1.Application, number: String = adultNumber,
    at instant: Timestamp? = nil, acknowledging: Bool = false
  ) -> IntakeV1.BatchRow {
    IntakeV1.BatchRow(
      rowKey: "permit-\(draft.applicationID)",
      content: .prepared(
        .init(
          applicationID: draft.applicationID,
          assent: .init(
            citizenID: number, noticeVersion: "zhejiang-2022-1",
            assentedAtMs: (instant ?? world.clock.now()).milliseconds, means: .faceCheck,
            record: "record-1"),
          acknowledgeFindings: acknowledging)))
  }

  @Test func `who may declare residences submits each row once, with its number`() async throws {
    let world = try await World()
    let rows = (0..<12).map {
      Self.registration(world, "row-\($0)", number: SubmitBatchTests.person($0))
    }
    let first = try await SubmitBatchTests.submit(world, Array(rows[..<7]), by: Self.registrar)
    let all = try await SubmitBatchTests.submit(world, rows, by: Self.registrar)
    #expect(Array(all[..<7]) == first)
    #expect(all.allSatisfy { $0.outcome == .submitted && !$0.applicationNumber.isEmpty }, "\(all)")
    #expect(Set(all.map(\.applicationID)).count == 12)
    #expect(try await SubmitBatchTests.count(world, "application") == 12)
    let application = try await world.get(all[3].applicationID, by: Self.registrar)
    #expect(application.kind == .residenceRegistration && application.state == .submitted)
    #expect(application.commitment?.noticeVersion == "zhejiang-2022-1")
  }

  @Test func `nobody else declares residences, and who was not checked must show his card`()
    async throws
  {
    let world = try await World()
    let row = Self.registration(world, "row-1", number: adultNumber)
    let stranger = try await SubmitBatchTests.submit(world, [row])
    #expect(stranger.first?.refusal?.reason == "REGISTRATION_NOT_GRANTED")
    let unchecked = Self.registration(world, "row-2", number: adultNumber, checked: false)
    let refused = try await SubmitBatchTests.submit(world, [unchecked], by: Self.registrar)
    #expect(refused.first?.refusal?.reason == "FORM_DEFECTIVE")
    #expect(
      refused.first?.refusal?.violations.map(\.reason) == ["MATERIAL_ID_CARD_MISSING"])
    #expect(try await SubmitBatchTests.count(world, "application") == 0)
  }

  @Test func `a permit needs the person's own assent, which then is its commitment`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft()
    var bare = Self.prepared(world, draft)
    bare.content = .prepared(.init(applicationID: draft.applicationID))
    let refused = try await SubmitBatchTests.submit(world, [bare])
    #expect(refused.first?.refusal?.reason == "ASSENT_MISSING")
    #expect(try await world.get(draft.applicationID).state == .draft)
    world.clock.advance(milliseconds: 5_000)
    var row = Self.prepared(world, draft)
    row.rowKey = "mended"
    let results = try await SubmitBatchTests.submit(world, [row])
    #expect(results.map(\.outcome) == [.submitted], "\(results)")
    let application = try await world.get(draft.applicationID)
    #expect(application.state == .submitted)
    #expect(application.commitment?.assentedAtMs == world.clock.now().milliseconds)
    #expect(application.receipt?.applicationNumber == results.first?.applicationNumber)
    #expect(try await SubmitBatchTests.count(world, "application_assent") == 1)
    #expect(try await SubmitBatchTests.submit(world, [row]) == results)
  }

  @Test func `an assent of another, of tomorrow or from before the draft is none`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft()
    let now = world.clock.now()
    for (number, instant, told) in [
      (guardianNumber, now, ["assent.citizen_id ASSENT_OF_ANOTHER"]),
      (adultNumber, now.adding(milliseconds: 1), ["assent.assented_at_ms DATE_IN_FUTURE"]),
      (
        adultNumber, now.adding(milliseconds: -86_400_000),
        ["assent.assented_at_ms INSTANT_TOO_EARLY"]
      ),
    ] {
      var row = Self.prepared(world, draft, number: number, at: instant)
      row.rowKey = told[0]
      let result = try #require(try await SubmitBatchTests.submit(world, [row]).first)
      let found = (result.refusal?.violations ?? []).map { "\($0.field) \($0.reason)" }
      #expect(found == told)
    }
  }

  @Test func `rules that fail are told by their codes, and may be acknowledged`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft(since: "2026-02-01")
    var row = Self.prepared(world, draft)
    let refused = try #require(try await SubmitBatchTests.submit(world, [row]).first)
    #expect(refused.refusal?.reason == "FINDINGS_NOT_ACKNOWLEDGED")
    #expect(refused.refusal?.failedRules == ["HALF_YEAR_NOT_REACHED"])
    row = Self.prepared(world, draft, acknowledging: true)
    row.rowKey = "acknowledged"
    #expect(try await SubmitBatchTests.submit(world, [row]).first?.outcome == .submitted)
  }
}
