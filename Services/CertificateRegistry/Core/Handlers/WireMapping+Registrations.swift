import DomainModel
import ServiceCore
import Wire

extension RegistrationClaim {
  init(_ wire: RegistryV1.RecordRegistrationRequest) {
    self.init(
      person: IdentityClaim(wire.person), address: Address(wire.address),
      workplace: wire.workplace, declaredOn: wire.declaredOn, endedOn: wire.endedOn,
      officeCode: wire.officeCode)
  }
}

extension RegistrationChangeClaim {
  init(_ wire: RegistryV1.ChangeRegistrationRequest) {
    self.init(
      id: wire.registrationID, officeCode: wire.officeCode,
      what: .move(
        to: Address(wire.address), workplace: wire.workplace, changedOn: wire.changedOn,
        reportedOn: wire.reportedOn))
  }

  init(_ wire: RegistryV1.EndRegistrationRequest) {
    self.init(
      id: wire.registrationID, officeCode: wire.officeCode,
      what: .end(on: wire.endedOn, EndReason(wire.reason)))
  }
}

extension RegistryV1.Registration {
  init(_ registration: Registration) {
    self.init(
      registrationID: registration.id.text, address: ModelV1.Address(registration.address),
      declaredOn: registration.declaredOn.iso, endedOn: registration.endedOn?.iso ?? "",
      officeCode: registration.officeCode,
      recordedAtMs: registration.recordedAt.milliseconds)
    self.endReason = registration.endReason.map { .init($0) } ?? .unspecified
    self.previousRegistrationID = registration.previousID?.text ?? ""
    self.reportedLate = registration.isLate
    self.workplace = registration.workplace
    self.version = Int64(registration.version)
    self.erasedAtMs = registration.erasedAt?.milliseconds ?? 0
  }
}

extension Registration {
  /// A registration of the facts that its history kept. Throws `UnusableData` where they are none.
  init(factsIn wire: RegistryV1.Registration) throws {
    guard let declaredOn = CivilDate(iso: wire.declaredOn) else {
      throw UnusableData(
        "the history of registration \(wire.registrationID) keeps no registration")
    }
    self.init(
      id: ID(wire.registrationID), address: Address(wire.address), workplace: wire.workplace,
      declaredOn: declaredOn, endedOn: CivilDate(iso: wire.endedOn),
      endReason: EndReason(wire.endReason),
      previousID: wire.previousRegistrationID.isEmpty ? nil : ID(wire.previousRegistrationID),
      isLate: wire.reportedLate, officeCode: wire.officeCode,
      recordedAt: Timestamp(milliseconds: wire.recordedAtMs), version: Int(wire.version))
    if wire.erasedAtMs != 0 { self.erasedAt = Timestamp(milliseconds: wire.erasedAtMs) }
  }
}

extension RegistryV1.ResidenceChain {
  init(_ reckoned: ResidenceReckoning.Reckoned) {
    self.init(
      unitCode: reckoned.unit ?? "", declaredOn: reckoned.chain.declaredOn.iso,
      countsFromOn: reckoned.chain.countsFrom.iso,
      gapDays: Int32(clamping: reckoned.chain.gapDays),
      halfYearCompleteOn: reckoned.halfYear.completeOn.iso,
      eligibleFromOn: reckoned.halfYear.eligibleFrom.iso, complete: reckoned.isComplete,
      registered: reckoned.chain.isRegistered)
  }
}

extension EndReason {
  /// Nil for what this version of the contract does not name.
  init?(_ wire: RegistryV1.EndReason) {
    switch wire {
    case .left: self = .left
    case .moved: self = .moved
    case .death: self = .death
    case .localHukou: self = .localHukou
    case .recordedInError: self = .recordedInError
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension RegistryV1.EndReason {
  init(_ reason: EndReason) {
    switch reason {
    case .left: self = .left
    case .moved: self = .moved
    case .death: self = .death
    case .localHukou: self = .localHukou
    case .recordedInError: self = .recordedInError
    }
  }
}
