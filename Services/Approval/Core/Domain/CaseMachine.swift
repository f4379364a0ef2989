import DomainModel

/// Decides what a command does to a case: events, or every reason why not. Pure: the same case,
/// command and instant give the same answer.
///
/// A command that repeats what has happened already gives no event and no objection, for its sender
/// may only have missed the first answer.
struct CaseMachine: Sendable {
  /// The terms of the policy the case keeps.
  var terms: CaseTerms

  /// A new case, as intake sends it.
  func open(_ origin: ApprovalCase.Origin, as id: ID<ApprovalCase>) -> ApprovalCase {
    let submittedOn = CivilDate(of: origin.submittedAt)
    return ApprovalCase(
      id: id, origin: origin,
      clocks: RunningClocks(acceptance: self.terms.guardDue(from: submittedOn, of: origin.kind)))
  }

  /// What the command does.
  func decide(
    _ file: ApprovalCase, _ command: CaseCommand, now: Timestamp
  ) -> Result<[CaseEvent], CaseRefusal> {
    switch command {
    case .sign(let draft): self.sign(draft, in: file, now: now)
    case .resume(let round, let at): self.resume(file, round: round, supplementedAt: at, now: now)
    case .recordIssue(let issue):
      if file.issue?.certificateIdentifier == issue.certificateIdentifier {
        .success([])
      } else {
        Self.allow([.issued(issue)], in: file, where: file.state == .approved)
      }
    case .recordIssueRefusal(let reasons):
      Self.allow([.issueRefused(reasons)], in: file, where: file.state == .approved)
    }
  }

  private static func allow(
    _ events: [CaseEvent], in file: ApprovalCase, where isAllowed: Bool
  ) -> Result<[CaseEvent], CaseRefusal> {
    isAllowed ? .success(events) : .failure(file.refusal([.wrongState]))
  }

  private func sign(
    _ draft: OpinionDraft, in file: ApprovalCase, now: Timestamp
  ) -> Result<[CaseEvent], CaseRefusal> {
    let objections = file.objections(to: draft, lapsedFor: self.lapsedStage(of: file, at: now))
    guard objections.isEmpty, let stage = draft.stage, let decision = draft.decision else {
      return .failure(file.refusal(objections))
    }
    let opinion = Opinion(
      stage: stage, round: file.roundToSign, officerID: draft.officer.id,
      officeCode: draft.officer.office, decision: decision,
      reasons: draft.reasons.map(\.withSentence), text: draft.text, signedAt: now)
    return .success([self.event(of: opinion, in: file)])
  }

  /// Who may end a case whose once-only notice was never answered: nobody before the notice's due
  /// time has passed.
  private func lapsedStage(of file: ApprovalCase, at now: Timestamp) -> Stage? {
    guard let stage = file.state.stageOfLapse, let notice = file.awaitedNotice else { return nil }
    let due = self.terms.supplementDue(notifiedOn: CivilDate(of: notice.notifiedAt))
    return due.instant <= now ? stage : nil
  }

  func event(of opinion: Opinion, in file: ApprovalCase) -> CaseEvent {
    switch (opinion.stage, opinion.decision) {
    case (.accept, .pass):
      let acceptedAt = file.acceptance(signedAt: opinion.signedAt)
      let acceptedOn = CivilDate(of: acceptedAt)
      return .accepted(
        opinion, from: acceptedAt,
        promise: self.terms.promiseDue(acceptedOn: acceptedOn, of: file.origin.kind),
        statute: self.terms.statuteDue(acceptedOn: acceptedOn, of: file.origin.kind))
    case (.accept, .refuse): return .notAccepted(opinion)
    case (_, .supplement): return .supplementNeeded(opinion)
    case (.review, .pass), (.review, .refuse): return .reviewed(opinion)
    case (.approve, .pass): return .approved(opinion)
    case (.approve, .refuse): return .refused(opinion)
    }
  }

  private func resume(
    _ file: ApprovalCase, round: Int, supplementedAt: Timestamp, now: Timestamp
  ) -> Result<[CaseEvent], CaseRefusal> {
    if file.notices.contains(where: { $0.round == round && $0.supplementedAt != nil }) {
      return .success([])
    }
    guard let notice = file.awaitedNotice, notice.round == round else {
      return .failure(file.refusal([.wrongState]))
    }
    // The notice had lapsed and the case was ended; intake is being told so in the other direction.
    if file.state.isClosed { return .success([]) }
    // Two machines' clocks may differ a little: a supplement is never before its notice.
    let at = max(notice.notifiedAt, min(supplementedAt, max(now, notice.notifiedAt)))
    let clocks = self.clocks(of: file, supplementedAt: at, round: round)
    return .success([.supplemented(round: round, at: at, clocks: clocks)])
  }

  /// The clocks after a supplement: before acceptance the guard starts again, after it both terms
  /// move by the pause, where the policy lets a supplement stop them.
  func clocks(
    of file: ApprovalCase, supplementedAt: Timestamp, round: Int
  ) -> RunningClocks {
    var clocks = file.clocks
    let kind = file.origin.kind
    guard let acceptedAt = clocks.acceptedAt else {
      clocks.acceptance = self.terms.guardDue(from: CivilDate(of: supplementedAt), of: kind)
      return clocks
    }
    let stopping = self.terms.policy.supplementStopsClocks ? file.notices : []
    let pauses = stopping.filter { $0.stage == .review }.compactMap { notice in
      Pause(
        stoppedOn: CivilDate(of: notice.notifiedAt),
        resumedOn: CivilDate(of: notice.supplementedAt ?? supplementedAt))
    }
    let acceptedOn = CivilDate(of: acceptedAt)
    clocks.promise = self.terms.promiseDue(acceptedOn: acceptedOn, of: kind, pauses: pauses)
    clocks.statute = self.terms.statuteDue(acceptedOn: acceptedOn, of: kind, pauses: pauses)
    return clocks
  }
}

extension ApprovalCase {
  /// A refusal that says how the case stands.
  func refusal(_ objections: [Objection]) -> CaseRefusal {
    CaseRefusal(objections: objections, currentState: self.state, currentVersion: self.version)
  }
}
