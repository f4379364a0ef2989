import DomainModel

/// What happened to a case, made again of what is stored of it, step by step: for whoever has lost
/// what he was told. A refused issue is left out, for nobody was told of it.
struct CaseReplay {
  let machine: CaseMachine
  let stored: ApprovalCase
  private var present: ApprovalCase
  private(set) var events: [CaseEvent] = []

  /// The events of a case, oldest first.
  static func events(of stored: ApprovalCase, by machine: CaseMachine) -> [CaseEvent] {
    var replay = CaseReplay(machine: machine, stored: stored)
    for opinion in stored.opinions {
      replay.supplement(before: opinion.round)
      if opinion.stage.followsEffect { replay.takeEffect() }
      replay.happen(machine.event(of: opinion, in: replay.present))
    }
    replay.supplement(before: .max)
    replay.takeEffect()
    if let at = stored.withdrawnAt { replay.happen(.withdrawn(at: at)) }
    return replay.events
  }

  private init(machine: CaseMachine, stored: ApprovalCase) {
    self.machine = machine
    self.stored = stored
    self.present = machine.open(stored.origin, as: stored.id)
  }

  private mutating func happen(_ event: CaseEvent) {
    self.present = self.machine.applying(event, to: self.present)
    self.events.append(event)
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
      let at = self.stored.notices.first(where: { $0.round == notice.round })?.supplementedAt
    else { return }
    let clocks = self.machine.clocks(of: self.present, supplementedAt: at)
    self.happen(.supplemented(round: notice.round, at: at, clocks: clocks))
  }
}
