import DomainModel

/// One person's permits as the rules have them, written anew from the texts for these tests: of
/// what the registry decides with, it uses the civil dates alone.
struct LifeModel: Hashable, Sendable {
  /// By the call that had them made.
  private(set) var papers: [Int: Paper] = [:]
  private var done: Set<Int> = []

  /// Units that issue permits to the one person.
  enum Unit: String, Hashable, Sendable, CaseIterable {
    case hangzhou, suichang
  }

  enum State: Hashable, Sendable, CaseIterable {
    case valid, inWindow, suspended, lost, cancelled
  }

  /// A permit.
  struct Paper: Hashable, Sendable {
    let unit: Unit
    var anchor: CivilDate
    var validTo: CivilDate
    var isLost = false
    var isCancelled = false
    var pending: Application?
    /// When the last application in time ended without an endorsement.
    var refusedOn: CivilDate?
    var suspendedDays = 0
    var holds: Set<String> = []
  }

  /// An application for endorsement.
  struct Application: Hashable, Sendable {
    let id: String
    let submittedOn: CivilDate
  }

  /// The one that is not cancelled.
  var live: Int? { self.papers.first { !$0.value.isCancelled }?.key }

  /// What the `id`th call comes to on a day: nil where it is done, or why it is refused. A call
  /// that was done is not done again.
  mutating func take(_ step: LifeStep, as id: Int, on today: CivilDate) -> String? {
    guard !self.done.contains(id) else { return nil }
    let refusal =
      switch step {
      case .issue(let unit): self.issue(unit, id, today)
      case .convert(let unit, let isOfPermit): self.convert(unit, isOfPermit, id, today)
      case .change(let paper, let change): self.change(paper, change, today)
      }
    if refusal == nil { self.done.insert(id) }
    return refusal
  }

  private mutating func issue(_ unit: Unit, _ id: Int, _ today: CivilDate) -> String? {
    guard self.live == nil else { return "PERMIT_ALREADY_LIVE" }
    self.papers[id] = Paper(unit: unit, anchor: today, validTo: today.adding(months: 12))
    return nil
  }

  private mutating func convert(
    _ unit: Unit, _ isOfPermit: Bool, _ id: Int, _ today: CivilDate
  ) -> String? {
    if let live = self.live {
      guard let paper = self.papers[live], paper.unit != unit else {
        return "PERMIT_NOT_CONVERTIBLE"
      }
      guard paper.isInUse(on: today) else { return "PERMIT_WRONG_STATE" }
      guard paper.holds.isEmpty else { return "PERMIT_HELD" }
      self.papers[live]?.isCancelled = true
    } else if isOfPermit {
      return "PERMIT_NOT_CONVERTIBLE"
    }
    return self.issue(unit, id, today)
  }

  private mutating func change(
    _ id: Int, _ change: LifeStep.Change, _ today: CivilDate
  ) -> String? {
    guard var paper = self.papers[id] else { return "PERMIT_NOT_FOUND" }
    if case .reinstate = change, paper.isCancelled, paper.holds.isEmpty, self.live != nil {
      return "PERMIT_ALREADY_LIVE"
    }
    let refusal = paper.take(change, on: today)
    if refusal == nil { self.papers[id] = paper }
    return refusal
  }
}

extension LifeModel.Paper {
  func state(on today: CivilDate) -> LifeModel.State {
    if self.isCancelled { return .cancelled }
    if self.isLost { return .lost }
    if let from = self.suspendedFrom, from <= today { return .suspended }
    return today >= self.opensOn && today <= self.validTo ? .inWindow : .valid
  }

  func isInUse(on today: CivilDate) -> Bool {
    [.valid, .inWindow, .suspended].contains(self.state(on: today))
  }

  /// The window is the month before the full year.
  var opensOn: CivilDate { self.validTo.adding(months: -1) }

  private func isInTime(_ day: CivilDate) -> Bool { day <= self.validTo }

  /// The day after the full year, or after a later end of an application in time; none while one
  /// is pending.
  var suspendedFrom: CivilDate? {
    if let pending, self.isInTime(pending.submittedOn) { return nil }
    return max(self.validTo, self.refusedOn ?? self.validTo).adding(days: 1)
  }

  /// What a change comes to: nil where it is done, or why it is refused.
  mutating func take(_ change: LifeStep.Change, on today: CivilDate) -> String? {
    if self.stands(as: change) { return nil }
    let state = self.state(on: today)
    let taking: Set<LifeModel.State> =
      switch change {
      case .found: [.lost]
      case .reinstate: [.cancelled]
      case .endorse, .move, .moveAway, .correct, .loss, .apply: [.valid, .inWindow, .suspended]
      case .contact, .cancel, .hold, .release, .endApplication:
        [.valid, .inWindow, .suspended, .lost]
      }
    guard taking.contains(state) else { return "PERMIT_WRONG_STATE" }
    guard self.holds.isEmpty || !change.isStayed else { return "PERMIT_HELD" }
    switch change {
    case .endorse(let submitted): return self.endorse(submitted, today)
    case .apply(let application): return self.apply(application)
    case .release(let number):
      return self.holds.remove(number) == nil ? "HOLD_UNKNOWN" : nil
    case .moveAway: return "PERMIT_MUST_CONVERT"
    case .loss: self.isLost = true
    case .found: self.isLost = false
    case .cancel: self.isCancelled = true
    case .reinstate: self.isCancelled = false
    case .hold(let number): self.holds.insert(number)
    case .endApplication: self.endApplication(today)
    case .move, .contact, .correct: break
    }
    return nil
  }

  /// What is so already is not refused, whatever the state.
  private func stands(as change: LifeStep.Change) -> Bool {
    switch change {
    case .apply(let application): self.pending == application
    case .endApplication(let id): self.pending?.id != id
    case .hold(let number): self.holds.contains(number)
    default: false
    }
  }

  private mutating func endorse(_ submitted: CivilDate, _ today: CivilDate) -> String? {
    guard submitted >= self.opensOn else { return "ENDORSEMENT_TOO_EARLY" }
    if self.isInTime(submitted) {
      var years = 1
      while self.anchor.adding(months: 12 * years) <= self.validTo { years += 1 }
      self.validTo = self.anchor.adding(months: 12 * years)
    } else {
      if let from = self.suspendedFrom { self.suspendedDays += max(0, from.days(until: today)) }
      self.anchor = today
      self.validTo = today.adding(months: 12)
    }
    self.pending = nil
    self.refusedOn = nil
    return nil
  }

  private mutating func apply(_ application: LifeModel.Application) -> String? {
    guard application.submittedOn >= self.opensOn else { return "ENDORSEMENT_TOO_EARLY" }
    guard self.pending == nil else { return "ENDORSEMENT_ALREADY_PENDING" }
    self.pending = application
    return nil
  }

  private mutating func endApplication(_ today: CivilDate) {
    guard let pending else { return }
    if self.isInTime(pending.submittedOn) { self.refusedOn = max(today, pending.submittedOn) }
    self.pending = nil
  }
}
