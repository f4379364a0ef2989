import DomainModel
import Testing

@testable import ApprovalCore

/// What speaks against an opinion: one rule a row.
struct OpinionRulesTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let rule: String
    let state: CaseState
    let expected: [ErrorReason]
    let change: @Sendable (inout OpinionDraft) -> Void
    var testDescription: String { self.rule }
  }

  static let officers: [Row] = [
    Row(
      rule: "the role must be the stage's", state: .awaitingReview, expected: [.officerWrongOffice]
    ) { $0.officer.role = "approve" },
    Row(
      rule: "review is done at the station", state: .awaitingReview, expected: [.officerWrongOffice]
    ) { $0.officer.office = Police.bureau },
    Row(
      rule: "approval is given at the bureau", state: .awaitingApproval,
      expected: [.officerWrongOffice]
    ) { $0.officer.office = Police.station },
    Row(rule: "another county has no say", state: .awaitingReview, expected: [.officerWrongOffice])
    { $0.officer.office = Police.elsewhere },
    Row(
      rule: "who accepted does not review", state: .awaitingReview,
      expected: [.officerAlreadyInCase]
    ) { $0.officer.id = "police-accept" },
    Row(
      rule: "who accepted does not approve", state: .awaitingApproval,
      expected: [.officerAlreadyInCase]
    ) { $0.officer.id = "police-accept" },
    Row(
      rule: "who reviewed does not approve", state: .awaitingApproval,
      expected: [.officerAlreadyInCase]
    ) { $0.officer.id = "police-review" },
    Row(
      rule: "a refused issue goes back to its approver", state: .issueRefused,
      expected: [.caseOfAnotherOfficer]
    ) { $0.officer.id = "police-other" },
    Row(rule: "an old version is stale", state: .awaitingReview, expected: [.versionStale]) {
      $0.expectedVersion -= 1
    },
    Row(
      rule: "every reason is told, the gravest first", state: .awaitingReview,
      expected: [.officerWrongOffice, .versionStale, .officerAlreadyInCase, .requestInvalid]
    ) {
      $0.officer = Officer(id: "police-accept", office: Police.elsewhere, role: "accept")
      $0.expectedVersion = 99
      $0.reasons = [CaseReason(code: "NO_SUCH_CODE", text: "理由")]
    },
  ]

  @Test(arguments: Self.officers)
  func `the right officer signs`(_ row: Row) throws {
    #expect(try Self.objections(row).map(\.reason) == row.expected)
  }

  static let contents: [(Row, [String])] = [
    (
      Row(rule: "stage and decision are named", state: .awaitingReview, expected: []) {
        $0.stage = nil
        $0.decision = nil
        $0.reasons = [CaseReason(code: "PHOTO_UNFIT", text: "")]
      }, ["stage VALUE_UNKNOWN", "decision VALUE_UNKNOWN"]
    ),
    (
      Row(rule: "passing needs no reason", state: .awaitingReview, expected: []) {
        $0.reasons = [CaseReason(code: "PHOTO_UNFIT", text: "")]
      }, ["reasons FIELD_NOT_WANTED"]
    ),
    (
      Row(rule: "refusing needs a reason", state: .awaitingReview, expected: []) {
        $0.decision = .refuse
      }, ["reasons FIELD_MISSING"]
    ),
    (
      Row(rule: "there are at most 50 reasons", state: .awaitingReview, expected: []) {
        $0.decision = .refuse
        $0.reasons = OfficerReason.allCases.map { CaseReason(code: $0.rawValue, text: "理由") }
        $0.reasons += Array(repeating: $0.reasons[0], count: 51 - $0.reasons.count)
      },
      ["reasons NUMBER_OUT_OF_RANGE"]
        + (OfficerReason.allCases.count..<50).map { "reasons[\($0)].code REASON_REPEATED" }
    ),
    (
      Row(
        rule: "a reason is in a catalogue, once, and says something", state: .awaitingReview,
        expected: []
      ) {
        $0.decision = .supplement
        $0.reasons = [
          CaseReason(code: "HALF_YEAR_NOT_REACHED", text: ""),
          CaseReason(code: "PHOTO_UNFIT", text: ""),
          CaseReason(code: "PHOTO_UNFIT", text: String(repeating: "长", count: 501)),
          CaseReason(code: "", text: "a\u{0}b"),
        ]
      },
      [
        "reasons[0].code REASON_UNKNOWN", "reasons[0].text FIELD_MISSING",
        "reasons[2].code REASON_REPEATED", "reasons[2].text TEXT_TOO_LONG",
        "reasons[3].code REASON_UNKNOWN", "reasons[3].text TEXT_CONTROL_CHARACTER",
      ]
    ),
    (
      Row(rule: "the text has 500 characters at most", state: .awaitingReview, expected: []) {
        $0.text = String(repeating: "长", count: 501)
      }, ["text TEXT_TOO_LONG"]
    ),
    (
      Row(rule: "the approver asks for no supplement", state: .awaitingApproval, expected: []) {
        $0.decision = .supplement
        $0.reasons = [CaseReason(code: "PHOTO_UNFIT", text: "")]
      }, ["decision DECISION_NOT_AT_STAGE"]
    ),
    (
      Row(
        rule: "after a refused issue the registry's reason is named", state: .issueRefused,
        expected: []
      ) {
        $0.decision = .refuse
        $0.reasons = [CaseReason(code: "EVIDENCE_FALSE", text: "")]
      }, ["reasons REASON_OMITTED"]
    ),
  ]

  @Test(arguments: Self.contents)
  func `an opinion's content keeps the rules`(_ row: Row, _ violations: [String]) throws {
    let objections = try Self.objections(row)
    #expect(objections.count == 1)
    guard case .invalid(let found) = objections.first else {
      Issue.record("no violation: \(objections)")
      return
    }
    #expect(found.map { "\($0.field) \($0.reason)" } == violations)
  }

  private static func objections(_ row: Row) throws -> [Objection] {
    let file = try CaseAt.state(row.state)
    let stage = try #require(file.workStage)
    var draft = OpinionDraft(
      officer: Police.right(for: stage), expectedVersion: file.version, stage: stage,
      decision: .pass, reasons: [], text: "")
    row.change(&draft)
    let machine = try PolicyData.machine(of: file.origin)
    return machine.opinionRules(of: file, now: nineOClock("2026-03-10")).objections(to: draft)
  }

  @Test func `a refusal names every failed finding`() throws {
    let rules = ["NOT_REGISTERED_HERE", "HALF_YEAR_NOT_REACHED"]
    let file = try ApprovalCase.opened(failedRules: rules)
      .after(.sign(.accept, .pass), .sign(.review, .refuse, rules))
    #expect(file.state == .awaitingApproval)
    let machine = try PolicyData.machine()
    let now = nineOClock("2026-03-10")
    let some = CaseCommand.sign(.approve, .refuse, [rules[0]], version: file.version)
    guard case .failure(let refusal) = machine.decide(file, some, now: now) else {
      Issue.record("an incomplete refusal was taken")
      return
    }
    let error = refusal.serviceError
    #expect(error.code == .invalidArgument)
    #expect(error.violations.map(\.reason) == ["REASON_OMITTED"])
    #expect(error.violations.first?.english.contains("HALF_YEAR_NOT_REACHED") == true)
    #expect(try file.after(.sign(.approve, .refuse, rules)).state == .refused)
  }

  struct NotAcceptedRow: Sendable {
    let codes: [String]
    /// What is told to be left out; nil where the opinion is taken.
    let omitted: [String]?
  }

  @Test(arguments: [
    NotAcceptedRow(
      codes: ["PHOTO_UNFIT"], omitted: ["NOT_REGISTERED_HERE", "HALF_YEAR_NOT_REACHED"]),
    NotAcceptedRow(codes: ["NOT_REGISTERED_HERE"], omitted: ["HALF_YEAR_NOT_REACHED"]),
    NotAcceptedRow(codes: ["HALF_YEAR_NOT_REACHED", "NOT_REGISTERED_HERE"], omitted: nil),
    NotAcceptedRow(codes: ["OFFICE_NOT_COMPETENT"], omitted: nil),
  ])
  func `not accepting names every failed finding, unless another office is competent`(
    _ row: NotAcceptedRow
  ) throws {
    let rules = ["NOT_REGISTERED_HERE", "HALF_YEAR_NOT_REACHED"]
    let file = try ApprovalCase.opened(failedRules: rules)
    let decided = try PolicyData.machine().decide(
      file, .sign(.accept, .refuse, row.codes), now: nineOClock("2026-03-10"))
    switch decided {
    case .success(let events):
      #expect(row.omitted == nil)
      #expect(try events.reduce(file) { try $0.applying($1) }.state == .notAccepted)
    case .failure(let refusal):
      let violations = refusal.serviceError.violations
      #expect(violations.map(\.reason) == row.omitted?.map { _ in "REASON_OMITTED" })
      for (violation, code) in zip(violations, row.omitted ?? []) {
        #expect(violation.english.contains(code) && violation.chinese.contains(code))
      }
    }
  }

  @Test func `a notice and a reviewer's advice need not name every failed finding`() throws {
    let file = try ApprovalCase.opened(failedRules: ["HALF_YEAR_NOT_REACHED"])
    #expect(
      try file.after(.sign(.accept, .supplement, ["PHOTO_UNFIT"])).state == .awaitingSupplement)
    let advised = try file.after(
      .sign(.accept, .pass), .sign(.review, .refuse, ["RESIDENCE_NOT_FOUND"]))
    #expect(advised.state == .awaitingApproval)
  }

  @Test func `what a notice named is not asked for again`() throws {
    let file = try CaseAt.state(.awaitingSupplement).after(.resumeFirst)
    let machine = try PolicyData.machine()
    let again = CaseCommand.sign(.accept, .supplement, ["PHOTO_UNFIT"], version: file.version)
    guard case .failure(let refusal) = machine.decide(file, again, now: nineOClock("2026-03-11"))
    else {
      Issue.record("the same thing was asked for twice")
      return
    }
    #expect(refusal.serviceError.violations.map(\.reason) == ["REASON_ALREADY_NOTIFIED"])
    let other = try file.after(.sign(.accept, .supplement, ["ID_CARD_EXPIRED"]))
    #expect(other.notices.map(\.round) == [1, 2])
    let refused = try file.after(.sign(.accept, .refuse, ["PHOTO_UNFIT"]))
    #expect(refused.state == .notAccepted)
  }

  @Test func `a reason without a sentence gets the catalogue's`() throws {
    var draft = OpinionDraft(
      officer: Police.right(for: .accept), expectedVersion: 1, stage: .accept,
      decision: .supplement, reasons: [CaseReason(code: "PHOTO_UNFIT", text: "")], text: "")
    let file = try ApprovalCase.opened().after(.sign(draft))
    #expect(file.opinions[0].reasons == [CaseReason(code: "PHOTO_UNFIT", text: "相片不符合规格要求。")])
    draft.reasons = []
    #expect(file.opinions[0].round == 1)
  }

  @Test func `a stranger to the case learns nothing of it`() throws {
    let file = try CaseAt.state(.awaitingReview)
    let refusal = file.refusal([.wrongOffice, .versionStale])
    #expect(refusal.serviceError == ServiceError(.officerWrongOffice))
    let stale = file.refusal([.versionStale, .alreadyInCase(as: .accept)]).serviceError
    #expect(
      stale.metadata == [
        "current_state": "awaiting_review", "current_version": "2", "officer_role": "accept",
        "objections": "VERSION_STALE,OFFICER_ALREADY_IN_CASE",
      ])
  }
}
