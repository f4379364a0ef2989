import DomainModel
import ServiceCore
import Storage

extension ApprovalHandlers {
  /// Does to a case what time has done to it by an instant. Returns how many things that were.
  func elapse(
    _ transaction: Transaction, _ id: ID<ApprovalCase>, at now: Timestamp
  ) throws -> Int {
    let record = try self.store.record(transaction, id)
    let machine = try self.machine(of: record.file, transaction, now)
    let events = machine.elapsed(record.file, until: now)
    let stamp = Stamp(.system, at: now, random: self.parts.random)
    let after = try self.happen(events, lawfullyTo: record, by: machine, transaction, stamp)
    // One that an earlier release wrote, or another calendar, knew another instant or none.
    if events.isEmpty {
      var timed = after.file
      timed.timerAt = machine.timer(of: timed)?.at
      if timed.timerAt != after.file.timerAt {
        try self.store.setTimer(transaction, of: timed)
      }
    }
    return events.count
  }

  /// Writes what time has done, each thing under its instant of law, whenever that is; its messages
  /// are owed from now on. Returns the case as it stands then.
  func happen(
    _ events: [CaseEvent], lawfullyTo record: CaseRecord, by machine: CaseMachine,
    _ transaction: Transaction, _ stamp: Stamp
  ) throws -> CaseRecord {
    try events.reduce(record) { present, event in
      var dated = stamp
      dated.actor = .system
      dated.now = try self.store.tables.history.dated(
        transaction, event.elapsedAt ?? stamp.now, of: present.file.id.text)
      return try self.happen(
        [event], to: present, by: machine, transaction, dated, owed: stamp.now)
    }
  }
}

extension CaseCommand {
  /// The command of somebody who has seen a case as it stood right before what time had done to it
  /// was written down: nobody could have read that.
  func seen(at version: Int64, as later: Int64) -> CaseCommand {
    switch self {
    case .sign(var draft) where draft.expectedVersion == version:
      draft.expectedVersion = later
      return .sign(draft)
    case .expedite(var draft) where draft.expectedVersion == version:
      draft.expectedVersion = later
      return .expedite(draft)
    case .order(var order) where order.expectedVersion == version:
      order.expectedVersion = later
      return .order(order)
    case .hold(var draft) where draft.expectedVersion == version:
      draft.expectedVersion = later
      return .hold(draft)
    default: return self
    }
  }
}
