import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// The case goes on: from intake because the supplement came in, with the materials the
  /// application has now; from an officer because the hearing or appraisal is over.
  func resumeClock(
    _ request: ApprovalV1.ResumeClockRequest, _ context: CallContext
  ) async throws -> ApprovalV1.ResumeClockResponse {
    let caller = try context.requireCaller()
    let response: ApprovalV1.ResumeClockResponse = try await self.once.answer(
      request, key: request.idempotencyKey, context
    ) { call in
      let reach = try self.reach(of: context)
      let (key, command, materials) = try Self.resumption(request, by: caller)
      return try await call.commit { transaction, stamp in
        let record = try self.store.find(transaction, key, within: reach)
        _ = try self.change(transaction, record, by: command, stamp, materials: materials)
        return ApprovalV1.ResumeClockResponse()
      }
    }
    context.logger.info(
      "case goes on",
      metadata: [
        "application.id": "\(request.applicationID)", "case.id": "\(request.caseID)",
      ])
    return response
  }

  /// What the caller says. Throws `REQUEST_INVALID`.
  private static func resumption(
    _ request: ApprovalV1.ResumeClockRequest, by caller: Caller
  ) throws -> (CaseKey, CaseCommand, materials: [UInt8]?) {
    if caller.kind == .officer {
      let order = ClockOrder(
        deed: .resume, officer: Officer(caller), expectedVersion: request.expectedVersion)
      return (.caseID(request.caseID), .order(order), nil)
    }
    try Self.check(request)
    let command = CaseCommand.resume(
      round: Int(request.round),
      supplementedAt: Timestamp(milliseconds: request.supplementedAtMs))
    return (
      .applicationID(request.applicationID), command, try CaseFile.encoded(request.materials)
    )
  }

  private static func check(_ request: ApprovalV1.ResumeClockRequest) throws {
    var defects = DefectList()
    if request.materials.count > OriginClaim.materialsMax {
      defects.add(.materialTooMany, at: "materials")
    }
    if request.supplementedAtMs <= 0 { defects.add(.fieldMissing, at: "supplemented_at_ms") }
    try defects.throwIfAny(.requestInvalid)
  }
}
