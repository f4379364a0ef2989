import DomainModel
import Wire

extension PersonReportClaim {
  init(_ wire: RegistryV1.ReportPersonEventRequest) {
    self.init(
      citizenID: wire.citizenID, source: wire.source, reference: wire.reference,
      what: wire.event.map(What.init))
  }
}

extension PersonReportClaim.What {
  init(_ wire: RegistryV1.ReportPersonEventRequest.Event) {
    switch wire {
    case .death(let death): self = .death(on: death.diedOn)
    case .deathWithdrawn(let withdrawal): self = .deathWithdrawal(on: withdrawal.withdrawnOn)
    case .hukouMoved(let move): self = .hukouMove(to: move.divisionCode, on: move.movedOn)
    case .numberChanged(let change):
      self = .numberChange(to: change.newCitizenID, on: change.changedOn)
    case .phoneReassigned(let phone):
      self = .phoneReassignment(phone.phone, on: phone.reassignedOn)
    }
  }
}

extension RegistryV1.ReportPersonEventResponse {
  init(_ reported: ReportedEvent) {
    self.init(
      personKnown: reported.isKnown, endedRegistrationIDs: reported.ended.map(\.text),
      cancelledCertificateIdentifier: reported.cancelledIdentifier ?? "",
      newCertificateIdentifier: reported.newIdentifier ?? "",
      phonesRemoved: Int32(clamping: reported.phonesRemoved),
      changes: reported.changes.map {
        RegistryV1.ReportedChange(entityID: $0.entity, entityVersion: Int64($0.version))
      })
  }
}
