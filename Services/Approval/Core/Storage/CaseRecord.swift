import DomainModel

/// A case as it is stored: the case, and how far intake has been told of it.
struct CaseRecord: Hashable, Sendable {
  var file: ApprovalCase
  /// The number of the last step told to intake; 0 before the first.
  var progress: Int64
}

/// What an officer must see and no rule reads: the encoded form, materials and findings. Sealed in
/// the store.
struct CaseFile: Hashable, Sendable {
  var form: [UInt8]
  var materials: [UInt8]
  var findings: [UInt8]
}

/// Who changed a case, for its history.
struct Actor: Hashable, Sendable {
  /// `officer:id` or `service:name`.
  var principal: String
  /// Empty for a service.
  var role = ""
  /// 12 digits; empty for a service.
  var office = ""
}

/// Which cases a caller reaches: a condition of every WHERE by which one is found for him.
enum CaseReach: Hashable, Sendable {
  /// An auditor's, and our own services'.
  case everything
  /// An officer's: the cases that one of these offices has to do with.
  case offices([String])
}

/// How a case is named in a call.
enum CaseKey: Hashable, Sendable {
  case caseID(String)
  case applicationID(String)
}
