import DomainModel
import ServiceCore
import Wire

extension ApprovalV1.CaseStanding {
  /// Where the case stands, as this service was told.
  init(_ application: Application, _ submission: Submission, caseID: String) {
    let isAccepted = application.acceptance != nil
    let state: ApprovalV1.CaseState =
      switch application.state {
      case .draft, .submitted: .awaitingAcceptance
      case .supplementNeeded: isAccepted ? .reviewSupplement : .awaitingSupplement
      case .accepted: .awaitingReview
      case .notAccepted: .notAccepted
      case .refused: .refused
      case .completed: .completed
      case .withdrawn: .withdrawn
      case .closed: .closed
      }
    self.init(
      caseID: caseID, progress: application.progressSequence, state: state,
      clocks: ApprovalV1.Clocks(
        acceptanceDue: submission.acceptanceDue.map { .init($0) },
        acceptedAtMs: application.acceptance?.acceptedAt.milliseconds ?? 0,
        promiseDue: application.acceptance?.promiseDue.map { .init($0) },
        statuteDue: application.acceptance?.statuteDue.map { .init($0) }),
      outcome: application.completion.map { completion in
        ApprovalV1.Outcome(
          certificateIdentifier: completion.certificateIdentifier,
          validToOn: completion.validTo?.iso ?? "", issuedAtMs: completion.completedAt.milliseconds)
      },
      notices: application.notices.map { notice in
        let isBefore = application.acceptance.map { notice.notifiedAt < $0.acceptedAt } ?? true
        return ApprovalV1.CaseNotice(
          round: notice.round, stage: isBefore ? .accept : .review,
          notifiedAtMs: notice.notifiedAt.milliseconds,
          supplementedAtMs: notice.supplementedAt?.milliseconds ?? 0)
      }, closure: application.closing?.closure.map { .init($0) })
  }
}
