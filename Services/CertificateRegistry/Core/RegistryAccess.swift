import RPC
import Wire

/// Who may call what. Applicants and integrators reach permits through the intake service only.
enum RegistryAccess {
  static let table = AccessTable([
    Methods.recordRegistration: .only([.service, .integrator]),
    Methods.getResidenceHistory: .only([.service, .officer, .auditor]),
    Methods.issuePermit: .only([.service]),
    Methods.getPermit: .only([.service, .officer, .auditor]),
    Methods.findPermits: .only([.service, .officer, .auditor]),
  ])

  private typealias Methods = RegistryV1.CertificateRegistryServiceMethods
}
