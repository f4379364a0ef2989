import DomainModel
import RPC
import ServiceCore
import Wire

/// What the registry's handlers hold. Each RPC is an extension in a file of its own name.
struct RegistryHandlers: RegistryV1.CertificateRegistryService {
  let store: RegistryStore
  let once: AnswerOnce
  let policy: RegistryPolicy
  let effects: RegistryEffects
  let leafWait: LeafWait
  let snapshots: RevocationSnapshots
  let feed: ChangeFeed
  let authorities: Authorities
  let issuing: IssuingWatch
  let parts: CoreParts
  let erasure: ErasureMachine
  /// The exports of persons that are under way: each reads all that there is about one.
  let exports = CallSlots(CallLimits(total: 8, ofApplicant: 1, ofOthers: 4))
  /// Who has asked too often for what there is not.
  let lookups = UnknownLookups()

  var signer: any PermitSigner { self.effects.signer }

  var time: any TimeSource { self.parts.time }

  /// Today in Asia/Shanghai.
  var today: CivilDate { CivilDate(of: self.time.now()) }

  /// What the caller reaches by the method, as the access table says. An officer reaches the
  /// registrations that his own office or one below it made, and the permits of his county: its
  /// bureau issues them, and each of its stations serves their holders.
  func reach(of context: CallContext) throws -> RegistryReach {
    let offices = self.policy.offices
    return RegistryReach(
      registrations: try OfficeReach(of: context, offices.codes(from:)),
      permits: try OfficeReach(of: context) { offices.codes(from: offices.top(over: $0)) })
  }
}
