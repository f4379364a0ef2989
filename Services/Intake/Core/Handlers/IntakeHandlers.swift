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
      actor: Actor(caller), now: now, newIDs: NewPersons(self.parts), decide: decide,
      announce: self.announcer.messages)
  }
}

extension Actor {
  /// Whoever is calling; where somebody acts for the caller, as what he does.
  init(_ caller: Caller) {
    self.init(
      principal: caller.principal, role: caller.role ?? caller.login?.act?.capacity.rawValue ?? "",
      office: caller.office ?? "")
  }
}

extension NewPersons {
  init(_ parts: CoreParts) {
    self.init(applicant: parts.makeID(), guardian: parts.makeID())
  }
}

extension Reach {
  /// What the caller reaches by the method, as the access table says.
  init(of context: CallContext) throws {
    let caller = try context.requireCaller()
    switch context.reach {
    case .everything: self = .everything
    case .ownAndWards:
      self = .owned(by: caller.principal, citizenID: Self.citizenID(of: caller))
    case .submitted: self = .owned(by: caller.principal, citizenID: nil)
    case .adds, .office, nil: throw ServiceError(.callerNotAllowed)
    }
  }

  /// An applicant's number as the login proved it, in the form in which numbers are stored.
  private static func citizenID(of caller: Caller) -> String? {
    guard let proved = caller.citizenID else { return nil }
    return CitizenID.check(proved, on: .latest, from: Set(CitizenID.Origin.allCases)).value?.text
  }
}
