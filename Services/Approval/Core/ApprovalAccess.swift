import RPC
import Wire

/// Who may call what, and which cases he reaches by it; the store's WHERE says so too
/// (`CaseReach`). Integrators never call, and applicants have nothing but their own due dates
/// explained.
enum ApprovalAccess {
  static let table = AccessTable([
    Methods.openCase: .services([.intake]),
    Methods.getCase: Self.readers,
    Methods.listWork: Self.readers,
    Methods.recordOpinion: .only([.officer: .office]),
    Methods.resumeClock: .only([.officer: .office], services: [.intake]),
    Methods.withdrawCase: .services([.intake]),
    Methods.closeCase: .services([.intake]),
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
    Methods.pauseClock: .only([.officer: .office]),
    Methods.extendDeadline: .only([.officer: .office]),
    Methods.explainDeadline: .only([
      .applicant: .ownAndWards, .officer: .office, .auditor: .everything,
    ]),
    Methods.placeCaseHold: .only([.officer: .office]),
    Methods.releaseCaseHold: .only([.officer: .office]),
    Methods.openInspection: .only([.officer: .office]),
    Methods.recordStatement: .only([.officer: .office]),
    Methods.concludeInspection: .only([.officer: .office]),
    Methods.correctCreditEntry: .only([.officer: .office]),
    Methods.withdrawCreditEntry: .only([.officer: .office]),
    Methods.getInspection: Self.readers,
    Methods.listInspections: Self.readers,
    Methods.listAlarms: Self.readers,
    Methods.listDueDateMoves: .only([.auditor: .everything]),
    Methods.listParkedTimers: .only([.auditor: .everything]),
  ])

  private static let readers = AccessRule.only([.officer: .office, .auditor: .everything])

  private typealias Methods = ApprovalV1.ApprovalServiceMethods
}
