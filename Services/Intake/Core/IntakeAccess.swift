import RPC
import Wire

/// Who may call what. Whose an application is, the store looks at.
enum IntakeAccess {
  static let table = AccessTable([
    Methods.createDraft: .only([.applicant, .integrator]),
    Methods.updateDraft: .only([.applicant, .integrator]),
    Methods.uploadMaterial: .only([.applicant, .integrator]),
    Methods.checkEligibility: .only([.applicant, .integrator]),
    Methods.submitApplication: .only([.applicant, .integrator]),
    Methods.supplementApplication: .only([.applicant, .integrator]),
    Methods.getApplication: .only([.applicant, .integrator, .auditor]),
    Methods.listApplications: .only([.applicant, .integrator, .auditor]),
    Methods.watchApplication: .only([.applicant, .integrator, .auditor]),
    IntakeV1.CaseProgressServiceMethods.recordProgress: .services([.approval]),
  ])

  private typealias Methods = IntakeV1.IntakeServiceMethods
}
