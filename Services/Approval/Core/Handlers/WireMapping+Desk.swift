import DomainModel
import ServiceCore
import Wire

// Desks, the feed of work, batches and statistics on the wire.

extension ApprovalV1.CaseDesk {
  /// A desk as it stands at an instant, by which a claim may be over; without one, the last claim
  /// as it was given.
  init(_ desk: CaseDesk, at now: Timestamp? = nil, waitsFor name: String) {
    let hold = now.map { desk.holder(at: $0) } ?? desk.hold
    self.init(
      claimNumber: desk.claimNumber, heldBy: hold?.officerID ?? "",
      heldUntilMs: hold?.until.milliseconds ?? 0, assignedTo: desk.assignee,
      greenReason: desk.green?.reason ?? "",
      greenDueAtMs: desk.green?.dueAt.milliseconds ?? 0,
      waitsFor: name)
  }
}

extension WorkFilter {
  /// Reads a filter; throws `REQUEST_INVALID` for what the contract does not name.
  init(_ wire: ApprovalV1.WorkFilter?, by officer: String) throws {
    guard let wire else {
      self.init()
      return
    }
    var defects = DefectList()
    let kinds = wire.kinds.compactMap(ApplicationKind.init)
    let states = wire.states.compactMap(CaseState.init)
    let channels = wire.channels.compactMap(ApprovalCase.Channel.init)
    for (name, read, sent) in [
      ("kinds", kinds.count, wire.kinds.count), ("states", states.count, wire.states.count),
      ("channels", channels.count, wire.channels.count),
    ] {
      if read != sent { defects.add(.valueUnknown, at: "filter.\(name)") }
      if sent > Self.valuesMax { defects.add(.numberOutOfRange, at: "filter.\(name)") }
    }
    if wire.dueBeforeMs < 0 { defects.add(.numberOutOfRange, at: "filter.due_before_ms") }
    try defects.throwIfAny(.requestInvalid)
    self.init(
      kinds: Set(kinds), states: Set(states), channels: Set(channels),
      dueBefore: wire.dueBeforeMs > 0 ? Timestamp(milliseconds: wire.dueBeforeMs) : nil,
      isUnclaimed: wire.unclaimed, holder: wire.mine ? officer : nil, isGreen: wire.green,
      isOverdue: wire.overdue)
  }
}

extension CaseState {
  /// Nil for what the contract does not name.
  init?(_ wire: ApprovalV1.CaseState) {
    guard let known = Self.allCases.first(where: { ApprovalV1.CaseState($0) == wire }) else {
      return nil
    }
    self = known
  }
}

extension ApprovalV1.WorkChange {
  init(_ change: WorkFeedChange, of office: String, at now: Timestamp) {
    let move: ApprovalV1.WorkMove =
      if change.officeTo != office {
        .left
      } else if change.officeFrom != office {
        .arrived
      } else {
        .changed
      }
    self.init(
      move: move, item: .init(change.line, at: now), state: .init(change.state),
      changedAtMs: change.at.milliseconds)
  }
}

extension ApprovalV1.OpinionRefusal {
  /// What the status of a call of its own would have said.
  init(_ error: ServiceError) {
    self.init(
      statusCode: error.code.rawValue, reason: error.reason, message: error.message,
      violations: error.violations.map {
        ApprovalV1.OpinionViolation(
          field: $0.field, reason: $0.reason, english: $0.english, chinese: $0.chinese)
      },
      metadata: error.metadata.map { "\($0.key)=\($0.value)" }.sorted())
  }
}

extension StatisticsQuestion.Dimension {
  /// Nil for what the contract does not name.
  init?(_ wire: ApprovalV1.StatisticsDimension) {
    switch wire {
    case .division: self = .division
    case .kind: self = .kind
    case .channel: self = .channel
    case .month: self = .month
    case .day: self = .day
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension ApprovalV1.StatisticsLine {
  init(_ line: StatisticsLine) {
    let counts = line.counts
    func count(_ measure: CaseMeasure) -> Int64 { counts[measure] ?? 0 }
    var reasons: [ApprovalV1.ReasonCount] = []
    var used: [Int: Int64] = [:]
    for (measure, value) in counts {
      switch measure {
      case .reason(let code): reasons.append(.init(code: code, count: value))
      case .used(let bucket): used[bucket] = value
      default: break
      }
    }
    self.init(
      divisionCode: line.division,
      kind: ApplicationKind(rawValue: line.kind).map { .init($0) } ?? .unspecified,
      channel: ApprovalCase.Channel(rawValue: line.channel).map { .init($0) } ?? .unspecified,
      month: line.month, day: line.day, received: count(.received),
      decided: count(.completed) + count(.notAccepted) + count(.refused),
      completed: count(.completed), notAccepted: count(.notAccepted), refused: count(.refused),
      withdrawn: count(.withdrawn), reasons: reasons.sorted { $0.code < $1.code },
      onTime: count(.onTime), late: count(.late), nearDeadline: count(.nearDeadline),
      green: count(.green), greenOnTime: count(.greenOnTime), greenLate: count(.greenLate),
      usedMedianMinutes: UsedTime.quantile(50, of: used),
      usedP95Minutes: UsedTime.quantile(95, of: used), closed: count(.closed))
  }
}
