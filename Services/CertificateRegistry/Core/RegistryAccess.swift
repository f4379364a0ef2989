import RPC
import Wire

/// Who may call what, and what of the registry he reaches by it; the store's WHERE says so too
/// (`RegistryReach`, `ShowingReach`). Of our services, those that do call; applicants load and show
/// what is their own, and nothing else.
enum RegistryAccess {
  static let table = AccessTable([
    Methods.recordRegistration: .only([.integrator: .adds], services: [.intake, .approval]),
    Methods.changeRegistration: .services([.intake, .approval]),
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
    Methods.findPermits: .only(
      [.officer: .office, .auditor: .everything], services: [.intake]),
    Methods.getTreeHead: published,
    Methods.getInclusionProof: .only([
      .applicant: .published, .integrator: .published, .officer: .office, .auditor: .everything,
    ]),
    Methods.getConsistencyProof: published,
    Methods.getRevocationSnapshot: published,
    Methods.watchChanges: .only([.integrator: .published, .auditor: .everything]),
    Methods.renderPermit: .only(
      [.applicant: .ownAndWards, .officer: .office], services: [.intake]),
    Methods.printConfirmationSlip: .only([.officer: .office]),
    Methods.verifyPermit: .only([.officer: .shown, .integrator: .shown]),
    Methods.loadPermit: .only([.applicant: .ownAndWards]),
    Methods.createPresentation: .only([.applicant: .ownAndWards]),
    // Of the officers, those of data protection.
    Methods.exportPerson: .only([.applicant: .ownAndWards, .officer: .office]),
    Methods.erasePerson: .only([.applicant: .ownAndWards, .officer: .office]),
  ])

  /// What proves the log, which everybody may check.
  private static let published = AccessRule.only([
    .applicant: .published, .officer: .published, .integrator: .published, .auditor: .everything,
  ])

  private typealias Methods = RegistryV1.CertificateRegistryServiceMethods
}
