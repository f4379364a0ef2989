import Crypto
import DomainModel
import RPC
import Storage
import Wire

/// The intake service's RPCs, each in a file of its own.
struct IntakeHandlers: IntakeV1.IntakeService {
  let store: IntakeStore
  let registry: RegistryV1.CertificateRegistryServiceClient
  let region: IntakeAssembly.Rules
  let effects: IntakeEffects
  let uploads: UploadSlots
}

/// What comes from outside: time and randomness.
struct IntakeEffects: Sendable {
  let time: any TimeSource
  let random: any RandomSource

  /// A new id for something that begins now.
  func makeID<Entity>(_ now: Timestamp, of: Entity.Type = Entity.self) -> ID<Entity> {
    ID(now: now, random: self.random)
  }
}

/// How the handlers know a caller.
extension IntakeHandlers {
  /// What a caller may reach: an auditor all, the others what they created or what is for them.
  static func reach(of caller: Caller) -> Reach {
    switch caller.kind {
    case .auditor: .everything
    case .applicant, .integrator, .officer, .service:
      .owned(by: caller.principal, citizenID: Self.citizenID(of: caller))
    }
  }

  /// An applicant's number as the login proved it, in the form in which numbers are stored.
  private static func citizenID(of caller: Caller) -> String? {
    guard caller.kind == .applicant, let proved = caller.citizenID else { return nil }
    return CitizenID.check(proved, on: .latest, from: Set(CitizenID.Origin.allCases)).value?.text
  }

  /// One line of the history.
  static func event(
    _ action: String, of application: ID<Application>, by caller: Caller, at now: Timestamp,
    detail: String = ""
  ) -> HistoryEntry {
    HistoryEntry(
      entity: application.text, at: now, actor: caller.principal, role: caller.role ?? "",
      office: caller.office ?? "", action: action, detail: detail)
  }

  /// The call as the inbox remembers it: its fingerprint is taken over what was decoded.
  static func inboxCall(
    _ request: some WireMessage, key: String, _ context: CallContext
  ) throws -> InboxCall {
    try InboxCall(
      caller: context.requireCaller().principal, method: context.method.path, key: key,
      fingerprint: DigestAlgorithm.sha256.digest(request.wireBytes()))
  }
}
