import DomainModel
import Logging
import RPC
import ServiceCore
import Storage
import Wire

/// What the registry's answer to an order of intake does to its application: where no officer
/// decides, the registry's word is the end.
struct RegistryAnswers: Sendable {
  let answered: AnsweredChange
  let logger: Logger

  /// Registers what is done with answers and refusals.
  func register(on effects: inout OutboxEffects) {
    typealias Methods = RegistryV1.CertificateRegistryServiceMethods
    effects.onAnswer(Methods.reportLoss.path) {
      try self.carriedOut($0, $1, RegistryV1.ReportLossResponse(wireBytes: $2).permit)
    }
    effects.onAnswer(Methods.withdrawLoss.path) {
      try self.carriedOut($0, $1, RegistryV1.WithdrawLossResponse(wireBytes: $2).permit)
    }
    effects.onAnswer(Methods.changePermitContact.path) {
      try self.carriedOut($0, $1, RegistryV1.ChangePermitContactResponse(wireBytes: $2).permit)
    }
    effects.onAnswer(Methods.changeRegistration.path, self.registrationChanged)
    for method in [
      Methods.reportLoss, Methods.withdrawLoss, Methods.changePermitContact,
      Methods.changeRegistration,
    ] {
      effects.onRefusal(method.path, self.declined)
    }
    effects.onRefusal(Methods.noteEndorsementPending.path, self.notNoted)
  }

  /// The permit has been changed, and with it everything is done.
  private func carriedOut(
    _ transaction: Transaction, _ message: OutboxMessage, _ permit: RegistryV1.Permit?
  ) throws {
    guard let permit else { throw UnusableData("the registry's answer names no permit") }
    try self.change(transaction, message) { application, now in
      var completion = Completion(completedAt: now)
      completion.certificateIdentifier = permit.certificateIdentifier
      completion.validTo = CivilDate(iso: permit.validToOn)
      if application.kind == .contactChange {
        completion.registrationID = application.submission?.about.registrationID ?? ""
      }
      return try Self.step(application, .completed(completion), now)
    }
  }

  /// The registration has been changed: what is left is the permit's, if there is one.
  private func registrationChanged(
    _ transaction: Transaction, _ message: OutboxMessage, _ reply: [UInt8]
  ) throws {
    let answer = try RegistryV1.ChangeRegistrationResponse(wireBytes: reply)
    guard let id = answer.registration?.registrationID, !id.isEmpty else {
      throw UnusableData("the registry's answer names no registration")
    }
    try self.change(transaction, message) { application, now in
      guard try RegistryMessages.permitOrder(application) != nil else {
        let completion = Completion(completedAt: now, registrationID: id)
        return try Self.step(application, .completed(completion), now)
      }
      var next = application.changed(at: now)
      next.submission?.about.registrationID = id
      return ApplicationStep(next: next, event: .registrationChanged)
    }
  }

  /// The registry would not: the applicant hears why, and never that it is done. What is no
  /// decision about what is on record parks the lane, for a person to mend.
  private func declined(
    _ transaction: Transaction, _ message: OutboxMessage, _ error: ServiceError
  ) throws {
    let reasons = RegistryRefusal.reasons(of: error)
    if reasons.isEmpty { throw error }
    try self.change(transaction, message) { application, now in
      let refusal = Refusal(
        decidedAt: now, reasons: reasons, reconsiderationAuthority: "", court: "")
      return try Self.step(application, .refused(refusal), now)
    }
  }

  /// Where the endorsement cannot be noted, such as before its window, its officers say so: the
  /// finding went with the case.
  private func notNoted(
    _ transaction: Transaction, _ message: OutboxMessage, _ error: ServiceError
  ) throws {
    if RegistryRefusal.reasons(of: error).isEmpty { throw error }
    let id = RegistryMessages.application(ofLane: message.lane)
    self.logger.info(
      "the registry noted no pending endorsement",
      metadata: ["application.id": "\(id?.text ?? "")", "reason": "\(error.reason)"])
  }

  private static func step(
    _ application: Application, _ progress: Progress, _ now: Timestamp
  ) throws -> ApplicationStep {
    ApplicationStep(
      next: try application.carriedOut(progress, at: now), event: .progressed(progress))
  }

  private func change(
    _ transaction: Transaction, _ message: OutboxMessage,
    _ decide: (Application, Timestamp) throws -> ApplicationStep
  ) throws {
    guard let id = RegistryMessages.application(ofLane: message.lane) else {
      throw UnusableData("\(message.lane) is no lane of an application")
    }
    try self.answered(transaction, id, by: .registry, decide)
  }
}
