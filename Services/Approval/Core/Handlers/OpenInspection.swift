import DomainModel
import Logging
import RPC
import ServiceCore
import Storage
import Wire

extension ApprovalHandlers {
  /// Opens an inspection of the permit that a case ended in: the holder has been told the facts,
  /// and is heard. Nobody else is told.
  func openInspection(
    _ request: ApprovalV1.OpenInspectionRequest, _ context: CallContext
  ) async throws -> ApprovalV1.OpenInspectionResponse {
    let caller = try context.requireCaller()
    let response: ApprovalV1.OpenInspectionResponse = try await self.traced(
      "inspection", of: request.caseID, context
    ) {
      try await self.once.answer(request, key: request.idempotencyKey, context) { call in
        let reach = try self.reach(of: context)
        return try await call.commit { transaction, stamp in
          let record = try self.store.find(transaction, .caseID(request.caseID), within: reach)
          var draft = InspectionDraft(
            officer: Officer(caller), grounds: request.grounds,
            servedOn: request.noticeServedOn)
          draft.isParty = try caller.isParty(to: record)
          return ApprovalV1.OpenInspectionResponse(
            inspection: try self.open(draft, of: record.file, transaction, stamp))
        }
      }
    }
    context.logger.info(
      "inspection is open",
      metadata: [
        "case.id": "\(request.caseID)",
        "inspection.id": "\(response.inspection?.inspectionID ?? "")",
      ])
    return response
  }

  private func open(
    _ draft: InspectionDraft, of file: ApprovalCase, _ transaction: Transaction, _ stamp: Stamp
  ) throws -> ApprovalV1.Inspection {
    let machine = try self.machine(of: file, transaction, stamp.now)
    let inspection = try machine.open(draft, of: file, as: stamp.newID(), now: stamp.now)
      .mapError(\.serviceError).get()
    if let other = try self.inspections.open(transaction, of: file.id) {
      throw ServiceError(.inspectionAlreadyOpen, metadata: ["inspection_id": other.text])
    }
    try self.inspections.write(
      transaction, .opened, from: nil, to: inspection, telling: [], stamp)
    return try self.wire(inspection, transaction)
  }
}
