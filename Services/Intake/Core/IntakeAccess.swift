import RPC
import Wire

/// Who may call what, and what of the applications he reaches by it; the store's WHERE says so too
/// (`Reach`).
enum IntakeAccess {
  static let table = AccessTable([
    Methods.createDraft: .only([.applicant: .adds, .integrator: .adds, .officer: .adds]),
    Methods.updateDraft: Self.changers,
    Methods.uploadMaterial: Self.changers,
    Methods.checkEligibility: Self.changers,
    Methods.submitApplication: Self.changers,
    Methods.supplementApplication: Self.changers,
    Methods.withdrawApplication: Self.changers,
    Methods.getApplication: Self.readers,
    Methods.listApplications: Self.readers,
    Methods.watchApplication: Self.readers,
    IntakeV1.CaseProgressServiceMethods.recordProgress: .services([.approval]),
    IntakeV1.CaseProgressServiceMethods.restoreApplication: .services([.approval]),
  ])

  private static let changers = AccessRule.only([
    .applicant: .ownAndWards, .integrator: .submitted, .officer: .office,
  ])
  private static let readers = AccessRule.only([
    .applicant: .ownAndWards, .integrator: .submitted, .officer: .office, .auditor: .everything,
  ])

  private typealias Methods = IntakeV1.IntakeServiceMethods
}
