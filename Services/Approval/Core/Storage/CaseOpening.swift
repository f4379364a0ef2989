/// A case to open.
struct CaseOpening: Sendable {
  var file: ApprovalCase
  var papers: CaseFile
  /// Where it stood before it was lost; nil for a new one.
  var standing: CaseStanding?
}
