import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// What the approval service's handlers hold. Each RPC is an extension in a file of its own name.
struct ApprovalHandlers: ApprovalV1.ApprovalService {
  let store: ApprovalStore
  let inspections: InspectionTable
  let once: AnswerOnce
  let policies: CasePolicies
  let announcer: CaseAnnouncer
  let offices: CaseOffices
  let settings: ApprovalSettings
  /// The platforms that keep records of frauds, by name.
  let platforms: [String]
  let parts: CoreParts
  let watches = CallSlots(.workWatches)

  var time: any TimeSource { self.parts.time }

  /// What the caller reaches by the method, as the access table says: an officer the cases of his
  /// own office and of those below it, at a window or a population centre all of its county.
  func reach(of context: CallContext) throws -> OfficeReach {
    let today = CivilDate(of: self.time.now())
    return try OfficeReach(of: context) { self.offices.codes(from: $0, on: today) }
  }

  /// Does a command to a case: decides, and writes each event with its messages. Returns the case
  /// as it stands then. `materials` replace the present ones; nil where they stay. What
  /// time had done before is written down before, so that nobody's haste hides it.
  ///
  /// Throws the refusal as the caller shall read it.
  func change(
    _ transaction: Transaction, _ record: CaseRecord, by command: CaseCommand, _ stamp: Stamp,
    materials: [UInt8]? = nil
  ) throws -> CaseRecord {
    let machine = try self.machine(of: record.file, transaction, stamp.now)
    let passed = machine.passed(record.file, before: command, at: stamp.now)
    let file = passed.reduce(record.file) { machine.applying($1, to: $0) }
    let seen = command.seen(at: record.file.version, as: file.version)
    switch machine.decide(file, seen, now: stamp.now) {
    case .failure(let refusal): throw refusal.serviceError
    case .success(let events):
      let now = try self.happen(passed, lawfullyTo: record, by: machine, transaction, stamp)
      return try self.happen(events, to: now, by: machine, transaction, stamp, materials)
    }
  }

  /// What leads a case, with who is there at its offices at an instant.
  func machine(
    of file: ApprovalCase, _ snapshot: Snapshot, _ now: Timestamp
  ) throws -> CaseMachine {
    var machine = try self.policies.machine(of: file.origin)
    machine.people = try self.store.people(
      snapshot, at: machine.officesOfCase(file, on: CivilDate(of: now)), now: now)
    return machine
  }

  /// Writes events with their messages. Returns the case as it stands then.
  func happen(
    _ events: [CaseEvent], to record: CaseRecord, by machine: CaseMachine,
    _ transaction: Transaction, _ stamp: Stamp, _ materials: [UInt8]? = nil,
    owed from: Timestamp? = nil
  ) throws -> CaseRecord {
    let steps = try Step<CaseRecord, CaseChange>.chain(from: record, through: events) {
      before, event in
      var next = before
      next.file = machine.applying(event, to: before.file)
      if let materials { next.papers.materials = materials }
      let messages = try self.announcer.messages(&next, event)
      return Step(from: before, to: next, .happened(event), telling: messages)
    }
    try self.store.write(transaction, steps, stamp, owed: from)
    return steps.last?.after ?? record
  }
}
