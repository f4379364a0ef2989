import DomainModel
import RPC
import TestSupport
import Wire

@testable import CertificateRegistryCore

/// A step as one caller asks for it: whoever repeats it asks with the same id.
struct LifeCall: Hashable, Sendable {
  let id: Int
  let step: LifeStep
}

/// What a caller was answered.
struct LifeAnswer: Sendable {
  let id: Int
  /// Nil where it was done.
  let refusal: String?
  let permit: RegistryV1.Permit?
}

/// Asks a registry for steps of the first person's permits.
struct LifeCalls: Sendable {
  let registry: RegistryFixture
  let today: CivilDate
  /// By the call that had them made, the identifier that their certificate had last.
  let identifiers: [Int: String]

  func ask(_ call: LifeCall) async throws -> LifeAnswer {
    do {
      let permit = try await self.permit(call)
      return LifeAnswer(id: call.id, refusal: nil, permit: permit)
    } catch let error as ServiceError {
      return LifeAnswer(id: call.id, refusal: error.reason, permit: nil)
    }
  }

  private func key(_ call: LifeCall) -> String { "key-of-a-life-step-\(call.id)" }

  private func permit(_ call: LifeCall) async throws -> RegistryV1.Permit? {
    switch call.step {
    case .issue(let unit):
      let request = RegistryV1.IssuePermitRequest.sample(1).changed {
        $0.idempotencyKey = self.key(call)
        $0.applicationID = "application-\(call.id)"
        $0.caseID = "case-\(call.id)"
        $0.issuedOn = self.today.iso
        $0.residence = unit.address
        $0.bureauCode = unit.bureau
      }
      return try await self.registry.client.issuePermit(request, options: .approval).permit
    case .convert(let unit, let isOfPermit):
      var request = RegistryV1.ConvertPermitRequest.sample(
        1, kind: isOfPermit ? .existingPermit : .accumulatedRegistration)
      request.idempotencyKey = self.key(call)
      request.order = self.order(call)
      request.residence = unit.address
      request.bureauCode = unit.bureau
      return try await self.registry.client.convertPermit(request, options: .approval).permit
    case .change(let paper, let change):
      return try await self.change(call, self.identifiers[paper] ?? "", change)
    }
  }

  private func order(_ call: LifeCall) -> RegistryV1.Order {
    var order = RegistryV1.Order.sample(self.today.iso, reason: "试验")
    order.applicationID = "application-\(call.id)"
    order.caseID = "case-\(call.id)"
    return order
  }

  private func change(
    _ call: LifeCall, _ permit: String, _ change: LifeStep.Change
  ) async throws -> RegistryV1.Permit? {
    let client = self.registry.client
    let (key, order) = (self.key(call), self.order(call))
    switch change {
    case .endorse(let submitted):
      return try await client.endorsePermit(
        .init(
          idempotencyKey: key, certificateIdentifier: permit, order: order,
          submittedOn: submitted.iso), options: .approval
      ).permit
    case .move: return try await self.move(key, permit, order, into: .same)
    case .moveAway: return try await self.move(key, permit, order, into: .other)
    case .contact:
      return try await client.changePermitContact(
        .init(
          idempotencyKey: key, certificateIdentifier: permit, order: order,
          phone: "13900139000"), options: .intake
      ).permit
    case .correct:
      return try await client.correctPermit(
        .init(
          idempotencyKey: key, certificateIdentifier: permit, order: order,
          holder: .sample(1), photoSha256: [UInt8](repeating: 0xB6, count: 32),
          proofSha256: [UInt8](repeating: 0xC7, count: 32)), options: .approval
      ).permit
    case .cancel:
      return try await client.cancelPermit(
        .init(
          idempotencyKey: key, certificateIdentifier: permit, order: order,
          reason: .ownRequest), options: .approval
      ).permit
    case .reinstate:
      return try await client.reinstatePermit(
        .init(idempotencyKey: key, certificateIdentifier: permit, order: order),
        options: .approval
      ).permit
    default: return try await self.note(key, permit, order, change)
    }
  }

  private func note(
    _ key: String, _ permit: String, _ order: RegistryV1.Order, _ change: LifeStep.Change
  ) async throws -> RegistryV1.Permit? {
    let client = self.registry.client
    switch change {
    case .loss:
      return try await client.reportLoss(
        .init(idempotencyKey: key, certificateIdentifier: permit, order: order),
        options: .intake
      ).permit
    case .found:
      return try await client.withdrawLoss(
        .init(idempotencyKey: key, certificateIdentifier: permit, order: order),
        options: .intake
      ).permit
    case .hold(let number):
      return try await client.placeHold(
        .init(
          idempotencyKey: key, certificateIdentifier: permit, order: order,
          documentNumber: number), options: .approval
      ).permit
    case .release(let number):
      return try await client.releaseHold(
        .init(
          idempotencyKey: key, certificateIdentifier: permit, order: order,
          documentNumber: number), options: .approval
      ).permit
    case .apply(let application):
      return try await self.notePending(
        key, permit, application.id, .submittedOn(application.submittedOn.iso))
    case .endApplication(let id):
      return try await self.notePending(
        key, permit, id, .ended(.init(outcome: .refused, endedOn: self.today.iso)))
    default: throw ServiceError(.requestInvalid)
    }
  }

  private func notePending(
    _ key: String, _ permit: String, _ application: String,
    _ what: RegistryV1.NoteEndorsementPendingRequest.What
  ) async throws -> RegistryV1.Permit? {
    try await self.registry.client.noteEndorsementPending(
      .init(
        idempotencyKey: key, certificateIdentifier: permit, applicationID: application,
        what: what), options: .intake
    ).permit
  }

  private enum Target {
    case same, other
  }

  /// Inside the unit that the permit was issued by, or out of it.
  private func move(
    _ key: String, _ permit: String, _ order: RegistryV1.Order, into target: Target
  ) async throws -> RegistryV1.Permit? {
    let found = try await self.registry.client.getPermit(
      .init(certificateIdentifier: permit), options: .auditor
    ).permit
    let isOfHangzhou = found?.bureauCode == LifeModel.Unit.hangzhou.bureau
    let unit: LifeModel.Unit = isOfHangzhou == (target == .same) ? .hangzhou : .suichang
    return try await self.registry.client.changePermitAddress(
      .init(
        idempotencyKey: key, certificateIdentifier: permit, order: order,
        move: .init(residence: unit.address, changedOn: self.today.iso)), options: .approval
    ).permit
  }
}

extension LifeModel.Unit {
  var address: ModelV1.Address { self == .hangzhou ? .upperTown : .suichang }

  var bureau: String { self == .hangzhou ? "330106000000" : "331123000000" }
}
