import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// Keeps an officer out of a case for good (回避): the caller, or whom the head of his office
  /// names.
  func recuseOfficer(
    _ request: ApprovalV1.RecuseOfficerRequest, _ context: CallContext
  ) async throws -> ApprovalV1.RecuseOfficerResponse {
    let caller = try context.requireCaller()
    let isOther = !request.officerID.isEmpty && request.officerID != caller.id
    let officerID = isOther ? request.officerID : caller.id
    let command = DeskCommand.recuse(
      officerID: officerID, byHead: isOther ? Officer(caller) : nil)
    let response: ApprovalV1.RecuseOfficerResponse = try await self.traced(
      "recusal", of: request.caseID, context
    ) {
      try await self.once.answer(request, key: request.idempotencyKey, context) { call in
        try Self.check(request)
        let reach = try self.reach(of: context)
        return try await call.commit { transaction, stamp in
          let record = try self.store.find(transaction, .caseID(request.caseID), within: reach)
          _ = try self.change(transaction, record.file, by: command, stamp)
          return ApprovalV1.RecuseOfficerResponse()
        }
      }
    }
    context.logger.info("an officer keeps out", metadata: ["case.id": "\(request.caseID)"])
    return response
  }

  private static func check(_ request: ApprovalV1.RecuseOfficerRequest) throws {
    var defects = DefectList()
    defects.add(
      TextRules.defects(
        of: request.officerID, charactersMax: OriginClaim.idCharactersMax, isRequired: false),
      at: "officer_id")
    switch request.reason {
    case .own, .relative, .interest: break
    case .unspecified, .unrecognized: defects.add(.valueUnknown, at: "reason")
    }
    try defects.throwIfAny(.requestInvalid)
  }
}
