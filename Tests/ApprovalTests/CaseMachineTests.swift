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
    ("confirm pass", .sign(.confirm, .pass)),
    ("confirm supplement", .sign(.confirm, .supplement, ["MATERIAL_UNCLEAR"])),
    ("confirm refuse", .sign(.confirm, .refuse, ["EVIDENCE_FALSE"])),
    ("forward pass", .sign(.forward, .pass)),
    ("make pass", .sign(.make, .pass)),
    ("notify pass", .sign(.notify, .pass)),
    ("notify refuse", .sign(.notify, .refuse, ["EVIDENCE_FALSE"])),
    ("withdraw", .withdraw(at: nineOClock("2026-03-10"))),
    ("close", .died("2026-03-10")),
    ("resume round 1", .resumeFirst),
    ("resume round 2", .resume(round: 2, supplementedAt: nineOClock("2026-03-10"))),
    ("issued", .issued()),
    ("issue refused", .issueRefusedAsLive),
  ]

  /// What an event outside does: where nothing is decided it closes the case, else it changes
  /// nothing, and is refused nowhere.
  private static func closing(_ state: CaseState) -> Result {
    state.isUndecided ? .becomes(.closed) : .unchanged
  }

  /// What is allowed; everything else is `CASE_WRONG_STATE`.
  static let allowed: [CaseState: [String: Result]] = [
    .awaitingAcceptance: [
      "accept pass": .becomes(.awaitingReview),
      "accept supplement": .becomes(.awaitingSupplement),
      "accept refuse": .becomes(.notAccepted), "withdraw": .becomes(.withdrawn),
    ],
    .awaitingSupplement: [
      "resume round 1": .becomes(.awaitingAcceptance), "withdraw": .becomes(.withdrawn),
    ],
    .awaitingReview: [
      "review pass": .becomes(.awaitingApproval),
      "review supplement": .becomes(.reviewSupplement),
      "review refuse": .becomes(.awaitingApproval), "withdraw": .becomes(.withdrawn),
    ],
    .reviewSupplement: [
      "resume round 1": .becomes(.awaitingReview), "withdraw": .becomes(.withdrawn),
    ],
    .awaitingApproval: [
      "withdraw": .becomes(.withdrawn),
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
    .withdrawn: ["withdraw": .unchanged],
    .awaitingConfirmation: [
      "confirm pass": .becomes(.approved), "confirm supplement": .becomes(.awaitingSupplement),
      "confirm refuse": .becomes(.notAccepted), "withdraw": .becomes(.withdrawn),
      // The bureau has nothing to do with what one officer of the station confirms.
      "approve pass": .refused(.officerWrongOffice),
      "approve supplement": .refused(.officerWrongOffice),
      "approve refuse": .refused(.officerWrongOffice),
    ],
    .awaitingForwarding: [
      "forward pass": .becomes(.awaitingReview), "withdraw": .becomes(.withdrawn),
    ],
    .awaitingMaking: ["make pass": .becomes(.awaitingNotification), "issued": .unchanged],
    .awaitingNotification: [
      "notify pass": .becomes(.completed), "notify refuse": .refused(.requestInvalid),
      "issued": .unchanged,
    ],
  ]

  @Test(arguments: CaseState.allCases)
  func `each state allows exactly its commands`(_ state: CaseState) throws {
    let file = try CaseAt.state(state)
    let machine = try PolicyData.machine(of: file.origin)
    #expect(file.state == state)
    for (name, command) in Self.commands {
      var command = command
      if case .sign(var draft) = command {
        draft.expectedVersion = file.version
        if let stage = draft.stage { draft.officer = Police.right(for: stage, of: file.origin) }
        command = .sign(draft)
      }
      let expected =
        name == "close"
        ? Self.closing(state) : Self.allowed[state]?[name] ?? .refused(.caseWrongState)
      let decided = machine.decide(file, command, now: nineOClock("2026-03-11"))
      #expect(try Self.result(of: decided, on: file) == expected, "\(state), \(name)")
    }
  }

  private static func result(
    of decided: Swift.Result<[CaseEvent], CaseRefusal>, on file: ApprovalCase
  ) throws -> Result {
    switch decided {
    case .failure(let refusal): .refused(refusal.objections[0].reason)
    case .success(let events) where events.isEmpty: .unchanged
    case .success(let events):
      .becomes(try events.reduce(file) { try $0.applying($1) }.state)
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
    case .officer, .decider:
      #expect(file.nextDue != nil)
      #expect(!file.workOffice.isEmpty)
      #expect(file.workStage != nil)
    case .registry: #expect(file.nextDue != nil)
    }
  }

  @Test func `each change raises the version by one`() throws {
    let file = try CaseAt.state(.completed)
    #expect(file.version == 5)
    #expect(file.opinions.map(\.stage) == [.accept, .review, .approve])
  }

  /// Of the event and its day: from when a case of 2026-03-10, nine o'clock, is closed, where that
  /// was recorded on 2026-03-12 at nine.
  static let instants: [(ClosureReason, String, Timestamp)] = [
    (.death, "2026-03-10", nineOClock("2026-03-10").adding(milliseconds: 15 * 3_600_000)),
    // Submitted in the name of somebody who was dead.
    (.death, "2026-03-08", nineOClock("2026-03-10")),
    // The day is not over yet.
    (.death, "2026-03-12", nineOClock("2026-03-12")),
    (.localHukou, "2026-03-11", nineOClock("2026-03-11").adding(milliseconds: -9 * 3_600_000)),
    (.localHukou, "2026-03-10", nineOClock("2026-03-10")),
  ]

  @Test(arguments: Self.instants)
  func `a case is closed from the instant of law on`(
    _ reason: ClosureReason, _ day: String, _ expected: Timestamp
  ) throws {
    let event = CaseCommand.close(
      reason, on: CivilDate(of: nineOClock(day)), recordedAt: nineOClock("2026-03-12"))
    let closed = try ApprovalCase.opened().after(event, at: "2026-03-13")
    #expect(closed.closure?.closedAt == expected)
    #expect(closed.closure?.eventOn.iso == day && closed.closure?.reason == reason)
    #expect(closed.timerAt == nil && closed.workOffice.isEmpty && closed.nextDue == nil)
    let replayed = CaseReplay.events(of: closed, by: try PolicyData.machine())
    #expect(replayed.last == closed.closure.map { .closed($0) })
  }

  @Test func `a repeated supplement changes nothing`() throws {
    let file = try CaseAt.state(.awaitingSupplement).after(.resumeFirst)
    let again = try PolicyData.machine().decide(
      file, .resumeFirst, now: nineOClock("2026-03-12"))
    #expect(again == .success([]))
  }
}
