import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

extension ApprovalHandlers {
  /// Does a command to an inspection: decides, and writes the event with what the registry and the
  /// platforms are told.
  /// `command` is made from the case. Returns the inspection as it stands then.
  ///
  /// Throws the refusal as the caller shall read it.
  func change(
    _ transaction: Transaction, _ inspection: Inspection,
    by command: (CaseRecord) throws -> InspectionCommand, _ stamp: Stamp
  ) throws -> Inspection {
    let record = try self.store.record(transaction, inspection.caseID)
    let machine = try self.machine(of: record.file, transaction, stamp.now)
    let event = try machine.decide(
      inspection, of: record.file, command(record), now: stamp.now
    ).get()
    guard let event else { return inspection }
    let next = inspection.applying(event)
    try self.inspections.write(
      transaction, event, from: inspection, to: next,
      telling: try InspectionOrders.messages(next, of: record.file, after: event), stamp)
    if event.isOfCredit {
      try CreditRecords(handlers: self).owe(transaction, next, record.papers, from: stamp.now)
    }
    return next
  }

  /// The inspection on the wire, with the last day of the holder's term, and the record of the
  /// fraud as it stands in law now.
  func wire(_ inspection: Inspection, _ snapshot: Snapshot) throws -> ApprovalV1.Inspection {
    let machine = try self.policies.machine(
      of: self.store.origin(snapshot, of: inspection.caseID))
    let credit = try inspection.credit(at: self.time.now()).map { entry in
      ApprovalV1.CreditRecord(
        entry, keptUntil: inspection.creditKeptUntil,
        try self.inspections.deliveries(snapshot, of: inspection.id))
    }
    return ApprovalV1.Inspection(
      inspection, statementDue: machine.statementDue(servedOn: inspection.servedOn),
      credit: credit)
  }

  /// Does an officer's command to an inspection that he reaches. Returns it as it stands then.
  func change(
    _ transaction: Transaction, _ id: String, within reach: OfficeReach, by caller: Caller,
    version: Int64, _ stamp: Stamp,
    _ command: (InspectionCaller, CaseFile) throws -> InspectionCommand
  ) throws -> ApprovalV1.Inspection {
    let inspection = try self.inspections.find(transaction, id, within: reach)
    let after = try self.change(
      transaction, inspection,
      by: { record in
        try command(
          InspectionCaller(
            officer: Officer(caller), expectedVersion: version,
            isParty: try caller.isParty(to: record)), record.papers)
      }, stamp)
    return try self.wire(after, transaction)
  }

  /// Answers a command to an inspection; where it is refused, its case's history keeps who tried
  /// what, and why not.
  func traced<Answer>(
    _ action: String, ofInspection id: String, _ context: CallContext,
    _ body: () async throws -> Answer
  ) async throws -> Answer {
    let caseID = try await self.store.read { snapshot in
      try self.inspections.caseID(snapshot, of: id)
    }
    guard let caseID else { return try await body() }
    return try await self.traced(action, of: caseID.text, context, body)
  }
}
