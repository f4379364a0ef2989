import RPC
import Wire

/// Who may call what. Applicants and integrators never do; at an officer's office the handlers
/// look.
enum ApprovalAccess {
  static let table = AccessTable([
    Methods.openCase: .services([.intake]),
    Methods.getCase: .only([.officer, .auditor]),
    Methods.listWork: .only([.officer, .auditor]),
    Methods.recordOpinion: .only([.officer]),
    Methods.resumeClock: .services([.intake]),
    Methods.getCaseHistory: .only([.officer, .auditor]),
  ])

  private typealias Methods = ApprovalV1.ApprovalServiceMethods
}
