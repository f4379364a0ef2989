import DomainModel
import Wire

extension SubjectClaim {
  init(_ wire: RegistryV1.ExportPersonRequest) {
    self.init(citizenID: wire.citizenID, reference: wire.reference)
  }
}

extension ErasureClaim {
  init(_ wire: RegistryV1.ErasePersonRequest) {
    self.init(
      subject: SubjectClaim(citizenID: wire.citizenID, reference: wire.reference),
      ground: ErasureGround(wire.ground))
  }
}

extension ErasureGround {
  /// Nil for what this version of the contract does not name.
  init?(_ wire: RegistryV1.ErasureGround) {
    switch wire {
    case .ownRequest: self = .ownRequest
    case .relativesRequest: self = .relativesRequest
    case .termOver: self = .termOver
    case .unspecified, .unrecognized: return nil
    }
  }
}
