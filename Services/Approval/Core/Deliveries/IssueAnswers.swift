import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// What the registry's answer to an order does to its case.
struct IssueAnswers: Sendable {
  let handlers: ApprovalHandlers

  private typealias Methods = RegistryV1.CertificateRegistryServiceMethods

  /// Registers what is done with answers and refusals.
  func register(on effects: inout OutboxEffects) {
    self.take(Methods.issuePermit, on: &effects) { reply, _ in
      try .init(signed: RegistryV1.IssuePermitResponse(wireBytes: reply).permit)
    }
    self.take(Methods.convertPermit, on: &effects) { reply, _ in
      try .init(signed: RegistryV1.ConvertPermitResponse(wireBytes: reply).permit)
    }
    self.take(Methods.endorsePermit, on: &effects) { reply, now in
      try .init(changed: RegistryV1.EndorsePermitResponse(wireBytes: reply).permit, at: now)
    }
    self.take(Methods.correctPermit, on: &effects) { reply, now in
      try .init(changed: RegistryV1.CorrectPermitResponse(wireBytes: reply).permit, at: now)
    }
    self.take(Methods.cancelPermit, on: &effects) { reply, now in
      try .init(changed: RegistryV1.CancelPermitResponse(wireBytes: reply).permit, at: now)
    }
    self.take(Methods.changePermitAddress, on: &effects) { reply, now in
      try .init(changed: RegistryV1.ChangePermitAddressResponse(wireBytes: reply).permit, at: now)
    }
    self.take(Methods.recordRegistration, on: &effects) { reply, now in
      try .init(
        RegistryV1.RecordRegistrationResponse(wireBytes: reply).registration, at: now)
    }
    self.take(Methods.changeRegistration, on: &effects) { reply, now in
      try .init(
        RegistryV1.ChangeRegistrationResponse(wireBytes: reply).registration, at: now)
    }
  }

  /// Reads what an order has come to; nil for an answer that does not say it.
  private typealias Reading = @Sendable ([UInt8], Timestamp) throws -> ApprovalCase.Effect?

  private func take(
    _ method: Method, on effects: inout OutboxEffects, _ read: @escaping Reading
  ) {
    let inspections = InspectionOrders(handlers: self.handlers)
    effects.onAnswer(method.path) { transaction, message, reply in
      if let id = InspectionLane.inspectionID(of: message.lane) {
        return try inspections.cancelled(transaction, id)
      }
      guard let effect = try read(reply, transaction.databaseNow()) else {
        throw UnusableData("the registry's answer to \(method.path) does not say what it did")
      }
      try self.done(effect, transaction, message)
    }
    effects.onRefusal(method.path) { transaction, message, error in
      if let id = InspectionLane.inspectionID(of: message.lane) {
        return try inspections.refused(transaction, id, error)
      }
      try self.refused(transaction, message, error)
    }
  }

  /// The registry has done it: the next order goes, or the case is complete, and intake is told in
  /// the same transaction.
  private func done(
    _ effect: ApprovalCase.Effect, _ transaction: Transaction, _ message: OutboxMessage
  ) throws {
    try self.change(transaction, message) { record in
      let count = try record.file.decision.map { try DecidedCase(record, $0).orders().count } ?? 1
      return .recordEffect(effect, isLast: record.file.effectsCount + 1 >= count)
    }
  }

  /// The registry would not: the case goes back to who decided, and nobody is told that it is done.
  /// What is no decision about the person parks the lane, for a person to mend.
  private func refused(
    _ transaction: Transaction, _ message: OutboxMessage, _ error: ServiceError
  ) throws {
    try self.change(transaction, message) { record in
      let reasons = IssueRefusal.reasons(of: error, on: record.file.origin.kind)
      if reasons.isEmpty { throw error }
      return .recordIssueRefusal(reasons)
    }
  }

  /// The instant is the transaction's own: the closure may run again, and reads no clock of ours.
  private func change(
    _ transaction: Transaction, _ message: OutboxMessage,
    by command: (CaseRecord) throws -> CaseCommand
  ) throws {
    guard let id = CaseLane.caseID(of: message.lane) else {
      throw UnusableData("the lane \(message.lane) is no case's")
    }
    let stamp = Stamp(
      Actor(Caller(service: .registry)), at: try transaction.databaseNow(),
      random: self.handlers.parts.random)
    let record = try self.handlers.store.find(transaction, .caseID(id), within: .everything)
    _ = try self.handlers.change(transaction, record, by: command(record), stamp)
  }
}
