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
  var effect: ApprovalCase.Effect?
  /// Set exactly where the case is withdrawn.
  var withdrawnAt: Timestamp?
  /// Set exactly where the case is closed without a decision.
  var closure: Closure?
  /// Oldest first.
  var notices: [CaseNotice]
}
