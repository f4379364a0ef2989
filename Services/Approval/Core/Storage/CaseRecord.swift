/// A case as it is stored.
struct CaseRecord: Hashable, Sendable {
  var file: ApprovalCase
  var papers: CaseFile
  /// The number of the last step told to intake; 0 before the first.
  var progress: Int64
}

/// What an officer must see and no rule of a case reads: the encoded form, materials and findings.
/// Sealed in the store.
struct CaseFile: Hashable, Sendable {
  var form: [UInt8]
  var materials: [UInt8]
  var findings: [UInt8]
}
