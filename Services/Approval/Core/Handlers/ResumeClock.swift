import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// The supplement came in: the case goes on with the materials the application has now.
  func resumeClock(
    _ request: ApprovalV1.ResumeClockRequest, _ context: CallContext
  ) async throws -> ApprovalV1.ResumeClockResponse {
    let response: ApprovalV1.ResumeClockResponse = try await self.once.answer(
      request, key: request.idempotencyKey, context
    ) { call in
      try Self.check(request)
      let command = CaseCommand.resume(
        round: Int(request.round),
        supplementedAt: Timestamp(milliseconds: request.supplementedAtMs))
      let materials = try CaseFile.encoded(request.materials)
      let reach = try self.reach(of: context)
      return try await call.commit { transaction, stamp in
        let record = try self.store.find(
          transaction, .applicationID(request.applicationID), within: reach)
        _ = try self.change(transaction, record, by: command, stamp, materials: materials)
        return ApprovalV1.ResumeClockResponse()
      }
    }
    context.logger.info(
      "case goes on", metadata: ["application.id": "\(request.applicationID)"])
    return response
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
