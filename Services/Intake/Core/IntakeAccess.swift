import RPC
import Wire

/// Who may call what, and what of the applications he reaches by it; the store's WHERE says so too
/// (`Reach`).
enum IntakeAccess {
  static let table = AccessTable([
    Methods.createDraft: .only([.applicant: .adds, .integrator: .adds, .officer: .adds]),
    Methods.updateDraft: Self.changers,
    Methods.uploadMaterial: Self.changers,
    Methods.downloadMaterial: .only([
      .applicant: .ownAndWards, .integrator: .submitted, .officer: .office, .auditor: .everything,
    ]),
    Methods.checkEligibility: Self.changers,
    Methods.submitApplication: Self.changers,
    Methods.supplementApplication: Self.changers,
    Methods.withdrawApplication: Self.changers,
    Methods.getApplication: Self.readers,
    Methods.listApplications: Self.readers,
    Methods.watchApplication: Self.readers,
    Methods.watchApplications: .only([.integrator: .submitted]),
    Methods.submitBatch: .only([.integrator: .submitted]),
    Methods.renderDocument: Self.readers,
    Methods.exportCaseFile: Self.readers,
    Methods.getGuide: Self.published,
    Methods.listServicePoints: Self.published,
    IntakeV1.CaseProgressServiceMethods.recordProgress: .services([.approval]),
    IntakeV1.CaseProgressServiceMethods.restoreApplication: .services([.approval]),
    IntakeV1.CaseProgressServiceMethods.recordDelivery: .services([.notification]),
    IntakeV1.CaseProgressServiceMethods.recordPersonEvent: .services([.registry]),
  ])

  private static let changers = AccessRule.only([
    .applicant: .ownAndWards, .integrator: .submitted, .officer: .office,
  ])
  private static let readers = AccessRule.only([
    .applicant: .ownAndWards, .integrator: .submitted, .officer: .office, .auditor: .everything,
  ])

  /// What is told to whoever says who he is.
  private static let published = AccessRule.only([
    .applicant: .published, .integrator: .published, .officer: .published, .auditor: .everything,
  ])

  private typealias Methods = IntakeV1.IntakeServiceMethods
}
