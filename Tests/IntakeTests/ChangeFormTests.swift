import DomainModel
import Testing
import Wire

@testable import IntakeCore

/// What a form says of a change, of who else acts, and of what was shown at the counter.
struct ChangeFormTests {
  /// What is told of a form as one of a kind.
  private static func told(_ kind: ApplicationKind, _ change: (inout BadForm.Draft) -> Void) throws
    -> [String]
  {
    var draft = BadForm.goodAdult
    draft.kind = kind
    draft.form = FormInput(ModelV1.ApplicationForm.good(for: kind))
    draft.slots = [MaterialSlot(.idCard), MaterialSlot(.photo), MaterialSlot(.correctionProof)]
    for claim in draft.form.claims {
      for evidence in claim.evidence.compactMap(\.value) {
        draft.slots.insert(MaterialSlot(.evidence, evidence: evidence))
      }
    }
    draft.channel = kind == .confirmationSlip ? .window : .app
    change(&draft)
    return BadForm.told(try BadForm.read(draft))
  }

  @Test(arguments: ApplicationKind.allCases)
  func `the good form of each kind has no defect`(kind: ApplicationKind) throws {
    #expect(try Self.told(kind) { _ in } == [])
  }

  @Test(arguments: [ApplicationKind.addressChange, .contactChange])
  func `a change says when it was, and that has come`(kind: ApplicationKind) throws {
    let field = "form.changed_on"
    let rows = [
      ("", "FIELD_MISSING"), ("2026-03-11", "DATE_IN_FUTURE"), ("2026-02-30", "DATE_INVALID"),
    ]
    for (text, reason) in rows {
      #expect(try Self.told(kind) { $0.form.changedOn = text } == ["\(field) \(reason)"])
    }
    // Long ago is late, which is no defect.
    #expect(try Self.told(kind) { $0.form.changedOn = "2020-01-01" } == [])
    #expect(try Self.told(kind) { $0.form.changedOn = "2026-03-10" } == [])
  }

  @Test func `an endorsement may say it, a first permit not`() throws {
    #expect(try Self.told(.endorsement) { $0.form.changedOn = "2026-03-01" } == [])
    #expect(
      try Self.told(.firstPermit) { $0.form.changedOn = "2026-03-01" } == [
        "form.changed_on FIELD_NOT_WANTED"
      ])
  }

  @Test func `who acts is named, of full age, and somebody else`() throws {
    let relative = ProxyInput(
      capacity: .known(.relative), citizenID: guardianNumber, name: "李梅")
    #expect(try Self.told(.endorsement) { $0.form.proxy = relative } == [])
    #expect(
      try Self.told(.cancellation) { $0.form.proxy = relative } == ["form.proxy FIELD_NOT_WANTED"])
    #expect(
      try Self.told(.endorsement) { $0.form.proxy = ProxyInput() } == [
        "form.proxy.capacity FIELD_MISSING", "form.proxy.citizen_id FIELD_MISSING",
        "form.proxy.name FIELD_MISSING",
      ])
    let child = ProxyInput(capacity: .unknown, citizenID: childNumber, name: "王小小")
    #expect(
      try Self.told(.endorsement) { $0.form.proxy = child } == [
        "form.proxy.capacity VALUE_UNKNOWN", "form.proxy.citizen_id PROXY_TOO_YOUNG",
      ])
    let same = ProxyInput(capacity: .known(.relative), citizenID: adultNumber, name: "王小明")
    #expect(
      try Self.told(.endorsement) { $0.form.proxy = same } == [
        "form.proxy.citizen_id PROXY_SAME_PERSON"
      ])
  }

  @Test func `a slip says what was shown for it, and nothing else does`() throws {
    let field = "form.shown_paper"
    #expect(
      try Self.told(.confirmationSlip) { $0.form.shownPaper = .missing } == [
        "\(field) FIELD_MISSING"
      ])
    #expect(
      try Self.told(.confirmationSlip) { $0.form.shownPaper = .unknown } == [
        "\(field) VALUE_UNKNOWN"
      ])
    #expect(
      try Self.told(.endorsement) { $0.form.shownPaper = .known(.identityCard) } == [
        "\(field) FIELD_NOT_WANTED"
      ])
  }

  @Test func `a correction shows the person as he is right, with its proof`() throws {
    #expect(try Self.told(.faceDataCorrection) { $0.form.applicant.name = "王晓明" } == [])
    #expect(
      try Self.told(.faceDataCorrection) {
        $0.form.applicant.sex = .known(.female)
        $0.slots.remove(MaterialSlot(.correctionProof))
      } == [
        "form.applicant.sex SEX_NOT_MATCHING_ID", "materials.correction_proof MATERIAL_MISSING",
      ])
  }
}
