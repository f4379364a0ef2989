import DomainModel
import Logging
import RPC
import ServiceCore
import Storage
import Wire

extension ApprovalHandlers {
  /// Says that an officer is away: he himself, or the head of his office.
  func recordAbsence(
    _ request: ApprovalV1.RecordAbsenceRequest, _ context: CallContext
  ) async throws -> ApprovalV1.RecordAbsenceResponse {
    let caller = try context.requireCaller()
    let officerID = request.officerID.isEmpty ? caller.id : request.officerID
    guard let office = caller.office, officerID == caller.id || caller.role == Officer.headRole
    else { throw ServiceError(.officerWrongOffice) }
    let response: ApprovalV1.RecordAbsenceResponse = try await self.once.answer(
      request, key: request.idempotencyKey, context
    ) { call in
      try Self.check(request, officerID)
      let absence = Absence(
        officerID: officerID, officeCode: office, from: Timestamp(milliseconds: request.fromMs),
        until: Timestamp(milliseconds: request.untilMs), delegateID: request.delegateID)
      return try await call.commit { transaction, stamp in
        try self.store.replaceAbsence(transaction, by: absence, now: stamp.now)
        try self.store.tables.history.append(
          transaction,
          .init(
            "absence_recorded", of: "\(office)/duty", by: stamp.actor, at: stamp.now,
            detail: officerID))
        return ApprovalV1.RecordAbsenceResponse()
      }
    }
    context.logger.info("absence is recorded", metadata: ["office": "\(office)"])
    return response
  }

  private static func check(
    _ request: ApprovalV1.RecordAbsenceRequest, _ officerID: String
  ) throws {
    var defects = DefectList()
    let max = OriginClaim.idCharactersMax
    defects.add(TextRules.defects(of: officerID, charactersMax: max), at: "officer_id")
    defects.add(
      TextRules.defects(of: request.delegateID, charactersMax: max, isRequired: false),
      at: "delegate_id")
    if request.delegateID == officerID { defects.add(.idRepeated, at: "delegate_id") }
    let lengthMax = Absence.daysMax * 86_400_000
    let isThere = request.fromMs == 0 && request.untilMs == 0
    if !isThere,
      request.fromMs <= 0 || request.untilMs <= request.fromMs
        || request.untilMs - request.fromMs > lengthMax
    {
      defects.add(.numberOutOfRange, at: "until_ms")
    }
    try defects.throwIfAny(.requestInvalid)
  }
}
