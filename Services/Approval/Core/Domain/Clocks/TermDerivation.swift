import DomainModel

/// How a term of a case comes about.
struct TermDerivation: Hashable, Sendable {
  var term: CaseTerm
  var derivation: DueDateDerivation
  /// Those of the derivation, and one that is not over.
  var pauses: [PausedDays] = []
  /// How many of the days are those of an extension.
  var extensionDays = 0
  /// What the number of days rests on, as the policy has it.
  var ground: String
  /// Whether it runs now.
  var isRunning: Bool
}

extension CaseMachine {
  /// How the due dates of a case come about, by the present calendar: those that run, and those
  /// that ran last.
  func derivations(of file: ApprovalCase) -> [TermDerivation] {
    let receipt = file.receiptDay
    var found: [TermDerivation?] = []
    if !self.workflow.isConfirmed {
      found.append(self.working(.guarding, .guarding, from: receipt, of: file))
    }
    if let accepted = file.clocks.acceptedAt.map(CivilDate.init)
      ?? (self.workflow.isConfirmed ? receipt : nil)
    {
      found.append(self.working(.promise, .promise, from: accepted, of: file))
      found.append(self.statute(from: accepted, of: file))
    }
    found.append(self.stage(of: file))
    if let notice = file.awaitedNotice, file.state.waitingFor == .applicant {
      found.append(self.supplement(from: CivilDate(of: notice.notifiedAt), of: file))
    }
    return found.compactMap(\.self)
  }

  private func working(
    _ term: CaseTerm, _ clock: CaseClock, from start: CivilDate, of file: ApprovalCase
  ) -> TermDerivation? {
    let count = self.terms.policy.days(clock, of: file.origin.kind)
    let rule = DueDateDerivation.Rule(
      count: count, countsWorkingDays: true, rollsPastDaysOff: false)
    let spans = term == .guarding ? [] : self.spans(of: file)
    return self.derivation(
      term, rule, from: start, spans, of: file,
      on: self.terms.policy.ground(of: clock, file.origin.kind))
  }

  private func statute(from start: CivilDate, of file: ApprovalCase) -> TermDerivation? {
    let policy = self.terms.policy
    let rule = DueDateDerivation.Rule(
      count: policy.days(.statute, of: file.origin.kind) + file.extensionDays,
      countsWorkingDays: false, rollsPastDaysOff: policy.statuteRollsPastHolidays)
    var made = self.derivation(
      .statute, rule, from: start, self.spans(of: file), of: file,
      on: policy.ground(of: .statute, file.origin.kind))
    made?.extensionDays = file.extensionDays
    return made
  }

  private func stage(of file: ApprovalCase) -> TermDerivation? {
    guard case .officer(let stage) = file.state.waitingFor,
      let days = self.workflow.step(stage)?.workingDays, let start = self.stageStart(of: file)
    else { return nil }
    let rule = DueDateDerivation.Rule(
      count: days, countsWorkingDays: true, rollsPastDaysOff: false)
    let spans = self.stageSpans(of: file)
    let stages = self.terms.policy.kinds.kinds[file.origin.kind]?.stages ?? []
    let ground = stages.first { Stage($0.step) == stage }?.ground ?? ""
    return self.derivation(.stage, rule, from: start, spans, of: file, on: ground)
  }

  private func supplement(from start: CivilDate, of file: ApprovalCase) -> TermDerivation? {
    let rule = DueDateDerivation.Rule(
      count: self.terms.policy.supplementDays, countsWorkingDays: false, rollsPastDaysOff: true)
    var made = self.derivation(
      .supplement, rule, from: start, [], of: file,
      on: self.terms.policy.grounds["supplement_days"] ?? "")
    made?.isRunning = file.endingStage == nil
    return made
  }

  private func derivation(
    _ term: CaseTerm, _ rule: DueDateDerivation.Rule, from start: CivilDate,
    _ spans: [PausedDays], of file: ApprovalCase, on ground: String
  ) -> TermDerivation? {
    let made = DueDateDerivation(
      from: start, rule, pauses: spans.compactMap(\.ended), by: self.terms.calendar)
    return made.map {
      TermDerivation(
        term: term, derivation: $0, pauses: spans, ground: ground,
        isRunning: file.runningTerms.contains { $0.term == term })
    }
  }
}
