import DomainModel
import RPC
import ServiceCore
import Wire

/// What the registry's handlers hold. Each RPC is an extension in a file of its own name.
struct RegistryHandlers: RegistryV1.CertificateRegistryService {
  let store: RegistryStore
  let once: AnswerOnce
  let policy: RegistryPolicy
  let signer: any PermitSigner
  let time: any TimeSource
  let random: any RandomSource

  /// Today in Asia/Shanghai.
  var today: CivilDate { CivilDate(of: self.time.now()) }

  /// What the caller reaches by the method, as the access table says. An officer reaches the
  /// registrations that his own office or one below it made, and the permits of his county: its
  /// bureau issues them, and each of its stations serves their holders.
  func reach(of context: CallContext) throws -> RegistryReach {
    switch context.reach {
    case .everything: return .everything
    case .office:
      guard let office = try context.requireCaller().office else {
        throw ServiceError(.officerWrongOffice)
      }
      let offices = self.policy.offices
      return .offices(
        offices.codes(from: office), bureaus: offices.codes(from: offices.top(over: office)))
    case .adds, .ownAndWards, .submitted, nil: throw ServiceError(.callerNotAllowed)
    }
  }

  /// A new id.
  func newID<Entity>(_ now: Timestamp) -> ID<Entity> {
    ID(now: now, random: self.random)
  }
}
