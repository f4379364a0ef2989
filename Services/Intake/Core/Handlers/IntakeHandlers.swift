import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// The intake service's RPCs, each in a file of its own.
struct IntakeHandlers: IntakeV1.IntakeService {
  let store: IntakeStore
  let once: AnswerOnce
  let announcer: ApplicationAnnouncer
  let registry: RegistryV1.CertificateRegistryServiceClient
  let region: IntakeAssembly.Rules
  let parts: CoreParts
  let uploads = CallSlots(.uploads)
  let watches = CallSlots(.watches)

  var time: any TimeSource { self.parts.time }

  /// A step of an application as a change of the store.
  func change(
    by caller: Caller, at now: Timestamp,
    _ decide: @escaping @Sendable (Application) throws -> ApplicationStep?
  ) -> ApplicationChange {
    ApplicationChange(
      actor: Actor(caller), now: now, newPerson: self.parts.makeID(), decide: decide,
      announce: self.announcer.messages)
  }
}

extension Actor {
  /// Whoever is calling.
  init(_ caller: Caller) {
    self.init(
      principal: caller.principal, role: caller.role ?? "", office: caller.office ?? "")
  }
}

extension Reach {
  /// What a caller may reach: an auditor all, the others what they created or what is for them.
  init(of caller: Caller) {
    switch caller.kind {
    case .auditor: self = .everything
    case .applicant, .integrator, .officer, .service:
      self = .owned(by: caller.principal, citizenID: Self.citizenID(of: caller))
    }
  }

  /// An applicant's number as the login proved it, in the form in which numbers are stored.
  private static func citizenID(of caller: Caller) -> String? {
    guard caller.kind == .applicant, let proved = caller.citizenID else { return nil }
    return CitizenID.check(proved, on: .latest, from: Set(CitizenID.Origin.allCases)).value?.text
  }
}
