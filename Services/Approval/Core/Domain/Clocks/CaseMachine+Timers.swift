import DomainModel

/// What time alone does to a case, and when.
struct CaseTimer: Hashable, Sendable {
  /// The term that passes.
  let term: CaseTerm
  /// Its last day.
  let dueOn: CivilDate

  /// The instant of law: 24:00 of the last day.
  var at: Timestamp { self.dueOn.endOfDay }
}

// What happens to a case though nobody does anything. Each thing follows from the case as it stands
// and leaves a mark on it, so it happens once, whenever somebody looks.
extension CaseMachine {
  /// How many things that were due are done to a case in one go; the next go does the rest.
  static let elapsedMax = 16

  /// The next thing that time does to a case; nil where nothing is to come.
  func timer(of file: ApprovalCase) -> CaseTimer? {
    self.timers(of: file).min { ($0.at, $0.term.order) < ($1.at, $1.term.order) }
  }

  private func timers(of file: ApprovalCase) -> [CaseTimer] {
    var found = file.runningTerms.filter { term, _ in
      // Where one officer decides there is no acceptance to miss: both terms run from receipt.
      term != .guarding || file.state != .awaitingConfirmation
    }.map { CaseTimer(term: $0, dueOn: $1.date) }
    switch file.state.waitingFor {
    case .applicant:
      if let notice = file.awaitedNotice, notice.lapsedAt == nil {
        let due = self.terms.supplementDue(notifiedOn: CivilDate(of: notice.notifiedAt))
        found.append(CaseTimer(term: .supplement, dueOn: due.date))
      }
    case .officer(let stage) where stage == self.workflow.first:
      let due = self.terms.warningDue(
        from: CivilDate(of: file.receivedAt), of: self.workflow.kind)
      found.append(CaseTimer(term: .warning, dueOn: due.date))
    case .officer, .decider, .registry, .nobody: break
    }
    return found.filter { timer in
      self.movesCase(timer, file)
        || !file.alarms.contains { $0.term == timer.term && $0.dueOn == timer.dueOn }
    }
  }

  /// Whether a term that passes changes how the case stands, and not only who is told. While a
  /// court holds the case it stands still: then the superior office is told, and what the law does
  /// waits for the order's end, and counts from its instant.
  private func movesCase(_ timer: CaseTimer, _ file: ApprovalCase) -> Bool {
    if file.isOnHold { return false }
    return timer.term == .supplement
      || (timer.term == .guarding && file.state == .awaitingAcceptance)
  }

  /// All that time has done to a case by an instant, in its order; each at its instant of law.
  func elapsed(_ file: ApprovalCase, until now: Timestamp) -> [CaseEvent] {
    var (present, events) = (file, [CaseEvent]())
    while events.count < Self.elapsedMax, let timer = self.timer(of: present), timer.at <= now {
      let event = self.event(of: timer, in: present)
      events.append(event)
      present = self.applying(event, to: present)
    }
    return events
  }

  /// What time has done to a case before a command that comes at an instant, though nobody has
  /// written it down yet: terms that passed, and what the law itself did then, so that nothing
  /// hangs on who looks first. An opinion that lets the case go on is different: that it comes late
  /// it knows itself, and a case that somebody takes up at last need not be taken up by the law.
  func passed(
    _ file: ApprovalCase, before command: CaseCommand, at now: Timestamp
  ) -> [CaseEvent] {
    switch command {
    case .sign(let draft) where draft.decision == .pass && draft.stage == file.openStage:
      self.alarms(of: file, until: now)
    case .withdraw(let at): self.elapsed(file, until: min(at, now))
    case .sign, .resume, .order, .recordEffect, .recordIssueRefusal, .expedite, .hold, .close:
      self.elapsed(file, until: now)
    }
  }

  /// The alarms among what time has done to a case by an instant.
  private func alarms(of file: ApprovalCase, until now: Timestamp) -> [CaseEvent] {
    let timers = self.timers(of: file).filter { timer in
      timer.at <= now && !self.movesCase(timer, file)
    }
    return timers.sorted { ($0.at, $0.term.order) < ($1.at, $1.term.order) }
      .map { self.event(of: $0, in: file) }
  }

  private func event(of timer: CaseTimer, in file: ApprovalCase) -> CaseEvent {
    switch timer.term {
    case .guarding where self.movesCase(timer, file): return self.deemed(file, at: timer.at)
    case .supplement where self.movesCase(timer, file):
      guard let notice = file.awaitedNotice else { break }
      var next = file
      for index in next.notices.indices where next.notices[index].round == notice.round {
        next.notices[index].lapsedAt = timer.at
      }
      return .supplementLapsed(
        round: notice.round, at: timer.at, clocks: self.recounted(next))
    default: break
    }
    let day = CivilDate(of: timer.at)
    let own = file.workOffice.isEmpty ? file.origin.bureauCode : file.workOffice
    let told = timer.term == .warning ? own : self.offices.superior(of: own, on: day)
    return .alarmed(
      CaseAlarm(term: timer.term, dueOn: timer.dueOn, raisedAt: timer.at, officeCode: told))
  }

  /// 逾期不告知的,自收到申请材料之日起即为受理 (Administrative Licence Law, Art. 32(4)): nobody has to
  /// sign what the law has done. Both terms run from receipt, so the next look finds them missed.
  func deemed(_ file: ApprovalCase, at instant: Timestamp) -> CaseEvent {
    let (day, kind) = (CivilDate(of: file.receivedAt), file.origin.kind)
    return .deemedAccepted(
      at: instant, from: file.receivedAt,
      promise: self.terms.promiseDue(acceptedOn: day, of: kind),
      statute: self.terms.statuteDue(acceptedOn: day, of: kind))
  }
}

extension CaseEvent {
  /// The instant of law at which time has done it; nil for what somebody does.
  var elapsedAt: Timestamp? {
    switch self {
    case .deemedAccepted(let at, _, _, _), .supplementLapsed(_, let at, _): at
    case .alarmed(let alarm): alarm.raisedAt
    default: nil
    }
  }
}

extension CaseTerm {
  /// The place among what is due at one instant: what the law does comes before what is told of it.
  fileprivate var order: Int {
    switch self {
    case .warning: 0
    case .guarding, .supplement: 1
    case .promise: 2
    case .stage: 3
    case .statute: 4
    case .pause: 5
    }
  }
}
