/// Which applications a caller reaches: a condition of every WHERE by which one is found for him.
enum Reach: Hashable, Sendable {
  /// An auditor's, and the approval service's.
  case everything
  /// Those that were entered at the counter of an office, or of one below it.
  case entered(at: String)
  /// Those he created and, for an applicant, those for him and those for his wards.
  case owned(by: String, citizenID: String?)
  /// An officer's: those that were given to one of these offices, are decided there, or were
  /// entered at their counter.
  case offices([String])
}
