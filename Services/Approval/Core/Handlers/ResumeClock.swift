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
    if caller.kind == .officer {
      try await self.traced("resumption", of: request.caseID, context) {
        try await self.resume(request, by: caller, context)
      }
    } else {
      try await self.supplement(request, context)
    }
    context.logger.info(
      "case goes on",
      metadata: [
        "application.id": "\(request.applicationID)", "case.id": "\(request.caseID)",
      ])
    return ApprovalV1.ResumeClockResponse()
  }

  private func resume(
    _ request: ApprovalV1.ResumeClockRequest, by caller: Caller, _ context: CallContext
  ) async throws {
    let order = ClockOrder(
      deed: .resume, officer: Officer(caller), expectedVersion: request.expectedVersion)
    _ = try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let reach = try self.reach(of: context)
      return try await call.commit { transaction, stamp in
        let record = try self.store.find(transaction, .caseID(request.caseID), within: reach)
        _ = try self.change(transaction, record, by: order, of: caller, stamp)
        return ApprovalV1.ResumeClockResponse()
      }
    }
  }

  private func supplement(
    _ request: ApprovalV1.ResumeClockRequest, _ context: CallContext
  ) async throws {
    _ = try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let reach = try self.reach(of: context)
      try Self.check(request)
      let command = CaseCommand.resume(
        round: Int(request.round),
        supplementedAt: Timestamp(milliseconds: request.supplementedAtMs))
      let materials = try CaseFile.encoded(request.materials)
      return try await call.commit { transaction, stamp in
        let record = try self.store.find(
          transaction, .applicationID(request.applicationID), within: reach)
        _ = try self.change(transaction, record, by: command, stamp, materials: materials)
        return ApprovalV1.ResumeClockResponse()
      }
    }
  }

  /// Throws `REQUEST_INVALID`.
  private static func check(_ request: ApprovalV1.ResumeClockRequest) throws {
    var defects = DefectList()
    if request.materials.count > OriginClaim.materialsMax {
      defects.add(.materialTooMany, at: "materials")
    }
    if request.supplementedAtMs <= 0 { defects.add(.fieldMissing, at: "supplemented_at_ms") }
    try defects.throwIfAny(.requestInvalid)
  }
}
