import DomainModel
import RPC
import ServiceCore
import Wire

// The clocks of a case on the wire.

extension PauseReason {
  /// Nil for what no officer stops the clocks for.
  init?(_ wire: ModelV1.PauseKind) {
    switch wire {
    case .hearing: self = .hearing
    case .appraisal: self = .appraisal
    case .supplement, .unspecified, .unrecognized: return nil
    }
  }
}

extension ModelV1.PauseKind {
  init(_ reason: PauseReason) {
    switch reason {
    case .hearing: self = .hearing
    case .appraisal: self = .appraisal
    }
  }
}

extension ApprovalV1.Term {
  init(_ term: CaseTerm) {
    switch term {
    case .warning: self = .warning
    case .guarding: self = .guard
    case .promise: self = .promise
    case .statute: self = .statute
    case .stage: self = .stage
    case .pause: self = .pause
    case .supplement: self = .supplement
    }
  }
}

extension ApprovalV1.ClockPause {
  init(_ pause: CasePause) {
    self.init(
      kind: .init(pause.reason), pausedAtMs: pause.pausedAt.milliseconds,
      expectedUntilOn: pause.expectedUntil.iso, resumedAtMs: pause.resumedAt?.milliseconds ?? 0,
      officerID: pause.officerID, officeCode: pause.officeCode)
  }
}

extension ApprovalV1.ClockExtension {
  init(_ made: CaseExtension) {
    self.init(
      days: Int32(made.days), extendedAtMs: made.extendedAt.milliseconds,
      officerID: made.officerID, officeCode: made.officeCode)
  }
}

extension ApprovalV1.Alarm {
  init(_ alarm: CaseAlarm, of caseID: String, _ applicationNumber: String) {
    self.init(
      caseID: caseID, applicationNumber: applicationNumber, term: .init(alarm.term),
      dueOn: alarm.dueOn.iso, raisedAtMs: alarm.raisedAt.milliseconds,
      officeCode: alarm.officeCode)
  }
}

extension ApprovalV1.DueDateMove {
  init(_ move: DueDateMove, of caseID: String, _ applicationNumber: String) {
    self.init(
      caseID: caseID, applicationNumber: applicationNumber, term: .init(move.term),
      fromOn: move.from.iso, toOn: move.to.iso, calendarVersion: move.calendarVersion,
      rule: move.rule, movedAtMs: move.movedAt.milliseconds)
  }
}

extension CaseKey {
  /// Nil where the request names no case.
  init?(_ wire: ApprovalV1.ExplainDeadlineRequest) {
    switch wire.key {
    case .caseID(let id): self = .caseID(id)
    case .applicationID(let id): self = .applicationID(id)
    case nil: return nil
    }
  }
}

extension ApprovalV1.DueDateDerivation {
  init(_ term: TermDerivation, of file: ApprovalCase) {
    let derivation = term.derivation
    let given = file.clocks.due(of: term.term)
    self.init(
      term: .init(term.term), startOn: derivation.start.iso,
      countsWorkingDays: derivation.rule.countsWorkingDays, count: Int32(derivation.rule.count),
      extensionDays: Int32(term.extensionDays),
      rollsPastDaysOff: derivation.rule.rollsPastDaysOff,
      pauses: term.pauses.map { pause in
        ApprovalV1.PausedDays(
          kind: pause.reason.map { .init($0) } ?? .supplement, stoppedOn: pause.stoppedOn.iso,
          resumedOn: pause.resumedOn?.iso ?? "")
      }, days: derivation.days.map { .init($0) }, due: .init(derivation.due),
      ground: term.ground, running: term.isRunning,
      asGiven: given.flatMap { $0.date == derivation.due.date ? nil : .init($0) })
  }
}

extension ApprovalV1.DerivedDay {
  init(_ day: DueDateDerivation.Day) {
    let (kind, holiday): (ApprovalV1.DayKind, String) =
      switch day.kind {
      case .working: (.working, "")
      case .makeUp(let name): (.makeUp, name)
      case .weekend: (.weekend, "")
      case .holiday(let name): (.holiday, name)
      }
    let reckoning: ApprovalV1.DayReckoning =
      switch day.reckoning {
      case .counted: .counted
      case .start: .start
      case .notWorked: .notWorked
      case .paused: .paused
      case .rolled: .rolled
      }
    self.init(
      on: day.date.iso, kind: kind, holiday: holiday, reckoning: reckoning,
      number: Int32(day.number), published: day.isPublished)
  }
}
