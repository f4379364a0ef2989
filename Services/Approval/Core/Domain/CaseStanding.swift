import DomainModel

/// How far a case had come, as intake was told: what is left of a case that was lost.
struct CaseStanding: Hashable, Sendable {
  /// The case's id; nil where nobody knows it.
  var caseID: ID<ApprovalCase>?
  /// The last step that intake was told: at least 0.
  var progress: Int64
  var state: CaseState
  var clocks: RunningClocks
  /// Set exactly where the case is completed.
  var issue: ApprovalCase.Issue?
  /// Oldest first.
  var notices: [CaseNotice]
}

extension ApprovalCase {
  /// The case where intake knows it to stand. The opinions that led there stay lost; those that are
  /// known stay.
  func brought(to standing: CaseStanding) -> ApprovalCase {
    var next = self
    next.version += 1
    next.state = standing.state
    next.clocks = standing.clocks
    next.issue = standing.issue
    next.notices = standing.notices
    next.issueRefusedReasons = []
    if let last = standing.notices.last {
      next.round = max(next.round, last.supplementedAt == nil ? last.round : last.round + 1)
    }
    return next
  }
}
