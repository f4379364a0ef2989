import RPC
import Wire

/// Who may call what, and what of the registry he reaches by it; the store's WHERE says so too
/// (`RegistryReach`). Of our services, those that do call; applicants never do.
enum RegistryAccess {
  static let table = AccessTable([
    Methods.recordRegistration: .only([.integrator: .adds], services: [.intake]),
    Methods.getResidenceHistory: .only(
      [.officer: .office, .auditor: .everything], services: [.intake]),
    Methods.issuePermit: .services([.approval]),
    Methods.getPermit: .only([.officer: .office, .auditor: .everything]),
    Methods.findPermits: .only([.officer: .office, .auditor: .everything]),
  ])

  private typealias Methods = RegistryV1.CertificateRegistryServiceMethods
}
