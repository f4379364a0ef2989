import DomainModel
import Testing

@testable import ApprovalCore

/// Every state with every command: what becomes of the case, or which objection stands in the way.
struct CaseMachineTests {
  /// What a command leads to.
  enum Result: Hashable {
    case becomes(CaseState)
    case unchanged
    case refused(ErrorReason)
  }

  static let commands: [(name: String, command: CaseCommand)] = [
    ("accept pass", .sign(.accept, .pass)),
    ("accept supplement", .sign(.accept, .supplement, ["MATERIAL_UNCLEAR"])),
    ("accept refuse", .sign(.accept, .refuse, ["OFFICE_NOT_COMPETENT"])),
    ("review pass", .sign(.review, .pass)),
    ("review supplement", .sign(.review, .supplement, ["MATERIAL_UNCLEAR"])),
    ("review refuse", .sign(.review, .refuse, ["RESIDENCE_NOT_FOUND"])),
    ("approve pass", .sign(.approve, .pass)),
    ("approve supplement", .sign(.approve, .supplement, ["MATERIAL_UNCLEAR"])),
    ("approve refuse", .sign(.approve, .refuse, ["EVIDENCE_FALSE", "PERMIT_ALREADY_LIVE"])),
    ("resume round 1", .resumeFirst),
    ("resume round 2", .resume(round: 2, supplementedAt: nineOClock("2026-03-10"))),
    ("issued", .issued()),
    ("issue refused", .issueRefusedAsLive),
  ]

  /// What is allowed; everything else is `CASE_WRONG_STATE`.
  static let allowed: [CaseState: [String: Result]] = [
    .awaitingAcceptance: [
      "accept pass": .becomes(.awaitingReview),
      "accept supplement": .becomes(.awaitingSupplement),
      "accept refuse": .becomes(.notAccepted),
    ],
    .awaitingSupplement: ["resume round 1": .becomes(.awaitingAcceptance)],
    .awaitingReview: [
      "review pass": .becomes(.awaitingApproval),
      "review supplement": .becomes(.reviewSupplement),
      "review refuse": .becomes(.awaitingApproval),
    ],
    .reviewSupplement: ["resume round 1": .becomes(.awaitingReview)],
    .awaitingApproval: [
      "approve pass": .becomes(.approved),
      "approve supplement": .refused(.requestInvalid),
      // The registry has said nothing yet, so its code is none of this case's.
      "approve refuse": .refused(.requestInvalid),
    ],
    .approved: [
      "issued": .becomes(.completed), "issue refused": .becomes(.issueRefused),
    ],
    .issueRefused: [
      "approve pass": .becomes(.approved), "approve refuse": .becomes(.refused),
      "approve supplement": .refused(.requestInvalid),
    ],
    .completed: ["issued": .unchanged],
  ]

  @Test(arguments: CaseState.allCases)
  func `each state allows exactly its commands`(_ state: CaseState) throws {
    let machine = try PolicyData.machine()
    let file = try CaseAt.state(state)
    #expect(file.state == state)
    for (name, command) in Self.commands {
      var command = command
      if case .sign(var draft) = command {
        draft.expectedVersion = file.version
        command = .sign(draft)
      }
      let expected = Self.allowed[state]?[name] ?? .refused(.caseWrongState)
      let decided = machine.decide(file, command, now: nineOClock("2026-03-11"))
      #expect(Self.result(of: decided, on: file) == expected, "\(state), \(name)")
    }
  }

  private static func result(
    of decided: Swift.Result<[CaseEvent], CaseRefusal>, on file: ApprovalCase
  ) -> Result {
    switch decided {
    case .failure(let refusal): .refused(refusal.objections[0].reason)
    case .success(let events) where events.isEmpty: .unchanged
    case .success(let events):
      .becomes(events.reduce(file) { $0.applying($1) }.state)
    }
  }

  @Test(arguments: CaseState.allCases)
  func `an open state waits for somebody and a closed one for nobody`(_ state: CaseState) throws {
    let file = try CaseAt.state(state)
    switch state.waitingFor {
    case .nobody:
      #expect(state.isClosed)
      #expect(file.nextDue == nil)
    case .applicant:
      #expect(file.awaitedNotice != nil)
      #expect(file.nextDue == nil)
    case .officer, .registry:
      #expect(file.nextDue != nil)
    }
  }

  @Test func `each change raises the version by one`() throws {
    let file = try CaseAt.state(.completed)
    #expect(file.version == 5)
    #expect(file.opinions.map(\.stage) == [.accept, .review, .approve])
  }

  @Test func `a repeated supplement changes nothing`() throws {
    let file = try CaseAt.state(.awaitingSupplement).after(.resumeFirst)
    let again = try PolicyData.machine().decide(
      file, .resumeFirst, now: nineOClock("2026-03-12"))
    #expect(again == .success([]))
  }
}
