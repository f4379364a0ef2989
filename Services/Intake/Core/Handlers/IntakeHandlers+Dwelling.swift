import DomainModel
import RPC
import Wire

extension IntakeHandlers {
  /// The reading with the addresses at which the registry has the applicant registered now, where
  /// that may waive the proof of his dwelling, and what the registry said, which need not be asked
  /// again; else the reading as it is, and nobody is asked.
  func lookingUp(
    _ reading: FormReading, _ context: CallContext
  ) async throws -> (FormReading, Residence?) {
    guard reading.needsRegisteredDwelling,
      let known = try await self.residence(of: reading, within: context)
    else { return (reading, nil) }
    return (reading.knowing(registered: known.inForce.map(\.address)), known)
  }
}

extension Address {
  init(_ address: ModelV1.Address) {
    self.init(
      division: address.divisionCode, street: address.street, community: address.community,
      detail: address.detail)
  }
}
