import RPC
import Wire

/// Who may call what, and which cases he reaches by it; the store's WHERE says so too
/// (`CaseReach`). Applicants and integrators never call.
enum ApprovalAccess {
  static let table = AccessTable([
    Methods.openCase: .services([.intake]),
    Methods.getCase: Self.readers,
    Methods.listWork: Self.readers,
    Methods.recordOpinion: .only([.officer: .office]),
    Methods.resumeClock: .services([.intake]),
    Methods.withdrawCase: .services([.intake]),
    Methods.getCaseHistory: Self.readers,
    Methods.claimCase: .only([.officer: .office]),
    Methods.releaseCase: .only([.officer: .office]),
    Methods.reassignCase: .only([.officer: .office]),
    Methods.expediteCase: .only([.officer: .office]),
    Methods.recordOpinions: .only([.officer: .office]),
    Methods.recuseOfficer: .only([.officer: .office]),
    Methods.recordDuty: .only([.officer: .office]),
    Methods.recordAbsence: .only([.officer: .office]),
    Methods.watchWork: Self.readers,
    Methods.getStatistics: Self.readers,
  ])

  private static let readers = AccessRule.only([.officer: .office, .auditor: .everything])

  private typealias Methods = ApprovalV1.ApprovalServiceMethods
}
