import DomainModel

/// An officer's opinion as the approval service told it: who signed what and when, and no reasons;
/// those come with the step that they led to.
struct SignedOpinion: Hashable, Sendable {
  /// Whose opinion it is. The raw values stand in the database.
  enum Stage: String, Hashable, Sendable, CaseIterable {
    /// 受理人
    case accept
    /// 审核人
    case review
    /// 审批人
    case approve
    /// Where one officer decides.
    case confirm
  }

  /// What it says. The raw values stand in the database.
  enum Decision: String, Hashable, Sendable, CaseIterable {
    case pass
    case refuse
    case supplement
  }

  /// The most of one application; each round has one of each stage.
  static let countMax = 200

  let stage: Stage
  let decision: Decision
  /// The officer's own number (警号), not his name.
  let officerID: String
  /// Twelve digits.
  let officeCode: String
  let signedAt: Timestamp
}

extension Application {
  /// Takes the opinions that were signed so far: those that came since are added, and none goes.
  mutating func know(_ opinions: [SignedOpinion]) {
    if opinions.starts(with: self.opinions) { self.opinions = opinions }
  }
}
