import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// The head of an office gives a case to an officer by name, or back to all. With it a minor's
  /// papers open for that officer: it is the recorded approval of 未成年人网络保护条例 Art. 36.
  func reassignCase(
    _ request: ApprovalV1.ReassignCaseRequest, _ context: CallContext
  ) async throws -> ApprovalV1.ReassignCaseResponse {
    let caller = try context.requireCaller()
    let draft = AssignmentDraft(
      head: Officer(caller), expectedVersion: request.expectedVersion,
      officerID: request.officerID)
    let response: ApprovalV1.ReassignCaseResponse = try await self.traced(
      "assignment", of: request.caseID, context
    ) {
      try await self.once.answer(request, key: request.idempotencyKey, context) { call in
        let reach = try self.reach(of: context)
        return try await call.commit { transaction, stamp in
          let record = try self.store.find(transaction, .caseID(request.caseID), within: reach)
          let after = try self.change(transaction, record.file, by: .assign(draft), stamp)
          let desk = ApprovalV1.CaseDesk(after.desk, at: stamp.now, waitsFor: after.namedOfficer)
          return ApprovalV1.ReassignCaseResponse(desk: desk)
        }
      }
    }
    context.logger.info("case is assigned", metadata: ["case.id": "\(request.caseID)"])
    return response
  }
}
