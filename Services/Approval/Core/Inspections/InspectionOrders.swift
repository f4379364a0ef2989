import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// What the registry is told of an inspection, and what its answer does to it. Before two officers
/// have found fraud nobody is told anything.
struct InspectionOrders: Sendable {
  let handlers: ApprovalHandlers

  /// The order that follows from an event; none from most.
  static func messages(
    _ inspection: Inspection, of file: ApprovalCase, after event: InspectionEvent
  ) throws -> [OutboxMessage] {
    guard case .decided(_, let signature) = event, let penalty = inspection.conclusion?.penalty
    else { return [] }
    let key = "\(inspection.id.text)-cancel-\(inspection.ordersCount)"
    let request = RegistryV1.CancelPermitRequest(
      idempotencyKey: key, certificateIdentifier: inspection.certificateIdentifier,
      order: RegistryV1.Order(
        applicationID: inspection.applicationID, caseID: inspection.caseID.text,
        actor: "officer:\(signature.officerID)", actorOffice: signature.officeCode,
        decidedOn: CivilDate(of: signature.at).iso, policyVersion: file.origin.policyVersion,
        reason: "骗领居住证：\(penalty.decisionNumber)"),
      reason: .fraud)
    return [
      try OutboxMessage(
        request, RegistryV1.CertificateRegistryServiceMethods.cancelPermit, to: .registry,
        lane: InspectionLane.registry(inspection.id), key: key)
    ]
  }

  /// The registry has cancelled the permit.
  func cancelled(_ transaction: Transaction, _ id: String) throws {
    try self.answered(transaction, id, .recordCancellation)
  }

  /// The registry would not: it goes back to who decides, or is over, where the permit had ended by
  /// something else. What is no decision about the permit parks the lane, for a person to mend.
  func refused(_ transaction: Transaction, _ id: String, _ error: ServiceError) throws {
    let reasons = IssueRefusal.reasons(of: error, on: .cancellation)
    if reasons.isEmpty { throw error }
    let isOver = error.reason != ErrorReason.permitHeld.rawValue
    try self.answered(transaction, id, .recordRefusal(reasons, isOver: isOver))
  }

  private func answered(
    _ transaction: Transaction, _ id: String, _ command: InspectionCommand
  ) throws {
    let stamp = Stamp(
      Actor(Caller(service: .registry)), at: try transaction.databaseNow(),
      random: self.handlers.parts.random)
    let inspection = try self.handlers.inspections.find(transaction, id, within: .everything)
    let answered = try self.handlers.change(transaction, inspection, by: { _ in command }, stamp)
    try CreditRecords(handlers: self.handlers).record(transaction, answered, stamp)
  }
}

/// The lane of an inspection: its orders stay in their order, and hold up nothing else.
enum InspectionLane {
  /// What the registry is told of an inspection.
  static func registry(_ id: ID<Inspection>) -> String { "inspection:\(id.text):registry" }

  /// The id of the inspection whose lane it is; nil for one that is no inspection's.
  static func inspectionID(of lane: String) -> String? {
    let parts = lane.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0] == "inspection" ? String(parts[1]) : nil
  }
}
