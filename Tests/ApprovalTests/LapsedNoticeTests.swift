import DomainModel
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// A once-only notice nobody answers: the case can be ended, but only after the notice's last day.
struct LapsedNoticeTests {
  /// Notice on 10 March 2026: 30 days end on Thursday, 9 April.
  static let due = nineOClock("2026-04-10").adding(milliseconds: -9 * 3_600_000)

  static let signings: [(CaseState, String, CaseCommand, CaseState?)] = [
    (
      .awaitingSupplement, "accept refuse", .sign(.accept, .refuse, ["SUPPLEMENT_INSUFFICIENT"]),
      .notAccepted
    ),
    (.awaitingSupplement, "accept pass", .sign(.accept, .pass), nil),
    (
      .awaitingSupplement, "accept supplement", .sign(.accept, .supplement, ["ID_CARD_EXPIRED"]),
      nil
    ),
    (
      .awaitingSupplement, "approve refuse", .sign(.approve, .refuse, ["SUPPLEMENT_INSUFFICIENT"]),
      nil
    ),
    (
      .reviewSupplement, "approve refuse", .sign(.approve, .refuse, ["SUPPLEMENT_INSUFFICIENT"]),
      .refused
    ),
    (.reviewSupplement, "approve pass", .sign(.approve, .pass), nil),
    (
      .reviewSupplement, "review refuse", .sign(.review, .refuse, ["SUPPLEMENT_INSUFFICIENT"]), nil
    ),
    (
      .reviewSupplement, "accept refuse", .sign(.accept, .refuse, ["SUPPLEMENT_INSUFFICIENT"]), nil
    ),
  ]

  @Test(arguments: Self.signings)
  func `only a refusal ends a lapsed case, and none does before its due time`(
    _ state: CaseState, _ name: String, _ command: CaseCommand, _ end: CaseState?
  ) throws {
    let file = try CaseAt.state(state)
    guard case .sign(var draft) = command else { return }
    draft.expectedVersion = file.version
    let machine = try PolicyData.machine()
    let early = machine.decide(file, .sign(draft), now: Self.due.adding(milliseconds: -1))
    #expect(Self.objection(to: early) == .caseWrongState, "\(name)")
    let late = machine.decide(file, .sign(draft), now: Self.due)
    guard let end else {
      #expect(Self.objection(to: late) == .caseWrongState, "\(name)")
      return
    }
    let ended = try late.get().reduce(file) { try $0.applying($1) }
    #expect(ended.state == end)
    #expect(Set(ended.opinions.map { "\($0.round) \($0.stage)" }).count == ended.opinions.count)
  }

  private static func objection(to decided: Result<[CaseEvent], CaseRefusal>) -> ErrorReason? {
    guard case .failure(let refusal) = decided else { return nil }
    return refusal.objections.first?.reason
  }

  @Test func `who accepted or reviewed does not end a lapsed case as approver`() throws {
    let file = try CaseAt.state(.reviewSupplement)
    for id in ["police-accept", "police-review"] {
      let command = CaseCommand.sign(
        .approve, .refuse, ["SUPPLEMENT_INSUFFICIENT"], by: Police.right(for: .approve, id: id),
        version: file.version)
      let decided = try PolicyData.machine().decide(file, command, now: Self.due)
      #expect(Self.objection(to: decided) == .officerAlreadyInCase)
    }
  }

  @Test func `a lapsed case still takes its supplement, an ended one stays ended`() throws {
    for state in [CaseState.awaitingSupplement, .reviewSupplement] {
      let file = try CaseAt.state(state)
      let resume = CaseCommand.resume(round: 1, supplementedAt: Self.due)
      #expect(try file.after([resume], at: Self.due).workStage != nil)
      let stage: Stage = state == .awaitingSupplement ? .accept : .approve
      let refusal = CaseCommand.sign(stage, .refuse, ["SUPPLEMENT_INSUFFICIENT"])
      let ended = try file.after([refusal], at: Self.due)
      #expect(try ended.after([resume], at: Self.due) == ended)
    }
  }

  @Test func `the refusals of lapsed cases are stored and told`() async throws {
    let desk = try await Desk()
    let before = try await desk.open("application-1")
    let after = try await desk.open("application-2")
    try await desk.sign(before, .accept, .supplement, ["PHOTO_UNFIT"])
    try await desk.sign(after, .accept)
    try await desk.sign(after, .review, .supplement, ["PHOTO_UNFIT"])
    desk.clock.advance(milliseconds: 31 * 86_400_000)
    try await desk.sign(before, .accept, .refuse, ["SUPPLEMENT_INSUFFICIENT"])
    try await desk.sign(after, .approve, .refuse, ["SUPPLEMENT_INSUFFICIENT"])
    #expect(try await desk.read(before).state == .notAccepted)
    #expect(try await desk.read(before).opinions.map(\.round) == [1, 2])
    #expect(try await desk.read(after).state == .refused)
    try await desk.resume("application-2")
    #expect(try await desk.read(after).state == .refused)
    try await desk.deliver()
    let told = desk.intake.told.compactMap { request -> String? in
      switch request.step {
      case .notAccepted(let refusal): "not accepted: \(refusal.reasons.map(\.code))"
      case .refused(let refusal): "refused: \(refusal.reasons.map(\.code))"
      default: nil
      }
    }
    #expect(
      Set(told) == [
        #"not accepted: ["SUPPLEMENT_INSUFFICIENT"]"#, #"refused: ["SUPPLEMENT_INSUFFICIENT"]"#,
      ])
  }
}
