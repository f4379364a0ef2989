/// A case to open.
struct CaseOpening: Sendable {
  var file: ApprovalCase
  var papers: CaseFile
  /// What leads it, by the policy that it keeps.
  var machine: CaseMachine
  /// Where it stood before it was lost; nil for a new one.
  var standing: CaseStanding?
}
