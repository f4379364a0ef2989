import DomainModel
import Wire

extension IntakeV1.SignedOpinion {
  /// An opinion as the applicant's papers have it: without reasons, which come with the step that
  /// they led to, and without what is for the file alone.
  init(_ opinion: Opinion) {
    self.init(
      stage: Self.stages[opinion.stage.rawValue] ?? .unspecified,
      decision: Self.decisions[opinion.decision.rawValue] ?? .unspecified,
      officerID: opinion.officerID, officeCode: opinion.officeCode,
      signedAtMs: opinion.signedAt.milliseconds)
  }

  /// By their words, which the policy's files have too.
  private static let stages: [String: IntakeV1.SignedStage] = [
    "accept": .accept, "review": .review, "approve": .approve, "confirm": .confirm,
  ]
  private static let decisions: [String: IntakeV1.SignedDecision] = [
    "pass": .pass, "refuse": .refuse, "supplement": .supplement,
  ]
}
