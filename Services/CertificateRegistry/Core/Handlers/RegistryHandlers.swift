import DomainModel
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

  /// A permit's state now.
  func state(of permit: Permit) -> PermitState {
    self.policy.state(of: permit.term, at: self.time.now())
  }

  /// A new id.
  func newID<Entity>(_ now: Timestamp) -> ID<Entity> {
    ID(now: now, random: self.random)
  }
}
