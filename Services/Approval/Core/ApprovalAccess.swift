import RPC
import Wire

/// Who may call what. Applicants and integrators never do; which service, and which office's
/// officer, the handlers look at.
enum ApprovalAccess {
  static let table = AccessTable([
    Methods.openCase: .only([.service]),
    Methods.getCase: .only([.officer, .auditor]),
    Methods.listWork: .only([.officer, .auditor]),
    Methods.recordOpinion: .only([.officer]),
    Methods.resumeClock: .only([.service]),
    Methods.getCaseHistory: .only([.officer, .auditor]),
  ])

  private typealias Methods = ApprovalV1.ApprovalServiceMethods
}
