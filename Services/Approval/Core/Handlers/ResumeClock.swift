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
    let actor = Actor(principal: try context.requireCaller().principal)
    let response: ApprovalV1.ResumeClockResponse = try await self.once.answer(
      request, key: request.idempotencyKey, context
    ) { call in
      try Self.check(request)
      let now = self.time.now()
      let command = CaseCommand.resume(
        round: Int(request.round),
        supplementedAt: Timestamp(milliseconds: request.supplementedAtMs))
      var change = self.change(command, by: actor, within: try self.reach(of: context), at: now)
      change.materials = try CaseFile.encoded(request.materials)
      return try await self.store.change(
        .applicationID(request.applicationID), change, call, now: now
      ) { _ in try ApprovalV1.ResumeClockResponse().wireBytes() }
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
