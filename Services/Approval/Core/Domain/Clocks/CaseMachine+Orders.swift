import DomainModel

// What officers do to the clocks.
extension CaseMachine {
  /// What an order does.
  func decide(
    _ file: ApprovalCase, _ order: ClockOrder, now: Timestamp
  ) -> Result<[CaseEvent], CaseRefusal> {
    var objections = self.objections(to: order, of: file, now: now)
    var defects = DefectList()
    defects.add(
      TextRules.defects(
        of: order.text, charactersMax: Opinion.textCharactersMax, isRequired: false),
      at: "text")
    switch order.deed {
    case .pause(let reason, let days):
      let daysMax = reason.flatMap { self.terms.policy.clocks.pauseDays[$0] }
      if reason == nil {
        defects.add(.valueUnknown, at: "kind")
      } else if daysMax == nil {
        objections.append(.pauseNotInPolicy)
      }
      if days < 1 || days > daysMax ?? .max { defects.add(.numberOutOfRange, at: "expected_days") }
    case .resume: break
    case .extend(let days):
      if days < 1 { defects.add(.numberOutOfRange, at: "days") }
      let left = self.extendableDays(of: file, at: now)
      if left < max(days, 1) { objections.append(.extensionNotInPolicy(extendableDays: left)) }
    }
    if !defects.violations.isEmpty { objections.append(.invalid(defects.violations)) }
    guard objections.isEmpty else { return .failure(file.refusal(objections)) }
    return .success([self.event(of: order, in: file, now: now)].compactMap(\.self))
  }

  private func objections(
    to order: ClockOrder, of file: ApprovalCase, now: Timestamp
  ) -> [Objection] {
    var objections: [Objection] = []
    let isExtension = if case .extend = order.deed { true } else { false }
    let stage = isExtension ? self.workflow.deciding : file.workStage
    let rules = self.opinionRules(of: file, now: now)
    if !rules.isRight(order.officer, for: stage) { objections.append(.wrongOffice) }
    if rules.mustRecuse(order.officer, isParty: order.isParty) { objections.append(.mustRecuse) }
    if order.expectedVersion != file.version { objections.append(.versionStale) }
    let isRunning = file.clocks.acceptedAt != nil && file.state.isUndecided
    let isPaused = file.openPause != nil
    // That a pause is over is a fact, and lets the clocks go on.
    if file.isOnHold, order.deed != .resume { objections.append(.onHold) }
    switch order.deed {
    case .pause:
      if isPaused { objections.append(.clockPaused) }
      if !isRunning || file.openStage == nil { objections.append(.wrongState) }
      // It stops the work of whoever has the case.
      objections += rules.objectionsOfDesk(to: order.officer.id)
    case .resume:
      if !isPaused { objections.append(.clockNotPaused) }
    case .extend:
      if isPaused { objections.append(.clockPaused) }
      if !isRunning { objections.append(.wrongState) }
    }
    return objections
  }

  /// By how many days the statute of a case can still be extended: 0 where no local rule says so,
  /// and once it is over: what was missed is not made good by it.
  private func extendableDays(of file: ApprovalCase, at now: Timestamp) -> Int {
    if let statute = file.clocks.statute, statute.instant <= now { return 0 }
    let clocks = self.terms.policy.clocks
    let areas = self.offices.divisions(of: file.origin, on: CivilDate(of: now))
    guard !clocks.extensionAreas.isDisjoint(with: areas) else { return 0 }
    let days = self.terms.policy.days(.statute, of: file.origin.kind) + file.extensionDays
    return max(0, clocks.extendedStatuteDaysMax - days)
  }

  private func event(
    of order: ClockOrder, in file: ApprovalCase, now: Timestamp
  ) -> CaseEvent? {
    switch order.deed {
    case .pause(let reason, let days):
      guard let reason else { return nil }
      return .paused(
        CasePause(
          reason: reason, pausedAt: now,
          expectedUntil: CivilDate(of: now).adding(days: days), officerID: order.officer.id,
          officeCode: order.officer.office, text: order.text))
    case .resume: return self.resumed(file, at: now)
    case .extend(let days):
      return self.extended(
        file,
        CaseExtension(
          days: days, extendedAt: now, officerID: order.officer.id,
          officeCode: order.officer.office, text: order.text))
    }
  }

  /// The clocks of a case go on.
  func resumed(_ file: ApprovalCase, at instant: Timestamp) -> CaseEvent {
    var next = file
    for index in next.pauses.indices where next.pauses[index].resumedAt == nil {
      next.pauses[index].resumedAt = instant
    }
    return .clockResumed(at: instant, clocks: self.recounted(next))
  }

  /// The statute of a case is extended.
  func extended(_ file: ApprovalCase, _ made: CaseExtension) -> CaseEvent? {
    var next = file
    next.extensions.append(made)
    guard let statute = self.recounted(next).statute else { return nil }
    return .extended(
      made, statute: statute, rule: self.terms.policy.clocks.extensionRule ?? "")
  }
}
