import DomainModel
import Testing

@testable import IntakeCore

/// Every state against every step: what goes where, and what is refused with the state.
struct ApplicationStateTests {
  enum Step: String, CaseIterable {
    case assent, fill, upload, submit, supplement, accepted, supplementNeeded, notAccepted, refused
    case resumed, completed, withdrawn, closed
  }

  static let now = Timestamp(milliseconds: 1_773_104_400_000)

  /// Where a step leads; a step that is not listed is refused.
  static let table: [ApplicationState: [Step: ApplicationState]] = [
    .draft: [.assent: .draft, .fill: .draft, .upload: .draft, .submit: .submitted],
    .submitted: [
      .accepted: .accepted, .supplementNeeded: .supplementNeeded, .notAccepted: .notAccepted,
      .resumed: .submitted, .withdrawn: .withdrawn, .closed: .closed,
    ],
    .supplementNeeded: [
      .upload: .supplementNeeded, .supplement: .submitted, .notAccepted: .notAccepted,
      .resumed: .submitted, .withdrawn: .withdrawn, .closed: .closed,
    ],
    .accepted: [
      .supplementNeeded: .supplementNeeded, .refused: .refused, .completed: .completed,
      .resumed: .accepted, .withdrawn: .withdrawn, .closed: .closed,
    ],
    .notAccepted: [:], .refused: [:], .completed: [:], .withdrawn: [:], .closed: [:],
  ]

  @Test(arguments: ApplicationState.allCases)
  func `each step leads where the table says, or is refused with the state`(
    state: ApplicationState
  ) throws {
    let before = try Self.application(in: state)
    for step in Step.allCases {
      let result = Result { try Self.take(step, before) }
      switch (result, Self.table[state]?[step]) {
      case (.success(let after), let expected?):
        #expect(after.state == expected, "\(step)")
        #expect(after.version == before.version + 1)
      case (.failure(let error), nil):
        #expect((error as? ServiceError)?.metadata["current_state"] == state.rawValue, "\(step)")
      default: Issue.record("\(step) in \(state): \(result)")
      }
    }
  }

  @Test func `what was accepted and supplemented stays accepted, and is refused, not not-accepted`()
    throws
  {
    let accepted = try Self.application(in: .accepted)
    let waiting = try Self.take(.supplementNeeded, accepted)
    #expect(try Self.take(.supplement, waiting).state == .accepted)
    #expect(try Self.take(.refused, waiting).state == .refused)
    #expect(throws: ServiceError.self) { try Self.take(.notAccepted, waiting) }
  }

  @Test func `an open application is one with the authorities`() {
    #expect(
      Set(ApplicationState.allCases.filter(\.isOpen)) == [.submitted, .supplementNeeded, .accepted])
    #expect(
      Set(ApplicationState.allCases.filter(\.isFinal)) == [
        .notAccepted, .refused, .completed, .withdrawn, .closed,
      ])
  }

  static func application(in state: ApplicationState) throws -> Application {
    let draft = Application(
      id: ID("application"), owner: "integrator:app", kind: .firstPermit, channel: .app,
      under: "zhejiang-1", at: Self.now)
    let submitted = try Self.take(.submit, try Self.take(.upload, draft))
    return switch state {
    case .draft: draft
    case .submitted: submitted
    case .supplementNeeded: try Self.take(.supplementNeeded, submitted)
    case .accepted: try Self.take(.accepted, submitted)
    case .notAccepted: try Self.take(.notAccepted, submitted)
    case .refused: try Self.take(.refused, try Self.take(.accepted, submitted))
    case .completed: try Self.take(.completed, try Self.take(.accepted, submitted))
    case .withdrawn: try Self.take(.withdrawn, submitted)
    case .closed: try Self.take(.closed, submitted)
    }
  }

  static func take(_ step: Step, _ application: Application) throws -> Application {
    let sequence = application.progressSequence + 1
    func record(_ progress: Progress) throws -> Application {
      try application.recording(progress, sequence: sequence, at: Self.now) ?? application
    }
    let form = FormDocument(bytes: [], input: .adult())
    let refusal = Refusal(
      decidedAt: Self.now, reasons: [Reason(code: "X", text: "理由")], reconsiderationAuthority: "",
      court: "")
    switch step {
    case .assent: return try application.assenting(to: "zhejiang-2022-1", at: Self.now)
    case .fill: return try application.filling(in: form, at: Self.now)
    case .upload: return try application.adding(Self.material, at: Self.now)
    case .submit:
      return try application.submitting(
        form, Self.submission, under: "zhejiang-1", at: Self.now)
    case .supplement: return try application.supplementing(at: Self.now)
    case .accepted:
      return try record(
        .accepted(Acceptance(acceptedAt: Self.now, promiseDue: nil, statuteDue: nil)))
    case .supplementNeeded:
      return try record(
        .supplementNeeded(
          SupplementNotice(
            sequence: sequence, round: 1, notifiedAt: Self.now, reasons: refusal.reasons,
            supplementedAt: nil)))
    case .resumed: return try record(.resumed(Self.resumption(of: application)))
    case .notAccepted: return try record(.notAccepted(refusal))
    case .refused: return try record(.refused(refusal))
    case .completed:
      return try record(
        .completed(
          Completion(
            completedAt: Self.now, certificateIdentifier: "X", validTo: CivilDate(of: Self.now))))
    case .withdrawn: return try record(.withdrawn(at: Self.now))
    case .closed:
      return try record(
        .closed(
          Closure(reason: .death, eventOn: CivilDate(of: Self.now), closedAt: Self.now)))
    }
  }

  private static func resumption(of application: Application) -> Resumption {
    let due = DueDate(date: CivilDate(of: Self.now), isProvisional: false)
    return application.acceptance == nil
      ? .beforeAcceptance(acceptanceDue: due)
      : .afterAcceptance(promiseDue: due, statuteDue: due)
  }

  private static let material = Material(
    id: ID("material"), slot: MaterialSlot(.photo), mediaType: .jpeg, sizeBytes: 1, sha256: [],
    uploadedAt: now)

  private static let submission = Submission(
    number: "1", submittedAt: now, officeCode: "", officeName: "", bureauCode: "",
    acceptanceDue: DueDate(date: CivilDate(of: now), isProvisional: false), findings: [])
}

/// The same where not three officers decide.
extension ApplicationStateTests {
  @Test func `what one officer decides is completed and refused without an acceptance`() throws {
    let submitted = try Self.application(in: .submitted)
    let completion = Progress.completed(Completion(completedAt: Self.now))
    let done = try submitted.recording(completion, sequence: 1, on: .confirmed, at: Self.now)
    #expect(done?.state == .completed)
    #expect(throws: ServiceError.self) {
      try submitted.recording(completion, sequence: 1, on: .decided, at: Self.now)
    }
    let refusal = Refusal(
      decidedAt: Self.now, reasons: [Reason(code: "X", text: "理由")], reconsiderationAuthority: "",
      court: "")
    let refused = try submitted.recording(
      .refused(refusal), sequence: 1, on: .confirmed, at: Self.now)
    #expect(refused?.state == .refused)
    let waiting = try Self.application(in: .supplementNeeded)
    #expect(
      try waiting.recording(.refused(refusal), sequence: 2, on: .confirmed, at: Self.now)?.state
        == .refused)
  }

  @Test func `the registry's word ends what no officer decides, once`() throws {
    let submitted = try Self.application(in: .submitted)
    let completion = Progress.completed(Completion(completedAt: Self.now))
    let done = try submitted.carriedOut(completion, at: Self.now)
    #expect(done.state == .completed)
    #expect(done.progressSequence == 0)
    #expect(throws: ServiceError.self) { try done.carriedOut(completion, at: Self.now) }
  }

  @Test func `a withdrawal is asked for once, and falls where a decision was first`() throws {
    let submitted = try Self.application(in: .submitted)
    let asked = try #require(try submitted.askingBack(on: .decided, at: Self.now))
    #expect(asked.state == .submitted)
    #expect(try asked.askingBack(on: .decided, at: Self.now) == nil)
    #expect(throws: ServiceError.self) { try submitted.askingBack(on: .atOnce, at: Self.now) }
    let kept = try #require(asked.keptByDecision(at: Self.now))
    #expect(kept.withdrawal == nil)
    #expect(kept.keptByDecision(at: Self.now) == nil)
    let withdrawn = try asked.withdrawn(at: Self.now, recordedAt: Self.now)
    #expect(withdrawn.keptByDecision(at: Self.now) == nil)
    #expect(throws: ServiceError.self) { try withdrawn.askingBack(on: .decided, at: Self.now) }
  }
}
