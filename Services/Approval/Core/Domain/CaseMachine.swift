import DomainModel

/// Decides what a command does to a case: events, or every reason why not. Pure: the same case,
/// command and instant give the same answer.
///
/// A command that repeats what has happened already gives no event and no objection, for its sender
/// may only have missed the first answer.
struct CaseMachine: Sendable {
  /// The terms of the policy the case keeps.
  let terms: CaseTerms
  /// The way of the case's kind, as that policy has it.
  let workflow: Workflow
  /// The region's offices.
  let offices: CaseOffices
  /// Who is there at the offices of the case; nothing is known unless it is told.
  var people = DeskPeople()

  /// A new case, as intake sends it.
  func open(_ origin: ApprovalCase.Origin, as id: ID<ApprovalCase>) -> ApprovalCase {
    let file = ApprovalCase(
      id: id, origin: origin, state: CaseState(waitingAt: self.workflow.first),
      clocks: self.clocks(receivedOn: CivilDate(of: origin.submittedAt)))
    return self.atWork(file, since: origin.submittedAt)
  }

  /// What the command does.
  func decide(
    _ file: ApprovalCase, _ command: CaseCommand, now: Timestamp
  ) -> Result<[CaseEvent], CaseRefusal> {
    switch command {
    case .sign(let draft): return self.sign(draft, in: file, now: now)
    case .order(let order): return self.decide(file, order, now: now)
    case .resume(let round, let at):
      return self.resume(file, round: round, supplementedAt: at, now: now)
    case .recordEffect(let effect, let isLast):
      if let known = file.effect, known.joined(with: effect) == known { return .success([]) }
      return Self.allow(
        [isLast ? .issued(effect) : .effected(effect)], in: file, where: file.state == .approved)
    case .recordIssueRefusal(let reasons):
      return Self.allow([.issueRefused(reasons)], in: file, where: file.state == .approved)
    case .expedite(let draft): return self.expedite(draft, in: file, now: now)
    case .hold(let draft): return self.decide(file, draft, now: now)
    case .close(let reason, let day, let recordedAt):
      return .success(self.close(file, for: reason, on: day, recordedAt: recordedAt))
    case .withdraw(let at):
      if file.state == .withdrawn { return .success([]) }
      if file.isOnHold, file.state.isUndecided { return .failure(file.refusal([.onHold])) }
      return Self.allow(
        [.withdrawn(at: min(at, now))], in: file, where: file.state.isUndecided)
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
    let objections = self.opinionRules(of: file, now: now).objections(to: draft)
    guard objections.isEmpty, let stage = draft.stage, let decision = draft.decision else {
      return .failure(file.refusal(objections))
    }
    let opinion = Opinion(
      stage: stage, round: file.roundToSign, officerID: draft.officer.id,
      officeCode: draft.officer.office, decision: decision,
      reasons: draft.reasons.map(\.withSentence), text: draft.text, signedAt: now)
    let event = self.event(of: opinion, in: file)
    // What changes nothing at the registry is done once it is decided.
    let isDone = stage.decides && decision == .pass && !self.workflow.hasEffect
    return .success(isDone ? [event, .issued(ApprovalCase.Effect(at: now))] : [event])
  }

  /// The rules by which officers act on a case at an instant.
  func opinionRules(of file: ApprovalCase, now: Timestamp) -> OpinionRules {
    OpinionRules(
      file: file, workflow: self.workflow, offices: self.offices, today: CivilDate(of: now),
      now: now, lapsed: self.lapsedStage(of: file, at: now), people: self.people)
  }

  /// Who may end a case whose once-only notice was never answered: nobody before the notice's due
  /// time has passed. Before acceptance that is 不予受理 (Hangzhou rules, Art. 17: 拒不补充的,不予受理),
  /// after it 不通过, by the approver as always, with the reviewer's notice as the second opinion.
  private func lapsedStage(of file: ApprovalCase, at now: Timestamp) -> Stage? {
    guard let notice = file.awaitedNotice, file.state.waitingFor == .applicant else { return nil }
    let due = self.terms.supplementDue(notifiedOn: CivilDate(of: notice.notifiedAt))
    guard notice.lapsedAt != nil || due.instant <= now else { return nil }
    return file.state == .awaitingSupplement ? self.workflow.first : self.workflow.deciding
  }

  func event(of opinion: Opinion, in file: ApprovalCase) -> CaseEvent {
    switch (opinion.stage, opinion.decision) {
    case (_, .supplement): .supplementNeeded(opinion)
    case (.accept, .pass):
      self.accepted(file.acceptance(signedAt: opinion.signedAt), file) { from, promise, statute in
        .accepted(opinion, from: from, promise: promise, statute: statute)
      }
    case (.confirm, .pass) where file.clocks.acceptedAt == nil:
      self.accepted(file.receivedAt, file) { from, promise, statute in
        .confirmed(opinion, from: from, promise: promise, statute: statute)
      }
    case (.accept, .refuse): .notAccepted(opinion)
    case (.confirm, .refuse) where file.clocks.acceptedAt == nil: .notAccepted(opinion)
    case (.review, .pass), (.review, .refuse): .reviewed(opinion)
    case (.approve, .pass), (.confirm, .pass): .approved(opinion)
    case (.approve, .refuse), (.confirm, .refuse): .refused(opinion)
    case (.forward, _), (.make, _), (.notify, _): .handled(opinion)
    }
  }

  private func accepted(
    _ from: Timestamp, _ file: ApprovalCase,
    _ event: (Timestamp, DueDate, DueDate) -> CaseEvent
  ) -> CaseEvent {
    let (day, kind) = (CivilDate(of: from), file.origin.kind)
    return event(
      from, self.terms.promiseDue(acceptedOn: day, of: kind),
      self.terms.statuteDue(acceptedOn: day, of: kind))
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
    let clocks = self.clocks(of: file, supplementedAt: at)
    return .success([.supplemented(round: round, at: at, clocks: clocks)])
  }
}

extension ApprovalCase {
  /// A refusal that says how the case stands.
  func refusal(_ objections: [Objection]) -> CaseRefusal {
    CaseRefusal(objections: objections, currentState: self.state, currentVersion: self.version)
  }
}
