import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// What the approval service's handlers hold. Each RPC is an extension in a file of its own name.
struct ApprovalHandlers: ApprovalV1.ApprovalService {
  let store: ApprovalStore
  let once: AnswerOnce
  let policies: CasePolicies
  let announcer: CaseAnnouncer
  let offices: OfficeTable
  let parts: CoreParts

  var time: any TimeSource { self.parts.time }

  /// What the caller reaches by the method, as the access table says: an officer the cases of his
  /// own office and of those below it.
  func reach(of context: CallContext) throws -> OfficeReach {
    try OfficeReach(of: context, self.offices.codes(from:))
  }

  /// Does a command to a case: decides, and writes each event with its messages. Returns the case
  /// as it stands then. `materials` replace the present ones; nil where they stay.
  ///
  /// Throws the refusal as the caller shall read it.
  func change(
    _ transaction: Transaction, _ record: CaseRecord, by command: CaseCommand, _ stamp: Stamp,
    materials: [UInt8]? = nil
  ) throws -> CaseRecord {
    let events = try self.policies.decide(record.file, command, now: stamp.now)
    let steps = try Step<CaseRecord, CaseChange>.chain(from: record, through: events) {
      before, event in
      var next = before
      next.file = before.file.applying(event)
      if let materials { next.papers.materials = materials }
      let messages = try self.announcer.messages(&next, event)
      return Step(from: before, to: next, .happened(event), telling: messages)
    }
    try self.store.write(transaction, steps, stamp)
    return steps.last?.after ?? record
  }
}
