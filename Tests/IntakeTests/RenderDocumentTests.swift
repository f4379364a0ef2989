import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct RenderDocumentTests {
  static func pdf(
    _ world: World, _ kind: IntakeV1.DocumentKind, of id: String, round: Int32 = 0,
    by caller: Caller = World.integrator
  ) async throws -> [UInt8] {
    let answer = try await world.intake.renderDocument(
      .init(applicationID: id, kind: kind, round: round), options: world.options(caller))
    #expect(answer.sha256.count == 32)
    return answer.pdf
  }

  /// The letters of a paper, and that others find it sound.
  static func letters(
    _ world: World, _ kind: IntakeV1.DocumentKind, of id: String, round: Int32 = 0
  ) async throws -> String {
    let pdf = try await Self.pdf(world, kind, of: id, round: round)
    #expect(try PaperReading.isSound(pdf: pdf))
    return try PaperReading.letters(ofPDF: pdf)
  }

  @Test func `the form has every field, the ticked boxes and the opinions`() async throws {
    let world = try await World()
    var form = ModelV1.ApplicationForm.adult
    form.applicant?.name = "王𬎆"
    let application = try await world.submitted(form)
    let id = application.applicationID
    try await world.record(
      .accepted(RecordProgressTests.acceptance), sequence: 1, of: id,
      opinions: [Self.opinion(.accept, "police1")])
    let read = try await Self.letters(world, .applicationForm, of: id)
    for text in [
      "《浙江省居住证》申领表", "申请编号：\(application.receipt?.applicationNumber ?? "?")", "王𬎆",
      adultNumber, "性别男", "民族汉", "安徽省", "人民路8号",
      "浙江省杭州市西湖区北山街道保俶社区保俶路1号301室", "13812345678", "杭州某某科技有限公司", "合法稳定就业",
      "☑签订劳动合同", "☐参加社会保险", "☐自购房屋", "居住出租房屋：", "☐普通高等学校学籍证明",
      "本申请表所填内容正确无误", "申请人签名：王𬎆", "受理人意见：同意", "警号：police1", "审核人意见：", "审批人意见：",
      "一人一档，长期妥善保管",
    ] {
      #expect(read.contains(text.filter { !$0.isWhitespace }), "\(text)")
    }
    #expect(!read.contains("互认类型") && !read.contains("☑自购房屋"))
  }

  @Test func `the commitment of kinship says who, of whom, and what was assented to when`()
    async throws
  {
    let world = try await ShanghaiTests.world()
    world.registry.register(adultNumber, division: "310106", since: "2025-03-01")
    var form = ShanghaiTests.form(.employment, .labourContract)
    form.kinship = ModelV1.KinshipCommitment(
      relativeCitizenID: citizenNumber(born: "1960-01-01"), relativeName: "王老", relation: "父亲",
      textVersion: "shanghai-kinship-1", assented: true)
    let draft = try await world.readyDraft(of: .firstPermit, form, notice: ShanghaiTests.notice)
    #expect(try await world.submit(draft).submitted)
    let read = try await Self.letters(world, .kinshipCommitment, of: draft.applicationID)
    let kinship = try #require(try await world.get(draft.applicationID).form?.kinship)
    let assented = CivilDate(of: Timestamp(milliseconds: kinship.assentedAtMs)).chinese
    for text in [
      "亲属关系承诺书", "王老", kinship.relativeCitizenID, "系本人父亲", kinship.text, adultNumber,
      assented,
    ] {
      #expect(!text.isEmpty && read.contains(text.filter { !$0.isWhitespace }), "\(text)")
    }
  }

  @Test func `both receipts have their dates, and the same state gives the same bytes`()
    async throws
  {
    let world = try await World()
    let application = try await world.submitted()
    let id = application.applicationID
    let receipt = try await Self.letters(world, .receipt, of: id)
    let due = try #require(CivilDate(iso: application.receipt?.acceptanceDue?.dueOn ?? ""))
    for text in ["收件回执", "1．居民身份证", "2．本人相片", "3．签订劳动合同", due.chinese, "第三十二条"] {
      #expect(receipt.contains(text), "\(text)")
    }
    let first = try await Self.pdf(world, .receipt, of: id)
    try await world.record(.accepted(RecordProgressTests.acceptance), sequence: 1, of: id)
    world.clock.advance(milliseconds: 86_400_000)
    #expect(try await Self.pdf(world, .receipt, of: id) == first)
    let accepted = try await Self.letters(world, .acceptance, of: id)
    let acceptance = try #require(try await world.get(id).acceptance)
    for iso in [acceptance.promiseDue?.dueOn, acceptance.statuteDue?.dueOn] {
      let day = try #require(CivilDate(iso: iso ?? ""))
      #expect(accepted.contains(day.chinese))
    }
    #expect(accepted.contains("现予受理"))
  }

  @Test func `a notice lists all that is missing, a decision every reason and both ways to appeal`()
    async throws
  {
    let world = try await World()
    let id = try await world.submitted().applicationID
    try await world.record(SupplementApplicationTests.notice(1), sequence: 1, of: id)
    let notice = try await Self.letters(world, .supplementNotice, of: id)
    #expect(notice.contains("一次性告知书") && notice.contains("1．"))
    let error = try await refusal {
      _ = try await Self.pdf(world, .supplementNotice, of: id, round: 7)
    }
    #expect(error.reason == "DOCUMENT_NOT_THERE")

    let reasons = (1...30).map { ModelV1.Reason(code: "PHOTO_UNFIT", text: "第\($0)项不符合规定。") }
    try await world.record(
      .notAccepted(
        .init(
          decidedAtMs: world.clock.now().milliseconds, reasons: reasons,
          reconsiderationAuthority: "西湖区人民政府", court: "西湖区人民法院")), sequence: 2, of: id)
    let read = try await Self.letters(world, .nonAcceptance, of: id)
    for number in [1, 17, 30] { #expect(read.contains("\(number)．第\(number)项不符合规定。")) }
    for text in ["不予受理决定书", "60日内向西湖区人民政府申请行政复议", "6个月内向西湖区人民法院提起行政诉讼"] {
      #expect(read.contains(text), "\(text)")
    }
  }

  @Test func `what there is not is said, and what is somebody else's is not there`() async throws {
    let world = try await World()
    let draft = try await world.draft().applicationID
    let id = try await world.submitted().applicationID
    for (kind, of) in [
      (IntakeV1.DocumentKind.applicationForm, draft), (.acceptance, id), (.supplementNotice, id),
      (.nonAcceptance, id), (.refusal, id), (.kinshipCommitment, id), (.cancellation, id),
    ] {
      let error = try await refusal { _ = try await Self.pdf(world, kind, of: of) }
      #expect(error.reason == "DOCUMENT_NOT_THERE", "\(kind)")
    }
    let unknown = try await refusal { _ = try await Self.pdf(world, .unspecified, of: id) }
    #expect(unknown.told == ["kind FIELD_MISSING"])
    let stranger = Caller(kind: .integrator, id: "anotherapp")
    let hidden = try await refusal { _ = try await Self.pdf(world, .receipt, of: id, by: stranger) }
    #expect(hidden.code == .notFound)
  }

  static func opinion(
    _ stage: IntakeV1.SignedStage, _ officer: String,
    _ decision: IntakeV1.SignedDecision = .pass
  ) -> IntakeV1.SignedOpinion {
    .init(
      stage: stage, decision: decision, officerID: officer, officeCode: "330106500000",
      signedAtMs: 1_772_600_000_000)
  }
}
