import DomainModel

/// What happened to a case, made again of what is stored of it, step by step: for whoever has lost
/// what he was told. A refused issue is left out, for nobody was told of it.
struct CaseReplay {
  let machine: CaseMachine
  let stored: ApprovalCase
  private var present: ApprovalCase
  private var changes: [ClockChange]
  private(set) var events: [CaseEvent] = []

  /// The events of a case, oldest first.
  static func events(of stored: ApprovalCase, by machine: CaseMachine) -> [CaseEvent] {
    var replay = CaseReplay(machine: machine, stored: stored)
    for opinion in stored.opinions {
      replay.supplement(before: opinion.round)
      replay.deem(before: opinion.stage)
      replay.changeClocks(until: opinion.signedAt)
      if opinion.stage.followsEffect { replay.takeEffect() }
      replay.happen(machine.event(of: opinion, in: replay.present))
    }
    replay.supplement(before: .max)
    if stored.clocks.acceptedAt != nil { replay.deem(before: .review) }
    replay.changeClocks(until: stored.effect?.at ?? Timestamp(milliseconds: .max))
    replay.takeEffect()
    if let at = stored.withdrawnAt { replay.happen(.withdrawn(at: at)) }
    if let closure = stored.closure { replay.happen(.closed(closure)) }
    return replay.events
  }

  private init(machine: CaseMachine, stored: ApprovalCase) {
    self.machine = machine
    self.stored = stored
    self.changes = Self.changes(of: stored)
    self.present = machine.open(stored.origin, as: stored.id)
  }

  private mutating func happen(_ event: CaseEvent) {
    self.present = self.machine.applying(event, to: self.present)
    self.events.append(event)
  }

  /// The acceptance that nobody signed, before what follows it.
  private mutating func deem(before stage: Stage) {
    guard self.present.state == .awaitingAcceptance, stage != .accept else { return }
    self.changeClocks(until: self.present.clocks.acceptance.instant)
    let at = self.present.clocks.acceptance.instant
    self.happen(self.machine.deemed(self.present, at: at))
  }

  /// What officers and calendars have done to the clocks by an instant, and not before.
  private mutating func changeClocks(until instant: Timestamp) {
    let left = self.changes.prefix { $0.at <= instant }
    self.changes.removeFirst(left.count)
    for change in left {
      switch change.what {
      case .paused(let pause): self.happen(.paused(pause))
      case .resumed: self.happen(self.machine.resumed(self.present, at: change.at))
      case .extended(let made):
        if let event = self.machine.extended(self.present, made) { self.happen(event) }
      case .recounted(let moves):
        self.happen(.recounted(moves, clocks: self.machine.recounted(self.present)))
      }
    }
  }

  private struct ClockChange {
    enum What {
      case paused(CasePause)
      case resumed
      case extended(CaseExtension)
      case recounted([DueDateMove])
    }
    let at: Timestamp
    let what: What
  }

  private static func changes(of stored: ApprovalCase) -> [ClockChange] {
    var changes = stored.extensions.map { ClockChange(at: $0.extendedAt, what: .extended($0)) }
    for pause in stored.pauses {
      changes.append(ClockChange(at: pause.pausedAt, what: .paused(pause.begun)))
      if let at = pause.resumedAt { changes.append(ClockChange(at: at, what: .resumed)) }
    }
    for (at, moves) in Dictionary(grouping: stored.moves, by: \.movedAt) {
      changes.append(ClockChange(at: at, what: .recounted(moves)))
    }
    // Two at one instant stand as they were made: a pause begins before it ends.
    return changes.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
      .map(\.element)
  }

  /// What the registry has made of the decision, once.
  private mutating func takeEffect() {
    guard self.stored.state.isInEffect, self.present.effect == nil, let effect = self.stored.effect
    else {
      return
    }
    self.happen(.issued(effect))
  }

  /// The supplement of the notice that is out, if it came before a round.
  private mutating func supplement(before round: Int) {
    guard let notice = self.present.awaitedNotice, notice.round < round,
      let stored = self.stored.notices.first(where: { $0.round == notice.round }),
      let at = stored.supplementedAt
    else { return }
    self.changeClocks(until: notice.notifiedAt)
    if let lapsedAt = stored.lapsedAt {
      var lapsed = self.present
      for index in lapsed.notices.indices where lapsed.notices[index].round == notice.round {
        lapsed.notices[index].lapsedAt = lapsedAt
      }
      let clocks = self.machine.recounted(lapsed)
      self.happen(.supplementLapsed(round: notice.round, at: lapsedAt, clocks: clocks))
    }
    let clocks = self.machine.clocks(of: self.present, supplementedAt: at)
    self.happen(.supplemented(round: notice.round, at: at, clocks: clocks))
  }
}
