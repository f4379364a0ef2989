import DomainModel
import RPC
import Wire

extension IntakeHandlers {
  /// The reading with the addresses at which the registry has the applicant registered now, where
  /// that may waive the proof of his dwelling; else as it is, and nobody is asked.
  func lookingUp(_ reading: FormReading, _ context: CallContext) async throws -> FormReading {
    guard reading.needsRegisteredDwelling, let citizenID = reading.citizenID.value else {
      return reading
    }
    let answer = try await self.asking(context) { registry, options in
      try await registry.getResidenceHistory(
        RegistryV1.GetResidenceHistoryRequest(citizenID: citizenID.text), options: options)
    }
    let inForce = answer.registrations.filter { $0.endedOn.isEmpty }
    return reading.knowing(registered: inForce.map { Address($0.address ?? ModelV1.Address()) })
  }
}

extension Address {
  init(_ address: ModelV1.Address) {
    self.init(
      division: address.divisionCode, street: address.street, community: address.community,
      detail: address.detail)
  }
}
