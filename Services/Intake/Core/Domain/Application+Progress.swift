import DomainModel

/// One step of the case, as the approval service tells it.
enum Progress: Hashable, Sendable {
  case accepted(Acceptance)
  case supplementNeeded(SupplementNotice)
  case resumed(Resumption)
  /// The clocks stand still for a hearing or an appraisal, which is to be over by a day.
  case paused(PauseReason, at: Timestamp, expectedUntil: CivilDate)
  /// The statute is extended by a local rule.
  case extended(days: Int, statuteDue: DueDate, rule: String)
  case notAccepted(Refusal)
  case refused(Refusal)
  case completed(Completion)
  /// The applicant's withdrawal has been taken.
  case withdrawn(at: Timestamp)
  /// An event outside of it has left nothing to decide.
  case closed(Closure)

  /// The step's name in the history.
  var name: String {
    switch self {
    case .accepted: "accepted"
    case .supplementNeeded: "supplement_needed"
    case .resumed: "resumed"
    case .paused: "paused"
    case .extended: "extended"
    case .notAccepted: "not_accepted"
    case .refused: "refused"
    case .completed: "completed"
    case .withdrawn: "withdrawn"
    case .closed: "closed"
    }
  }

  /// Why, where the step is a negative word.
  var reasons: [Reason] {
    switch self {
    case .supplementNeeded(let notice): notice.reasons
    case .notAccepted(let refusal), .refused(let refusal): refusal.reasons
    case .accepted, .resumed, .paused, .extended, .completed, .withdrawn, .closed: []
    }
  }
}

/// What the authorities do.
extension Application {
  /// The application after the step `sequence` of its case; nil where that step is known already.
  /// Where one officer decides there is no acceptance before the end.
  ///
  /// Throws `PROGRESS_OUT_OF_ORDER` where steps in between are missing, and
  /// `APPLICATION_WRONG_STATE` where the application cannot go there.
  func recording(
    _ progress: Progress, sequence: Int64, on road: Road = .decided, at now: Timestamp
  ) throws -> Application? {
    if sequence <= self.progressSequence { return nil }
    guard sequence == self.progressSequence + 1 else {
      throw ServiceError(
        .progressOutOfOrder,
        metadata: ["expected_sequence": String(self.progressSequence + 1)])
    }
    var next = try self.taking(progress, on: road, at: now)
    next.progressSequence = sequence
    return next
  }

  /// What the registry answered where no officer decides. Throws `APPLICATION_WRONG_STATE`.
  func carriedOut(_ progress: Progress, at now: Timestamp) throws -> Application {
    try self.require([.submitted])
    return try self.taking(progress, on: .atOnce, at: now)
  }

  private func taking(
    _ progress: Progress, on road: Road, at now: Timestamp
  ) throws -> Application {
    switch progress {
    case .accepted(let acceptance): return try self.accepted(acceptance, at: now)
    case .supplementNeeded(let notice):
      try self.require([.submitted, .accepted])
      var next = self.changed(to: .supplementNeeded, at: now)
      next.notices.append(notice)
      return next
    case .resumed(let resumption): return try self.resumed(resumption, at: now)
    case .paused:
      try self.require([.accepted])
      return self.changed(at: now)
    case .extended(_, let statuteDue, _):
      // Also while the applicant is waited for after acceptance.
      try self.require([.accepted, .supplementNeeded])
      if self.acceptance == nil { throw self.wrongState }
      var next = self.changed(at: now)
      next.acceptance?.statuteDue = statuteDue
      return next
    case .notAccepted(let refusal):
      // Also of one that was not supplemented (Hangzhou rules, Art. 17: 拒不补充的,不予受理).
      try self.require([.submitted, .supplementNeeded])
      if self.acceptance != nil { throw self.wrongState }
      return self.refused(refusal, as: .notAccepted, at: now)
    case .refused(let refusal):
      try self.requireLookedAt(on: road, orIn: [.accepted, .supplementNeeded])
      return self.refused(refusal, as: .refused, at: now)
    case .completed(let completion):
      try self.requireLookedAt(on: road, orIn: [.accepted])
      var next = self.changed(to: .completed, at: now)
      next.completion = completion
      return next
    case .withdrawn(let instant): return try self.withdrawn(at: instant, recordedAt: now)
    case .closed(let closure): return try self.closed(closure, recordedAt: now)
    }
  }

  /// Three officers decide on what is accepted; one, on what is there.
  private func requireLookedAt(on road: Road, orIn states: Set<ApplicationState>) throws {
    try self.require(road == .decided ? states : states.union([.submitted]))
    if road == .decided && self.acceptance == nil { throw self.wrongState }
  }

  /// At the counter the entry was the acceptance: the case repeats it, and its dates count.
  private func accepted(_ acceptance: Acceptance, at now: Timestamp) throws -> Application {
    let isEntered = self.submission?.enteredBy != nil && self.progressSequence == 0
    try self.require(isEntered ? [.submitted, .accepted] : [.submitted])
    var next = self.changed(to: .accepted, at: now)
    next.acceptance = acceptance
    return next
  }

  /// The due dates after a supplement, a pause or a new calendar. The supplement itself moved the
  /// state, before the case knew of it, and no later step comes before this one: the state stays.
  /// Only one that is lost here, because the store was restored from an older backup, is made up
  /// for.
  private func resumed(_ resumption: Resumption, at now: Timestamp) throws -> Application {
    var next = try self.state == .supplementNeeded ? self.answered(at: now) : self.changed(at: now)
    switch resumption {
    case .beforeAcceptance(let acceptanceDue):
      try next.require([.submitted])
      next.submission?.acceptanceDue = acceptanceDue
    case .afterAcceptance(let promiseDue, let statuteDue):
      try next.require([.accepted])
      next.acceptance?.promiseDue = promiseDue
      next.acceptance?.statuteDue = statuteDue
    }
    return next
  }

  private func refused(
    _ refusal: Refusal, as state: ApplicationState, at now: Timestamp
  ) -> Application {
    var next = self.changed(to: state, at: now)
    next.refusal = refusal
    return next
  }
}
