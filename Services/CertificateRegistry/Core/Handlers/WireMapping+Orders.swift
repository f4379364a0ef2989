import DomainModel
import ServiceCore
import Storage
import Wire

extension OrderClaim {
  init(_ wire: RegistryV1.Order?) {
    guard let wire else {
      self.init()
      return
    }
    self.init(
      applicationID: wire.applicationID, caseID: wire.caseID, actor: wire.actor,
      actorOffice: wire.actorOffice, decidedOn: wire.decidedOn,
      policyVersion: wire.policyVersion, reason: wire.reason)
  }
}

extension MoveClaim {
  init(_ wire: RegistryV1.AddressMove) {
    self.init(
      residence: Address(wire.residence), changedOn: wire.changedOn, reportedOn: wire.reportedOn)
  }
}

extension PendingClaim.What {
  init(_ wire: RegistryV1.NoteEndorsementPendingRequest.What) {
    switch wire {
    case .submittedOn(let day): self = .submitted(on: day)
    case .ended(let end): self = .ended(PendingOutcome(end.outcome), on: end.endedOn)
    }
  }
}

extension IssueClaim {
  init(_ wire: RegistryV1.ConvertPermitRequest) {
    let order = OrderClaim(wire.order)
    self.init(
      applicationID: order.applicationID, caseID: order.caseID, holder: IdentityClaim(wire.holder),
      residence: Address(wire.residence), phone: wire.phone, photoSHA256: wire.photoSha256,
      bureauCode: wire.bureauCode, issuedOn: order.decidedOn, actor: order.actor,
      actorOffice: order.actorOffice, policyVersion: order.policyVersion, isConversion: true,
      conversion: ConversionKind(wire.kind))
  }
}

extension ConversionKind {
  /// Nil for what this version of the contract does not name.
  init?(_ wire: RegistryV1.ConversionKind) {
    switch wire {
    case .existingPermit: self = .existingPermit
    case .accumulatedRegistration: self = .accumulatedRegistration
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension PendingOutcome {
  /// Nil for what this version of the contract does not name.
  init?(_ wire: RegistryV1.PendingOutcome) {
    switch wire {
    case .refused: self = .refused
    case .withdrawn: self = .withdrawn
    case .lapsed: self = .lapsed
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension RegistryV1.PermitEvent {
  init(_ event: RecordedEvent, by policy: RegistryPolicy) {
    let entry = event.entry
    self.init(
      version: Int64(entry.sequence), action: entry.action, atMs: entry.at.milliseconds,
      actor: entry.actor, actorOffice: entry.office, detail: entry.detail)
    guard let facts = event.facts else { return }
    self.state = RegistryV1.PermitState(policy.state(of: facts, at: entry.at))
    self.certificateIdentifier = facts.certificateIdentifier
  }
}
