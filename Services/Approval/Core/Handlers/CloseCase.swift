import DomainModel
import Logging
import RPC
import ServiceCore
import Storage
import Wire

extension ApprovalHandlers {
  /// Closes the case of an application whose applicant has died or has become local in the unit,
  /// where nothing is decided. One that is decided stays as it is, and so does one that has ended.
  func closeCase(
    _ request: ApprovalV1.CloseCaseRequest, _ context: CallContext
  ) async throws -> ApprovalV1.CloseCaseResponse {
    let response: ApprovalV1.CloseCaseResponse = try await self.once.answer(
      request, key: request.idempotencyKey, context
    ) { call in
      let command = try CaseCommand(request, today: CivilDate(of: call.now))
      let reach = try self.reach(of: context)
      return try await call.commit { transaction, stamp in
        let record = try self.store.find(
          transaction, .applicationID(request.applicationID), within: reach)
        let after = try self.close(transaction, record, by: command, stamp)
        return ApprovalV1.CloseCaseResponse(state: .init(after.file.state))
      }
    }
    context.logger.info(
      "an event outside was held against a case",
      metadata: [
        "application.id": "\(request.applicationID)", "case.state": "\(response.state)",
      ])
    return response
  }

  /// What had passed before the instant from which the case is closed is written down first; what
  /// passed since has not passed at all.
  private func close(
    _ transaction: Transaction, _ record: CaseRecord, by command: CaseCommand, _ stamp: Stamp
  ) throws -> CaseRecord {
    let machine = try self.machine(of: record.file, transaction, stamp.now)
    let events = try machine.decide(record.file, command, now: stamp.now)
      .mapError(\.serviceError).get()
    guard let event = events.first, let instant = event.instant else { return record }
    let passed = machine.elapsed(record.file, until: instant)
    let present = try self.happen(passed, lawfullyTo: record, by: machine, transaction, stamp)
    var dated = stamp
    dated.now = try self.store.tables.history.dated(
      transaction, instant, of: record.file.id.text)
    return try self.happen(
      events, to: present, by: machine, transaction, dated, owed: stamp.now)
  }
}

extension CaseCommand {
  /// The command of a request; throws `REQUEST_INVALID` with everything that is wrong with it.
  fileprivate init(_ request: ApprovalV1.CloseCaseRequest, today: CivilDate) throws {
    var defects = DefectList()
    let reason = ClosureReason(request.reason)
    if reason == nil { defects.add(.valueUnknown, at: "reason") }
    let day = CivilDate(iso: request.eventOn)
    if day == nil { defects.add(.dateInvalid, at: "event_on") }
    // Two services' clocks may differ around midnight.
    if let day, day > today.adding(days: 1) { defects.add(.dateInFuture, at: "event_on") }
    if request.recordedAtMs <= 0 { defects.add(.fieldMissing, at: "recorded_at_ms") }
    try defects.throwIfAny(.requestInvalid)
    guard let reason, let day else { throw ServiceError(.requestInvalid) }
    self = .close(
      reason, on: day, recordedAt: Timestamp(milliseconds: request.recordedAtMs))
  }
}
