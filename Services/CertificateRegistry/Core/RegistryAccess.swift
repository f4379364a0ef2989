import RPC
import Wire

/// Who may call what, and what of the registry he reaches by it; the store's WHERE says so too
/// (`RegistryReach`). Of our services, those that do call; applicants never do.
enum RegistryAccess {
  static let table = AccessTable([
    Methods.recordRegistration: .only([.integrator: .adds], services: [.intake]),
    Methods.changeRegistration: .services([.intake]),
    Methods.endRegistration: .services([.intake]),
    Methods.getResidenceHistory: .only(
      [.officer: .office, .auditor: .everything], services: [.intake]),
    // Of the integrators, those that `Authorities` names.
    Methods.reportPersonEvent: .only([.integrator: .adds], services: [.intake]),
    Methods.importPermit: .only([.integrator: .adds], services: [.intake]),
    Methods.issuePermit: .services([.approval]),
    Methods.endorsePermit: .services([.approval]),
    Methods.convertPermit: .services([.approval]),
    Methods.changePermitAddress: .services([.approval]),
    Methods.changePermitContact: .services([.intake]),
    Methods.correctPermit: .services([.approval]),
    Methods.noteEndorsementPending: .services([.intake]),
    Methods.reportLoss: .services([.intake]),
    Methods.withdrawLoss: .services([.intake]),
    Methods.cancelPermit: .services([.approval]),
    Methods.reinstatePermit: .services([.approval]),
    Methods.placeHold: .services([.approval]),
    Methods.releaseHold: .services([.approval]),
    Methods.getPermitHistory: .only([.officer: .office, .auditor: .everything]),
    Methods.getPermit: .only([.officer: .office, .auditor: .everything]),
    Methods.findPermits: .only([.officer: .office, .auditor: .everything]),
  ])

  private typealias Methods = RegistryV1.CertificateRegistryServiceMethods
}
