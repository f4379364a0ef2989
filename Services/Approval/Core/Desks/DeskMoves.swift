import DomainModel
import Logging
import ServiceCore
import Storage

/// Moves work from offices that have nobody for it to the next one that may do it, so that no stage
/// waits on a person who is away (rules, Approval). It acts on what the offices' heads have said;
/// of an office of which nothing is known nothing is moved.
struct DeskMoves: Sendable {
  /// How many cases one look finds.
  static let batchMax = 100
  /// How long it waits at most before it looks again, in milliseconds: an absence may begin by
  /// itself.
  static let pollMs: Int64 = 60_000

  let handlers: ApprovalHandlers

  /// Runs until its task is cancelled. What a round throws ends the job, which begins again.
  func run() async throws {
    let (signals, time) = (self.handlers.parts.store.signals, self.handlers.time)
    while true {
      try Task.checkCancellation()
      let mark = signals.mark(ApprovalStore.dutyTopic)
      let count = try await self.runOnce()
      if count > 0 {
        self.handlers.parts.logger.info("work is moved", metadata: ["count": "\(count)"])
      }
      let until = time.now().adding(milliseconds: Self.pollMs)
      try await signals.wait(ApprovalStore.dutyTopic, after: mark, until: until, by: time)
    }
  }

  /// One round over all offices that have nobody for some of their stages; returns how many cases
  /// went to another one.
  func runOnce() async throws -> Int {
    let (store, now) = (self.handlers.store, self.handlers.time.now())
    let empty = try await store.read { snapshot in
      try store.officesOnDuty(snapshot).flatMap { office in
        let people = try store.people(snapshot, at: [office], now: now)
        return Stage.allCases.filter { !people.hasAnybody(at: office, for: $0.role) }
          .map { (office, $0) }
      }
    }
    var total = 0
    for (office, stage) in empty { total += try await self.clear(office, of: stage, now) }
    return total
  }

  private func clear(_ office: String, of stage: Stage, _ now: Timestamp) async throws -> Int {
    let handlers = self.handlers
    let store = handlers.store
    var (moved, place) = (0, WorkPlace(dueAt: Int64.min, caseID: ""))
    while true {
      let after = place
      let places = try await store.read {
        try store.waiting($0, at: office, for: stage, after: after, limit: Self.batchMax)
      }
      guard let last = places.last else { return moved }
      place = last
      for one in places {
        let isMoved = try await handlers.isolated(one.caseID) { id in
          try await self.move(id, from: office, of: stage, now)
        }
        if isMoved { moved += 1 }
      }
    }
  }

  private func move(
    _ id: ID<ApprovalCase>, from office: String, of stage: Stage, _ now: Timestamp
  ) async throws -> Bool {
    let (handlers, store) = (self.handlers, self.handlers.store)
    let stamp = Stamp(.system, at: now, random: handlers.parts.random)
    return try await store.tables.store.write { transaction in
      let file = try store.record(transaction, id).file
      guard file.workOffice == office, file.workStage == stage else { return false }
      let machine = try handlers.machine(of: file, transaction, now)
      let next = machine.desk(of: file, since: now)
      if next == office || next.isEmpty { return false }
      let event = DeskEvent.moved(to: next)
      try store.write(
        transaction, event, from: file, to: machine.applying(event, to: file), stamp)
      return true
    }
  }
}
