import DomainModel
import Logging
import RPC
import ServiceCore
import Storage
import Wire

extension ApprovalHandlers {
  /// The head of an office says who is on duty there.
  func recordDuty(
    _ request: ApprovalV1.RecordDutyRequest, _ context: CallContext
  ) async throws -> ApprovalV1.RecordDutyResponse {
    let caller = try context.requireCaller()
    guard caller.role == Officer.headRole, let office = caller.office else {
      throw ServiceError(.officerWrongOffice)
    }
    let response: ApprovalV1.RecordDutyResponse = try await self.once.answer(
      request, key: request.idempotencyKey, context
    ) { call in
      let officers = try Self.officers(request)
      return try await call.commit { transaction, stamp in
        try self.store.replaceDuty(transaction, at: office, by: officers)
        try self.store.tables.history.append(
          transaction,
          .init("duty_recorded", of: "\(office)/duty", by: stamp.actor, at: stamp.now))
        return ApprovalV1.RecordDutyResponse()
      }
    }
    context.logger.info("duty is recorded", metadata: ["office": "\(office)"])
    return response
  }

  private static let dutyRoles = Set(["accept", "review", "approve", "confirm"])

  private static func officers(
    _ request: ApprovalV1.RecordDutyRequest
  ) throws -> [(id: String, roles: [String])] {
    var defects = DefectList()
    if request.officers.count > DeskPeople.officersMax {
      defects.add(.numberOutOfRange, at: "officers")
    }
    var seen: Set<String> = []
    for (index, officer) in request.officers.prefix(DeskPeople.officersMax).enumerated() {
      let path = "officers[\(index)]"
      defects.add(
        TextRules.defects(of: officer.officerID, charactersMax: OriginClaim.idCharactersMax),
        at: "\(path).officer_id")
      if !seen.insert(officer.officerID).inserted {
        defects.add(.idRepeated, at: "\(path).officer_id")
      }
      if officer.roles.isEmpty { defects.add(.fieldMissing, at: "\(path).roles") }
      if !self.dutyRoles.isSuperset(of: officer.roles) {
        defects.add(.valueUnknown, at: "\(path).roles")
      }
    }
    try defects.throwIfAny(.requestInvalid)
    return request.officers.map { (id: $0.officerID, roles: Set($0.roles).sorted()) }
  }
}
