import RPC
import Wire

/// Who may call what. Of our services, those that do call; applicants never do.
enum RegistryAccess {
  static let table = AccessTable([
    Methods.recordRegistration: .only([.integrator], services: [.intake]),
    Methods.getResidenceHistory: .only([.officer, .auditor], services: [.intake]),
    Methods.issuePermit: .services([.approval]),
    Methods.getPermit: .only([.officer, .auditor]),
    Methods.findPermits: .only([.officer, .auditor]),
  ])

  private typealias Methods = RegistryV1.CertificateRegistryServiceMethods
}
